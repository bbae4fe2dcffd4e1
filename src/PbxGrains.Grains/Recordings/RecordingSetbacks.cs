using PbxGrains.Storage.Recordings;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Recordings;

/// <summary>What a failed try holds up.</summary>
public enum HeldUp
{
    /// <summary>Only this recording: the next one may work.</summary>
    ThisOne,

    /// <summary>Everything at this site for now; the poll loop finds out when it works again.</summary>
    Site,

    /// <summary>All recordings of this site: it does not let us have any.</summary>
    AllOfSite,

    /// <summary>All recordings everywhere: the vault takes none.</summary>
    Vault,
}

/// <summary>
/// Decides what a failed try means and when to ask again. A PBX saves a recording some time after the call and says until
/// then what it also says of one that was deleted; and what its two numbers for that mean is swapped between firmwares (fact
/// sheet S-Series §6). So how often it refused decides: over half a day for a call of today, a few times for an old one. Pure.
/// </summary>
public static class RecordingSetbacks
{
    /// <summary>Refusals after which a recent recording counts as deleted; with the pauses between them, half a day.</summary>
    public const int RefusalsOfRecent = 9;

    /// <summary>Refusals after which a recording of an earlier day counts as deleted.</summary>
    public const int RefusalsOfOld = 3;

    /// <summary>Time after which one that was denied by permission is asked for again.</summary>
    public static readonly TimeSpan PermissionPause = TimeSpan.FromHours(6);

    /// <summary>Time after which the vault is tried again.</summary>
    public static readonly TimeSpan VaultPause = TimeSpan.FromMinutes(1);

    /// <summary>Time after which a try that ended with its process counts as over.</summary>
    public static readonly TimeSpan LongestTry = TimeSpan.FromMinutes(30);

    private const double Growth = 3;
    private const double Spread = 0.2;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(6);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan OldAfter = TimeSpan.FromHours(36);

    /// <summary>What a failure of the PBX means for a recording.</summary>
    /// <param name="row">The recording, as it was before the try.</param>
    /// <param name="failure">What the PBX did.</param>
    /// <param name="now">The time.</param>
    /// <param name="chance">0 to 1: spreads the tries of many recordings.</param>
    public static (RecordingSetback Setback, HeldUp HeldUp) Of(RecordingRow row, PbxFailure failure, DateTimeOffset now, double chance) => failure.Kind switch
    {
        PbxFailureKind.Refused => (Refused(row, RecordingReason.NotYetSaved, RecordingReason.DeletedOnPbx, failure.Message, now, chance), HeldUp.ThisOne),
        PbxFailureKind.UnexpectedAnswer => (Damaged(row, failure.Message, now, chance), HeldUp.ThisOne),
        PbxFailureKind.NotSupported => (NotPermitted(now), HeldUp.AllOfSite),
        PbxFailureKind.TryLater => (Waiting(row, RecordingReason.PbxBusy, failure.Message, now, chance), HeldUp.Site),

        // Nobody asks before a poll round worked. Should polls work and only this one never come, it must not be the first again.
        _ => (Waiting(row, RecordingReason.SiteDown, failure.Message, now, chance), HeldUp.Site),
    };

    /// <summary>What came is no whole recording.</summary>
    public static RecordingSetback Damaged(RecordingRow row, string what, DateTimeOffset now, double chance) =>
        Refused(row, RecordingReason.Damaged, RecordingReason.Damaged, what, now, chance);

    /// <summary>The PBX broke off in the middle, which says nothing about the recording.</summary>
    public static RecordingSetback BrokenOff(RecordingRow row, string what, DateTimeOffset now, double chance) =>
        Waiting(row, RecordingReason.Damaged, what, now, chance);

    /// <summary>The vault cannot take it.</summary>
    public static RecordingSetback Unkept(VaultUnavailableException failure, DateTimeOffset now) =>
        new(RecordingState.Pending, RecordingReason.VaultUnavailable, failure.Message, now + VaultPause, Refused: false);

    private static RecordingSetback NotPermitted(DateTimeOffset now) => new(
        RecordingState.Absent,
        RecordingReason.PermissionMissing,
        "The PBX does not let this API user download recordings (10003). Allow it in the PBX's API settings, or update its firmware.",
        now + PermissionPause,
        Refused: false);

    private static RecordingSetback Refused(RecordingRow row, string meanwhile, string atLast, string what, DateTimeOffset now, double chance)
    {
        var refusals = row.Refusals + 1;
        var enough = now - row.AgesFrom > OldAfter ? RefusalsOfOld : RefusalsOfRecent;
        return refusals >= enough
            ? new RecordingSetback(RecordingState.Absent, atLast, $"{what} It said so {refusals} times; nobody asks again.", NextTryAt: null, Refused: true)
            : new RecordingSetback(RecordingState.Pending, meanwhile, what, now + Pause(row.Refusals, chance, LongestPause), Refused: true);
    }

    private static RecordingSetback Waiting(RecordingRow row, string reason, string what, DateTimeOffset now, double chance) =>
        new(RecordingState.Pending, reason, what, now + Pause(row.Tries, chance, LongestWait), Refused: false);

    private static TimeSpan Pause(int before, double chance, TimeSpan longest)
    {
        var seconds = Math.Min(FirstPause.TotalSeconds * Math.Pow(Growth, before), longest.TotalSeconds);
        return TimeSpan.FromSeconds(seconds * (1 + (Spread * ((2 * chance) - 1))));
    }
}
