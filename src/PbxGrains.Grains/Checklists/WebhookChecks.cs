using PbxGrains.Contracts.Reports;
using PbxGrains.Grains.Reports;
using PbxGrains.Grains.Sites;
using PbxGrains.Storage.Checklists;
using PbxGrains.Yeastar.Client;
using PbxGrains.Yeastar.Reports;

namespace PbxGrains.Grains.Checklists;

/// <summary>The PBX's reports: whether they arrive, are what we asked for, and come in time.</summary>
internal sealed class WebhookChecks(SiteEvidence evidence, TimeProvider time)
{
    public const string Inbound = "network.inbound";
    public const string Push = "webhook.push";
    public const string Format = "webhook.format";
    public const string Sender = "webhook.sender";
    public const string Delay = "webhook.delay";
    public const string CaughtUp = "webhook.caught-up";

    private const double ManyCaughtUp = 0.5;

    private static readonly TimeSpan LastDay = TimeSpan.FromHours(24);

    /// <summary>Strangers can send reports, too: while good ones arrive, refused ones are theirs.</summary>
    private static readonly TimeSpan UnprovenToldWithin = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(30);

    public IEnumerable<Check> Network => [Check.Judging(Inbound, [], round => JudgeInbound(round.Work.Intake.Tally, time.GetUtcNow()))];

    public IEnumerable<Check> All =>
    [
        new(Push, [ApiChecks.Credentials], PushAsync),
        Check.Judging(Format, [Push], round => JudgeFormat(round.Work.Intake.Tally, round.Work.Session.Client?.Dialect, time.GetUtcNow())),
        Check.Judging(Sender, [Push], round => JudgeSender(round.Work.Intake.Tally, time.GetUtcNow())),
        new(Delay, [Push, ApiChecks.Clock], DelayAsync),
        new(CaughtUp, [ApiChecks.Credentials], CaughtUpAsync),
    ];

    /// <summary>Whether anything came from the PBX by itself. Pure.</summary>
    public static Measured JudgeInbound(ReportTally tally, DateTimeOffset now)
    {
        if (tally.LastUnproven is { } unproven && !(tally.LastAt >= unproven.At - UnprovenToldWithin))
        {
            return WebhookFindings.ReportUnproven.With(("source", unproven.Source), ("at", unproven.At));
        }

        return tally.LastAt is { } at
            ? WebhookFindings.ReportArrived.With(("source", tally.LastSource), ("age", now - at), ("at", at))
            : WebhookFindings.NoReportYet.With();
    }

    /// <summary>Whether pushes can be relied on. Pure.</summary>
    public static Measured JudgePush(PushProof push, ReportTally tally, SiteArrivals arrivals, DateTimeOffset now)
    {
        var last = push.LastReportAt ?? arrivals.LastPushedAt;
        var finding = push.IsMissing ? WebhookFindings.PushMissed
            : push.StateAt(now) == Contracts.Sites.PushState.Proven ? WebhookFindings.PushArrives
            : last is null ? WebhookFindings.PushNever
            : WebhookFindings.PushQuiet;
        return finding.With(("arrived", tally.Arrived), ("age", now - last), ("missedAt", push.IsMissing ? push.MissedAt : null));
    }

    /// <summary>Whether reports have the format we asked for at login. Pure.</summary>
    public static Measured JudgeFormat(ReportTally tally, PbxDialect? dialect, DateTimeOffset now)
    {
        if (now - tally.LastUnreadableAt < LastDay)
        {
            return WebhookFindings.ReportsUnreadable.With(("reports", tally.Unreadable), ("at", tally.LastUnreadableAt));
        }

        var finding = (tally.LastShape, dialect) switch
        {
            (ReportShape.Unspecific, _) => WebhookFindings.FormatUnseen,
            (ReportShape.Default, _) => WebhookFindings.FormatDefault,
            (ReportShape.V2, PbxDialect.V2) or (ReportShape.V102, PbxDialect.V1) => WebhookFindings.FormatRight,
            _ => WebhookFindings.FormatOther,
        };
        return finding.With(("format", tally.LastShape switch
        {
            ReportShape.Default => "1.0.0",
            ReportShape.V102 => "1.0.2",
            ReportShape.V2 => "2.0.0",
            _ => null,
        }));
    }

    /// <summary>Who sends the reports. Pure.</summary>
    public static Measured JudgeSender(ReportTally tally, DateTimeOffset now)
    {
        if (tally.LastForeign is { } foreign && now - foreign.At < LastDay)
        {
            return WebhookFindings.ForeignReports.With(("reports", tally.Foreign), ("serial", foreign.SerialNumber), ("at", foreign.At));
        }

        var finding = tally.LastAt is null ? WebhookFindings.SenderUnseen : tally.LastProof switch
        {
            ReportProof.Secret => WebhookFindings.ProvenBySecret,
            ReportProof.SourceAddress => WebhookFindings.ProvenByAddress,
            _ => WebhookFindings.ProofUnknown,
        };
        return finding.With(("source", tally.LastSource), ("at", tally.LastAt));
    }

    /// <summary>How long records take from the end of their call. Pure.</summary>
    public static Measured JudgeDelay(SiteArrivals arrivals)
    {
        var finding = arrivals.MedianDelay is not { } median ? WebhookFindings.NoRecordsYet : median <= Prompt ? WebhookFindings.RecordsPrompt : WebhookFindings.RecordsLate;
        return finding.With(("records", arrivals.Pushed), ("median", arrivals.MedianDelay), ("slowest", arrivals.LongDelay));
    }

    /// <summary>How many records only catch-up found. Pure.</summary>
    public static Measured JudgeCaughtUp(SiteArrivals arrivals)
    {
        var share = arrivals.Records == 0 ? 0 : arrivals.CaughtUp / (double)arrivals.Records;
        var finding = arrivals.Records == 0 ? WebhookFindings.NoRecordsYet
            : share == 0 ? WebhookFindings.AllPushed
            : share < ManyCaughtUp ? WebhookFindings.SomeCaughtUp
            : WebhookFindings.MostCaughtUp;
        return finding.With(("records", arrivals.Records), ("caughtUp", arrivals.CaughtUp), ("share", share));
    }

    private async Task<Measured> PushAsync(CheckRound round, CancellationToken ct) =>
        JudgePush(round.Work.Picture.Push, round.Work.Intake.Tally, await ArrivalsAsync(round, ct), time.GetUtcNow());

    private async Task<Measured> DelayAsync(CheckRound round, CancellationToken ct) => JudgeDelay(await ArrivalsAsync(round, ct));

    private async Task<Measured> CaughtUpAsync(CheckRound round, CancellationToken ct) => JudgeCaughtUp(await ArrivalsAsync(round, ct));

    /// <summary>The last day, but nothing from before the site was registered: those records could only be caught up.</summary>
    private async Task<SiteArrivals> ArrivalsAsync(CheckRound round, CancellationToken ct)
    {
        if (round.Arrivals is null)
        {
            var dayAgo = time.GetUtcNow() - LastDay;
            var registered = await evidence.RegisteredAtAsync(round.Site.Value, ct);
            round.Arrivals = await evidence.ArrivalsAsync(round.Site.Value, registered > dayAgo ? registered.Value : dayAgo, ct);
        }

        return round.Arrivals;
    }
}
