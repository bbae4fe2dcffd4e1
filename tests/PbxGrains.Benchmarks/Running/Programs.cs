using PbxGrains.Testing;

namespace PbxGrains.Benchmarks.Running;

/// <summary>The programs that are measured, as <c>scripts/bench.sh</c> built them.</summary>
internal static class Programs
{
    /// <summary>The assembly of one of the projects below <c>src</c>.</summary>
    public static string Of(string project) => Path.Combine(Fixtures.RepositoryRoot, "src", project, "bin", "Release", "net10.0", project + ".dll");
}
