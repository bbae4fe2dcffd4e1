using System.Globalization;

namespace PbxGrains.EndToEnd.Tests.Faults;

/// <summary>How long, how hard and with which luck things break. Everything drawn by lot follows the seed.</summary>
internal sealed record FaultOptions
{
    private const string Prefix = "PBXGRAINS_FAULTS_";

    /// <summary>Decides calls and faults.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>PBXs; both dialects by turns.</summary>
    public int Sites { get; init; } = 6;

    /// <summary>How long calls are made and things break; starting, healing and comparing come on top.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Calls begun a second, all sites together.</summary>
    public double CallsPerSecond => 0.4 * Sites;

    /// <summary>True when each kind of fault comes but once.</summary>
    public bool IsShort => Duration < TimeSpan.FromMinutes(3);

    /// <summary>Longest of the usual faults.</summary>
    public TimeSpan LongestFault => TimeSpan.FromSeconds(IsShort ? 3 : 12);

    /// <summary>How long PostgreSQL is away in an outage.</summary>
    public TimeSpan Outage => TimeSpan.FromSeconds(IsShort ? 5 : 60);

    /// <summary>Bound of knowledge of extensions, for the product.</summary>
    public static TimeSpan StaleAfter => TimeSpan.FromSeconds(5);

    /// <summary>How long half of the PBXs are out of reach: long enough for knowledge of them to become stale.</summary>
    public TimeSpan HalfGone => StaleAfter + TimeSpan.FromSeconds(IsShort ? 3 : 20);

    /// <summary>How long anything may take to be as it should once everything works again.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>Folder for all that is written, removed afterwards; null for a temporary one.</summary>
    public string? Folder { get; init; }

    /// <summary>File that each line of progress is appended to; null for none.</summary>
    public string? ProgressFile { get; init; }

    /// <summary>Where the report goes, without its ending: <c>.md</c> and <c>.json</c> are written; null for nowhere.</summary>
    public string? ReportFile { get; init; }

    /// <summary>The command that repeats the calls and faults.</summary>
    public string Command => string.Create(CultureInfo.InvariantCulture, $"scripts/faults.sh --seconds {Duration.TotalSeconds:0} --sites {Sites} --seed {Seed}");

    /// <summary>
    /// The short form, but for what <c>PBXGRAINS_FAULTS_SEED</c>, <c>_SITES</c>, <c>_SECONDS</c>, <c>_FOLDER</c>,
    /// <c>_PROGRESS</c> and <c>_REPORT</c> say.
    /// </summary>
    public static FaultOptions FromEnvironment()
    {
        var plain = new FaultOptions();
        return plain with
        {
            Seed = Number("SEED") ?? plain.Seed,
            Sites = Number("SITES") ?? plain.Sites,
            Duration = Number("SECONDS") is { } seconds ? TimeSpan.FromSeconds(seconds) : plain.Duration,
            Folder = Text("FOLDER"),
            ProgressFile = Text("PROGRESS"),
            ReportFile = Text("REPORT"),
        };
    }

    private static int? Number(string name) => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private static string? Text(string name) => Environment.GetEnvironmentVariable(Prefix + name) is { Length: > 0 } text ? text : null;
}
