namespace PbxGrains.Grains.Checklists;

/// <summary>What can be found out about our own supervision.</summary>
internal static class OperationFindings
{
    public static readonly Finding KnowledgeFresh = Finding.Pass("knowledge-fresh");
    public static readonly Finding KnowledgeStale = Finding.Fail("knowledge-stale");
    public static readonly Finding NeverPolled = Finding.Fail("never-polled");

    public static readonly Finding ComparedLately = Finding.Pass("compared-lately");
    public static readonly Finding ComparisonBehind = Finding.Warn("comparison-behind");
    public static readonly Finding NeverCompared = Finding.Skip("never-compared");

    public static readonly Finding RecordingsFetched = Finding.Pass("recordings-fetched");
    public static readonly Finding RecordingsWait = Finding.Warn("recordings-wait");
    public static readonly Finding NoRecordings = Finding.Skip("no-recordings");
    public static readonly Finding VaultOff = Finding.Skip("vault-off");

    public static readonly Finding DiskEnough = Finding.Pass("disk-enough");
    public static readonly Finding DiskScarce = Finding.Warn("disk-scarce");
    public static readonly Finding DiskFull = Finding.Fail("disk-full");
    public static readonly Finding SpaceUnseen = Finding.Notice("space-unseen");
}
