using PbxGrains.Grains.Cdrs;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Checklists;
using PbxGrains.Storage.Recordings;

namespace PbxGrains.Grains.Checklists;

/// <summary>How our own supervision of the site does.</summary>
internal sealed class OperationChecks(SiteEvidence evidence, CatchUpWindows windows, TimeProvider time, IRecordingVault? vault)
{
    public const string Knowledge = "operation.knowledge";
    public const string CatchUp = "operation.catch-up";
    public const string Recordings = "operation.recordings";
    public const string Disk = "operation.disk";

    private const double LittleSpace = 0.1;
    private const double NoSpace = 0.02;

    private static readonly TimeSpan LastWeek = TimeSpan.FromDays(7);
    private static readonly TimeSpan FetchedWithin = TimeSpan.FromHours(1);

    public IEnumerable<Check> All =>
    [
        Check.Judging(Knowledge, [], KnowledgeOf),
        new(CatchUp, [ApiChecks.Credentials], CatchUpAsync),
        new(Recordings, [], RecordingsAsync),
        Check.Judging(Disk, [], _ => JudgeSpace(vault is not null, vault?.Space())),
    ];

    /// <summary>Whether what we know is younger than its bound. Pure.</summary>
    public static Measured JudgeKnowledge(DateTimeOffset? listed, TimeSpan bound, DateTimeOffset now) =>
        (listed is not { } at ? OperationFindings.NeverPolled : now - at <= bound ? OperationFindings.KnowledgeFresh : OperationFindings.KnowledgeStale)
            .With(("age", now - listed), ("bound", bound));

    /// <summary>Whether the records of the PBX have been compared lately. Pure.</summary>
    public static Measured JudgeCatchUp(DateTime? watermark, DateTime wallNow, TimeSpan period)
    {
        if (watermark is not { } reached)
        {
            return OperationFindings.NeverCompared.With();
        }

        var behind = wallNow > reached ? wallNow - reached : TimeSpan.Zero;
        return (behind <= period * 3 ? OperationFindings.ComparedLately : OperationFindings.ComparisonBehind).With(("behind", behind));
    }

    /// <summary>Whether recordings come into the vault. Pure.</summary>
    public static Measured JudgeRecordings(bool hasVault, SiteRecordings recordings)
    {
        var finding = !hasVault ? OperationFindings.VaultOff
            : recordings.Named == 0 ? OperationFindings.NoRecordings
            : recordings.Waiting > 0 ? OperationFindings.RecordingsWait
            : OperationFindings.RecordingsFetched;
        return finding.With(("named", recordings.Named), ("ready", recordings.Ready), ("waiting", recordings.Waiting), ("absent", recordings.Absent), ("reason", recordings.Reason));
    }

    /// <summary>Whether the vault has room. Pure.</summary>
    public static Measured JudgeSpace(bool hasVault, VaultSpace? space)
    {
        if (space is null)
        {
            return (hasVault ? OperationFindings.SpaceUnseen : OperationFindings.VaultOff).With();
        }

        var share = space.TotalBytes == 0 ? 0 : space.FreeBytes / (double)space.TotalBytes;
        return (share < NoSpace ? OperationFindings.DiskFull : share < LittleSpace ? OperationFindings.DiskScarce : OperationFindings.DiskEnough)
            .With(("free", space.FreeBytes), ("total", space.TotalBytes), ("share", share));
    }

    private Measured KnowledgeOf(CheckRound round)
    {
        var now = time.GetUtcNow();
        return JudgeKnowledge(round.Work.Picture.Extensions.ListedAt, round.Work.StaleAfter(round.Configuration, now), now);
    }

    private async Task<Measured> CatchUpAsync(CheckRound round, CancellationToken ct)
    {
        var reading = round.Device?.Clock is { } clock ? PbxClockReading.Of(clock, round.DeviceAsked.AskedAt, round.DeviceAsked.AnsweredAt, round.Configuration.Zone) : PbxClockReading.Right;
        return JudgeCatchUp(await windows.GetWatermarkAsync(round.Site.Value, ct), reading.WallClockAt(time.GetUtcNow(), round.Configuration.Zone), round.Configuration.Periods.CatchUp);
    }

    private async Task<Measured> RecordingsAsync(CheckRound round, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        return JudgeRecordings(vault is not null, await evidence.RecordingsAsync(round.Site.Value, now - LastWeek, now - FetchedWithin, ct));
    }
}
