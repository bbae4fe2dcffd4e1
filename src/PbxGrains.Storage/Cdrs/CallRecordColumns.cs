using Npgsql;
using NpgsqlTypes;

namespace PbxGrains.Storage.Cdrs;

/// <summary>The columns of <c>pbx.call_record</c>, in the one order in which they are written and read.</summary>
internal static class CallRecordColumns
{
    /// <summary>Stands between the extensions of a row on their way there, since arrays of arrays must be rectangular.</summary>
    private const char ExtensionSeparator = '\u001f';

    /// <summary>What a version brings.</summary>
    public const string Written = """
        site_id, call_id, identity, start_wall_clock, started_at, total_seconds, ring_seconds, talk_seconds,
        direction, raw_type, caller, caller_e164, callee, callee_e164, called_group, answered_by,
        did, source_trunk, destination_trunk, disposition, raw_status, recording, extensions, agent_id,
        reference, raw, pushed_at, caught_up_at, imported_at, exact_fields, revision
        """;

    /// <summary>What reading needs, with <c>r</c> for the table.</summary>
    public const string Read = """
        r.site_id, r.call_id, r.identity, r.start_wall_clock, r.started_at, r.total_seconds, r.ring_seconds, r.talk_seconds,
        r.direction, r.raw_type, r.caller, r.caller_e164, r.callee, r.callee_e164, r.called_group, r.answered_by,
        r.did, r.source_trunk, r.destination_trunk, r.disposition, r.raw_status, r.recording, r.extensions, r.agent_id,
        r.reference, r.raw, r.pushed_at, r.caught_up_at, r.imported_at, r.exact_fields, r.revision,
        r.record_id, r.raw_removed_at, r.anonymised_at
        """;

    /// <summary>Rows made of the parameters that <see cref="BindRows" /> binds; name the columns with <see cref="Written" />.</summary>
    public const string Unnest = """
        unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
            $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31)
        """;

    private const NpgsqlDbType Array = NpgsqlDbType.Array;

    public static void BindRows(NpgsqlParameterCollection parameters, IReadOnlyList<CallRecordRow> rows)
    {
        parameters.Texts(rows.Select(row => row.SiteId)).Texts(rows.Select(row => row.CallId));
        BindKeys(parameters, rows);
        parameters
            .Bind(Array | NpgsqlDbType.TimestampTz, Each(row => row.StartedAt))
            .Bind(Array | NpgsqlDbType.Integer, Each(row => row.TotalSeconds))
            .Bind(Array | NpgsqlDbType.Integer, Each(row => row.RingSeconds))
            .Bind(Array | NpgsqlDbType.Integer, Each(row => row.TalkSeconds))
            .Texts(Each(row => row.Direction)).Texts(Each(row => row.RawType))
            .Texts(Each(row => row.Caller)).Texts(Each(row => row.CallerE164))
            .Texts(Each(row => row.Callee)).Texts(Each(row => row.CalleeE164))
            .Texts(Each(row => row.CalledGroup)).Texts(Each(row => row.AnsweredBy)).Texts(Each(row => row.Did))
            .Texts(Each(row => row.SourceTrunk)).Texts(Each(row => row.DestinationTrunk))
            .Texts(Each(row => row.Disposition)).Texts(Each(row => row.RawStatus)).Texts(Each(row => row.Recording))
            .Texts(Each(row => string.Join(ExtensionSeparator, row.Extensions)))
            .Texts(Each(row => row.AgentId)).Texts(Each(row => row.Reference)).Texts(Each(row => row.Raw))
            .Bind(Array | NpgsqlDbType.TimestampTz, Each(row => row.PushedAt))
            .Bind(Array | NpgsqlDbType.TimestampTz, Each(row => row.CaughtUpAt))
            .Bind(Array | NpgsqlDbType.TimestampTz, Each(row => row.ImportedAt))
            .Bind(Array | NpgsqlDbType.Bigint, Each(row => row.ExactFields))
            .Bind(Array | NpgsqlDbType.Integer, Each(row => row.Revision));

        T[] Each<T>(Func<CallRecordRow, T> value) => [.. rows.Select(value)];
    }

    /// <summary>Binds identities, then starts by the PBX's clock: together the primary key.</summary>
    public static void BindKeys(NpgsqlParameterCollection parameters, IReadOnlyList<CallRecordRow> rows) => parameters
        .Bind(Array | NpgsqlDbType.Bytea, rows.Select(row => row.Identity).ToArray())
        .Bind(Array | NpgsqlDbType.Timestamp, rows.Select(row => row.StartWallClock).ToArray());

    /// <summary>Reads what <see cref="Read" /> selects.</summary>
    public static CallRecordRow ReadRow(NpgsqlDataReader row) => CallRecordMerge.Seen(new CallRecordRow
    {
        SiteId = row.GetString(0),
        CallId = row.GetString(1),
        Identity = row.Bytes(2),
        StartWallClock = row.GetDateTime(3),
        StartedAt = row.Instant(4),
        TotalSeconds = NumberOrNull(row, 5),
        RingSeconds = NumberOrNull(row, 6),
        TalkSeconds = NumberOrNull(row, 7),
        Direction = row.GetString(8),
        RawType = row.TextOrNull(9),
        Caller = row.TextOrNull(10),
        CallerE164 = row.TextOrNull(11),
        Callee = row.TextOrNull(12),
        CalleeE164 = row.TextOrNull(13),
        CalledGroup = row.TextOrNull(14),
        AnsweredBy = row.TextOrNull(15),
        Did = row.TextOrNull(16),
        SourceTrunk = row.TextOrNull(17),
        DestinationTrunk = row.TextOrNull(18),
        Disposition = row.GetString(19),
        RawStatus = row.TextOrNull(20),
        Recording = row.TextOrNull(21),
        Extensions = row.GetFieldValue<string[]>(22),
        AgentId = row.TextOrNull(23),
        Reference = row.TextOrNull(24),
        Raw = row.TextOrNull(25),
        PushedAt = row.InstantOrNull(26),
        CaughtUpAt = row.InstantOrNull(27),
        ImportedAt = row.InstantOrNull(28),
        ExactFields = row.GetInt64(29),
        Revision = row.GetInt32(30),
        RecordId = row.GetInt64(31),
        RawRemovedAt = row.InstantOrNull(32),
        AnonymisedAt = row.InstantOrNull(33),
        Source = RecordedSource.Push,
        SeenAt = default,
    });

    private static int? NumberOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt32(column);
}
