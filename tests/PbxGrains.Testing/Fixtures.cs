namespace PbxGrains.Testing;

/// <summary>
/// Finds the sample payloads, which live beside the repository and are read in place. <c>PBXGRAINS_FIXTURES</c> names
/// another folder. Where there are none, tests that need them are skipped and say so.
/// </summary>
public static class Fixtures
{
    /// <summary>Root of the repository, found from where the tests run.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>The folder of the samples (with <c>s-series-v1</c> and so on below it); null when this machine has none.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>Path of one sample, <c>s-series-v1/report-bootup.json</c> for example.</summary>
    /// <exception cref="DirectoryNotFoundException">This machine has no samples.</exception>
    public static string PathOf(string name) => Path.Combine(Folder ?? throw new DirectoryNotFoundException("No samples beside this repository; set PBXGRAINS_FIXTURES."), name);

    /// <summary>The bytes of one sample.</summary>
    public static byte[] Read(string name) => File.ReadAllBytes(PathOf(name));

    private static string? Find()
    {
        var configured = Environment.GetEnvironmentVariable("PBXGRAINS_FIXTURES");
        var folder = configured ?? Path.Combine(RepositoryRoot, "..", "shared", "fixtures", "yeastar");
        return Directory.Exists(folder) ? Path.GetFullPath(folder) : null;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "PbxGrains.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("The tests run outside the repository: no PbxGrains.sln above them.");
    }
}
