namespace PbxGrains.Grains.Checklists;

/// <summary>What can be found out about what the PBX lets us do.</summary>
internal static class PermissionFindings
{
    public static readonly Finding ExtensionsListed = Finding.Pass("extensions-listed");
    public static readonly Finding NoExtensions = Finding.Warn("no-extensions");
    public static readonly Finding RightProven = Finding.Pass("right-proven");
    public static readonly Finding RightMissing = Finding.Fail("right-missing");
    public static readonly Finding ImpossibleDone = Finding.Warn("impossible-done");
    public static readonly Finding NoRecordingYet = Finding.Skip("no-recording-yet");
}
