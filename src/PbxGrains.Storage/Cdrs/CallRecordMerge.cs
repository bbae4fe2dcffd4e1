namespace PbxGrains.Storage.Cdrs;

/// <summary>
/// What two versions of one record say together. Field by field: something beats nothing; what catch-up or an import read
/// in the PBX's list beats what push told; otherwise the greater number or the ordinally greater text, which means nothing
/// but is the same for everybody. So the result depends neither on the order of the versions nor on how often each comes.
/// </summary>
public static class CallRecordMerge
{
    private const int LongestExtension = 64;

    /// <summary>Merges; commutative, associative and idempotent but for <see cref="CallRecordRow.Revision" />, which is the greater one.</summary>
    /// <param name="a">One version, as told by a source or as read from the ledger.</param>
    /// <param name="b">Another version of the same record.</param>
    /// <exception cref="ArgumentException">They are versions of different records.</exception>
    public static CallRecordRow Of(CallRecordRow a, CallRecordRow b)
    {
        (a, b) = (Canonical(a), Canonical(b));
        if (a.SiteId != b.SiteId || a.StartWallClock != b.StartWallClock || !a.Identity.AsSpan().SequenceEqual(b.Identity))
        {
            throw new ArgumentException("The versions belong to different records.", nameof(b));
        }

        // What was taken out of one for its age must not come back with the other.
        var (anonymised, rawRemoved) = (Earlier(a.AnonymisedAt, b.AnonymisedAt), Earlier(a.RawRemovedAt, b.RawRemovedAt));
        a = Without(a, anonymised, rawRemoved);
        b = Without(b, anonymised, rawRemoved);

        var choice = new CallRecordChoice(a.ExactFields, b.ExactFields);
        var merged = new CallRecordRow
        {
            SiteId = a.SiteId,
            Identity = a.Identity,
            StartWallClock = a.StartWallClock,
            CallId = choice.Text(CallRecordField.CallId, a.CallId, b.CallId)!,
            StartedAt = choice.Instant(CallRecordField.StartedAt, a.StartedAt, b.StartedAt),
            TotalSeconds = choice.Number(CallRecordField.TotalSeconds, a.TotalSeconds, b.TotalSeconds),
            RingSeconds = choice.Number(CallRecordField.RingSeconds, a.RingSeconds, b.RingSeconds),
            TalkSeconds = choice.Number(CallRecordField.TalkSeconds, a.TalkSeconds, b.TalkSeconds),
            Direction = choice.Text(CallRecordField.Direction, Known(a.Direction), Known(b.Direction)) ?? RecordedDirection.Unknown,
            RawType = choice.Text(CallRecordField.RawType, a.RawType, b.RawType),
            Caller = choice.Text(CallRecordField.Caller, a.Caller, b.Caller),
            CallerE164 = choice.Text(CallRecordField.CallerE164, a.CallerE164, b.CallerE164),
            Callee = choice.Text(CallRecordField.Callee, a.Callee, b.Callee),
            CalleeE164 = choice.Text(CallRecordField.CalleeE164, a.CalleeE164, b.CalleeE164),
            CalledGroup = choice.Text(CallRecordField.CalledGroup, a.CalledGroup, b.CalledGroup),
            AnsweredBy = choice.Text(CallRecordField.AnsweredBy, a.AnsweredBy, b.AnsweredBy),
            Did = choice.Text(CallRecordField.Did, a.Did, b.Did),
            SourceTrunk = choice.Text(CallRecordField.SourceTrunk, a.SourceTrunk, b.SourceTrunk),
            DestinationTrunk = choice.Text(CallRecordField.DestinationTrunk, a.DestinationTrunk, b.DestinationTrunk),
            Disposition = choice.Text(CallRecordField.Disposition, Known(a.Disposition), Known(b.Disposition)) ?? RecordedDisposition.Unknown,
            RawStatus = choice.Text(CallRecordField.RawStatus, a.RawStatus, b.RawStatus),
            Recording = choice.Text(CallRecordField.Recording, a.Recording, b.Recording),
            Extensions = choice.Texts(CallRecordField.Extensions, a.Extensions, b.Extensions),
            AgentId = choice.Text(CallRecordField.AgentId, a.AgentId, b.AgentId),
            Reference = choice.Text(CallRecordField.Reference, a.Reference, b.Reference),
            Raw = choice.Text(CallRecordField.Raw, a.Raw, b.Raw),
            Source = a.Source,
            SeenAt = a.SeenAt,
            RecordId = Math.Max(a.RecordId, b.RecordId),
            Revision = Math.Max(a.Revision, b.Revision),
            PushedAt = Earlier(a.PushedAt, b.PushedAt),
            CaughtUpAt = Earlier(a.CaughtUpAt, b.CaughtUpAt),
            ImportedAt = Earlier(a.ImportedAt, b.ImportedAt),
            RawRemovedAt = rawRemoved,
            AnonymisedAt = anonymised,
            ExactFields = choice.Exact,
        };
        return Seen(merged);
    }

