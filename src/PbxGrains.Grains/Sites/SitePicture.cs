using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Grains.Calls;
using PbxGrains.Grains.Extensions;
using PbxGrains.Grains.Moves;
using PbxGrains.Yeastar.Client;
using PbxGrains.Yeastar.Reports;

namespace PbxGrains.Grains.Sites;

/// <summary>What a report or poll changed.</summary>
/// <param name="Extensions">Extensions whose actors should hear of it.</param>
/// <param name="AskSoon">True when the PBX should be asked soon what became of the parties.</param>
public sealed record PictureChange(IReadOnlyList<ExtensionChange> Extensions, bool AskSoon)
{
    /// <summary>Nothing new.</summary>
    public static PictureChange None { get; } = new([], AskSoon: false);
}

/// <summary>
/// The live picture of one site: extensions, running calls, and whether pushes can be relied on. Pure: fed with reports
/// and lists, it says what changed. A leg that ended does not make its extension idle, only the PBX's own word does.
/// </summary>
/// <param name="started">When the picture was begun.</param>
/// <param name="listener">Hears of every change in the moment of it; null when nobody listens.</param>
public sealed class SitePicture(DateTimeOffset started, IPictureListener? listener = null)
{
    /// <summary>The extensions.</summary>
    public ExtensionBook Extensions { get; } = new(started);

    /// <summary>The calls.</summary>
    public CallTracker Calls { get; } = new();

    /// <summary>Whether pushes can be relied on.</summary>
    public PushProof Push { get; } = new();

    /// <summary>Takes a report of this site's PBX.</summary>
    public PictureChange Take(Report report, DateTimeOffset now)
    {
        Push.ReportArrived(now);
        return report switch
        {
            ExtensionStatusReport status => One(Extensions.Pushed(status.Extension, ExtensionBook.Word(status.Status), status.RegisteredAddress, now), now),
            CallProgressReport progress => Follow(Calls.Apply(progress, now), now),
            CallNoticeReport notice => Follow(Calls.Apply(notice, now), now),
            CallFailedReport failed => Follow(Calls.Apply(failed, now), now),
            CallRecordReport record => Follow(Calls.Apply(record, now), now),
            BootUpReport or ConfigurationChangedReport => new PictureChange([], AskSoon: true),
            _ => PictureChange.None,
        };
    }

    /// <summary>Takes a list of all extensions.</summary>
    /// <param name="listed">The list.</param>
    /// <param name="askedAt">When it was asked for.</param>
    /// <param name="now">The clock's time.</param>
    public PictureChange TakeExtensions(IReadOnlyList<PbxExtension> listed, DateTimeOffset askedAt, DateTimeOffset now)
    {
        var first = Extensions.ListedAt is null;
        var changes = Extensions.Listed(listed, askedAt);
        if (!first && changes.Any(c => c.StatusChanged))
        {
            Push.MissedByPush(now);
        }

        Announce(changes, askedAt);
        return changes.Count == 0 ? PictureChange.None : new PictureChange(changes, AskSoon: false);
    }

    /// <summary>Takes a list of running calls.</summary>
    public PictureChange TakeCalls(IReadOnlyList<PbxCall> listed, DateTimeOffset askedAt) =>
        Merge(Calls.Listed(listed, askedAt).Select(move => Follow(move, askedAt, KnowledgeSource.Poll)));

    /// <summary>Ends a call the PBX no longer knows.</summary>
    public PictureChange EndCall(CallId id, DateTimeOffset now) => Follow(Calls.Ended(id, now), now);

    /// <summary>Drops what is too old to matter.</summary>
    public PictureChange Tidy(DateTimeOffset now) => Merge(Calls.Tidy(now).Select(move => Follow(move, now)));

    /// <summary>Forgets everything: the site points at another PBX now.</summary>
    public void Clear()
    {
        Extensions.Clear();
        Calls.Clear();
        Push.SessionChanged();
    }

    internal PictureHandOver HandOver() => new()
    {
        Extensions = Extensions.HandOver(),
        ListedAt = Extensions.ListedAt,
        Revision = Extensions.Revision,
        Calls = [.. Calls.All.Select(c => c.HandOver())],
        LastReportAt = Push.LastReportAt,
        MissedAt = Push.MissedAt,
    };

    /// <summary>Goes on with what an activation on another silo knew. Nobody is told: to everybody else nothing changed.</summary>
    internal void TakeOver(PictureHandOver picture, TimeSpan ahead)
    {
        Extensions.TakeOver(picture, ahead);
        Calls.TakeOver(picture.Calls);
        Push.TakeOver(picture.LastReportAt, picture.MissedAt);
    }

    private PictureChange Follow(CallMove? move, DateTimeOffset now, KnowledgeSource source = KnowledgeSource.Push)
    {
        if (move is null)
        {
            return PictureChange.None;
        }

        List<ExtensionChange> changes = [];
        var askSoon = move.Ended || move.IsDoubted;
        foreach (var leg in move.Legs.Where(l => l.Kind == LegKind.Extension))
        {
            askSoon |= leg.State == LegState.Ended;
            Keep(changes, Extensions.Pushed(leg.Number ?? string.Empty, StatusOf(leg.State), registeredAddress: null, now, source));
        }

        foreach (var leg in move.Call.Legs.Where(l => l.Kind == LegKind.Extension))
        {
            if (ExtensionNumber.TryParse(leg.Number, out var number))
            {
                var call = Calls.RunningCallOf(number);
                Keep(changes, Extensions.InCall(number, call?.Id, call?.PartnerOf(number)));
            }
        }

        listener?.Moved(move, now);
        Announce(changes, now);
        return new PictureChange(changes, askSoon);
    }

    private static ExtensionStatus StatusOf(LegState state) => state switch
    {
        LegState.Ringing => ExtensionStatus.Ringing,
        LegState.Calling or LegState.Talking => ExtensionStatus.Busy,
        LegState.OnHold => ExtensionStatus.OnHold,
        _ => ExtensionStatus.Unknown,
    };

    private PictureChange One(ExtensionChange? change, DateTimeOffset now)
    {
        if (change is not { } one)
        {
            return PictureChange.None;
        }

        Announce([one], now);
        return new PictureChange([one], AskSoon: false);
    }

    /// <summary>Tells the listener of changed statuses, with all that is known of the extension by now.</summary>
    private void Announce(IReadOnlyList<ExtensionChange> changes, DateTimeOffset now)
    {
        if (listener is null)
        {
            return;
        }

        foreach (var change in changes.Where(c => c.StatusChanged))
        {
            listener.Changed(change.State is null ? change : change with { State = Extensions.Find(change.Number) }, now);
        }
    }

    private static PictureChange Merge(IEnumerable<PictureChange> parts)
    {
        List<ExtensionChange> changes = [];
        var askSoon = false;
        foreach (var part in parts)
        {
            changes.AddRange(part.Extensions);
            askSoon |= part.AskSoon;
        }

        return changes.Count == 0 && !askSoon ? PictureChange.None : new PictureChange(changes, askSoon);
    }

    private static void Keep(List<ExtensionChange> changes, ExtensionChange? change)
    {
        if (change is { } one)
        {
            changes.Add(one);
        }
    }
}
