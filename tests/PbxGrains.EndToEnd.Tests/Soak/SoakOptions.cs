using System.Globalization;

namespace PbxGrains.EndToEnd.Tests.Soak;

/// <summary>How long, how hard and with which luck a soak runs. Everything drawn by lot follows the seed.</summary>
internal sealed record SoakOptions
{
    private const string Prefix = "PBXGRAINS_SOAK_";

    /// <summary>Decides calls and disturbances.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>PBXs; both dialects by turns.</summary>
    public int Sites { get; init; } = 4;

    /// <summary>How long calls are made and things break; starting, healing and comparing come on top.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Calls begun a second, all sites together.</summary>
    public double CallsPerSecond => 0.75 * Sites;

    /// <summary>How long the ledger may take, once everything works again, to hold what the PBXs hold.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>Folder for all that is written, removed afterwards; null for a temporary one.</summary>
    public string? Folder { get; init; }

    /// <summary>File that each line of progress is appended to; null for none.</summary>
    public string? ProgressFile { get; init; }

    /// <summary>The short form, but for what <c>PBXGRAINS_SOAK_SEED</c>, <c>_SITES</c>, <c>_SECONDS</c>, <c>_FOLDER</c> and <c>_PROGRESS</c> say.</summary>
    public static SoakOptions FromEnvironment()
    {
        var plain = new SoakOptions();
        return plain with
        {
            Seed = Number("SEED") ?? plain.Seed,
            Sites = Number("SITES") ?? plain.Sites,
            Duration = Number("SECONDS") is { } seconds ? TimeSpan.FromSeconds(seconds) : plain.Duration,
            Folder = Text("FOLDER"),
            ProgressFile = Text("PROGRESS"),
        };
    }

    private static int? Number(string name) => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private static string? Text(string name) => Environment.GetEnvironmentVariable(Prefix + name) is { Length: > 0 } text ? text : null;
}