    /// <summary>
    /// The form that is stored and compared: text PostgreSQL takes, microseconds, each extension once and in order, and the
    /// source of every field noted.
    /// </summary>
    /// <exception cref="ArgumentException">The source is not one of <see cref="RecordedSource" />.</exception>
    internal static CallRecordRow Canonical(CallRecordRow row)
    {
        if (row is not { SiteId: not null, CallId: not null, Identity: not null, Direction: not null, Disposition: not null, Extensions: not null })
        {
            throw new ArgumentException("A call record has a site, a call id, an identity, a direction, a disposition and a list of extensions.", nameof(row));
        }

        if (row.PushedAt is not null || row.CaughtUpAt is not null || row.ImportedAt is not null)
        {
            return row;
        }

        var seenAt = CallRecordText.Microseconds(row.SeenAt);
        var stored = row with
        {
            SiteId = CallRecordText.Storable(row.SiteId),
            CallId = CallRecordText.Storable(row.CallId),
            StartWallClock = CallRecordText.Microseconds(row.StartWallClock),
            StartedAt = CallRecordText.Microseconds(row.StartedAt),
            RawType = CallRecordText.StorableOrNull(row.RawType),
            Caller = CallRecordText.StorableOrNull(row.Caller),
            CallerE164 = CallRecordText.StorableOrNull(row.CallerE164),
            Callee = CallRecordText.StorableOrNull(row.Callee),
            CalleeE164 = CallRecordText.StorableOrNull(row.CalleeE164),
            CalledGroup = CallRecordText.StorableOrNull(row.CalledGroup),
            AnsweredBy = CallRecordText.StorableOrNull(row.AnsweredBy),
            Did = CallRecordText.StorableOrNull(row.Did),
            SourceTrunk = CallRecordText.StorableOrNull(row.SourceTrunk),
            DestinationTrunk = CallRecordText.StorableOrNull(row.DestinationTrunk),
            RawStatus = CallRecordText.StorableOrNull(row.RawStatus),
            Recording = CallRecordText.StorableOrNull(row.Recording),
            AgentId = CallRecordText.StorableOrNull(row.AgentId),
            Reference = CallRecordText.StorableOrNull(row.Reference),
            Raw = CallRecordText.StorableOrNull(row.Raw),
            // A name of hundreds of letters is no extension, and an index would refuse it.
            Extensions = [.. row.Extensions.Where(extension => extension.Length is > 0 and <= LongestExtension)
                .Select(CallRecordText.Storable).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            SeenAt = seenAt,
            PushedAt = row.Source == RecordedSource.Push ? seenAt : null,
            CaughtUpAt = row.Source == RecordedSource.CatchUp ? seenAt : null,
            ImportedAt = row.Source == RecordedSource.Import ? seenAt : null,
        };
        return row.Source switch
        {
            RecordedSource.Push => stored with { ExactFields = 0 },
            RecordedSource.CatchUp or RecordedSource.Import => stored with { ExactFields = CallRecordFields.Given(stored) },
            _ => throw new ArgumentException("A call record comes from push, catchUp or import.", nameof(row)),
        };
    }

    /// <summary>Whether both say the same about the call; who said so and when does not count.</summary>
    internal static bool SameContent(CallRecordRow a, CallRecordRow b) =>
        a.Extensions.SequenceEqual(b.Extensions, StringComparer.Ordinal) && Content(a) == Content(b);

    /// <summary>Whether both were told by the same sources, at first at the same times.</summary>
    internal static bool SameSightings(CallRecordRow a, CallRecordRow b) =>
        (a.PushedAt, a.CaughtUpAt, a.ImportedAt, a.ExactFields) == (b.PushedAt, b.CaughtUpAt, b.ImportedAt, b.ExactFields);

    /// <summary>Source and time as they are read back.</summary>
    internal static CallRecordRow Seen(CallRecordRow row) => row with
    {
        Source = row.CaughtUpAt is not null ? RecordedSource.CatchUp
            : row.ImportedAt is not null ? RecordedSource.Import
            : RecordedSource.Push,
        SeenAt = row.LastSeenAt,
    };

    private static CallRecordRow Content(CallRecordRow row) => row with
    {
        Identity = [],
        Extensions = [],
        Source = RecordedSource.Push,
        SeenAt = default,
        RecordId = 0,
        Revision = 0,
        PushedAt = null,
        CaughtUpAt = null,
        ImportedAt = null,
        RawRemovedAt = null,
        AnonymisedAt = null,
        ExactFields = 0,
    };

    private static CallRecordRow Without(CallRecordRow row, DateTimeOffset? anonymised, DateTimeOffset? rawRemoved)
    {
        if (rawRemoved is not null || anonymised is not null)
        {
            row = row with { Raw = null, ExactFields = row.ExactFields & ~CallRecordFields.Bit(CallRecordField.Raw) };
        }

        return anonymised is null ? row : row with
        {
            Caller = null,
            CallerE164 = null,
            Callee = null,
            CalleeE164 = null,
            Recording = null,
            ExactFields = row.ExactFields & ~CallRecordFields.Personal,
        };
    }

    private static string? Known(string word) => word == RecordedDirection.Unknown ? null : word;

    private static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => a is null || b < a ? b : a;
}
