using System.Runtime.CompilerServices;

namespace PbxGrains.Testing;

/// <summary>
/// Finds the sample payloads, which live beside the repository and are read in place. <c>PBXGRAINS_FIXTURES</c> names
/// another folder. Where there are none, tests that need them are skipped and say so.
/// </summary>
public static class Fixtures
{
    /// <summary>The folder of the samples (with <c>s-series-v1</c> and so on below it); null when this machine has none.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>Path of one sample, <c>s-series-v1/report-bootup.json</c> for example.</summary>
    /// <exception cref="DirectoryNotFoundException">This machine has no samples.</exception>
    public static string PathOf(string name) => Path.Combine(Folder ?? throw new DirectoryNotFoundException("No samples beside this repository; set PBXGRAINS_FIXTURES."), name);

    /// <summary>The bytes of one sample.</summary>
    public static byte[] Read(string name) => File.ReadAllBytes(PathOf(name));

    /// <summary>Root of the repository, found from this source file's place.</summary>
    public static string RepositoryRoot { get; } = RootFrom();

    private static string? Find()
    {
        var configured = Environment.GetEnvironmentVariable("PBXGRAINS_FIXTURES");
        var folder = configured ?? Path.Combine(RepositoryRoot, "..", "shared", "fixtures", "yeastar");
        return Directory.Exists(folder) ? Path.GetFullPath(folder) : null;
    }

    private static string RootFrom([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", ".."));
}
