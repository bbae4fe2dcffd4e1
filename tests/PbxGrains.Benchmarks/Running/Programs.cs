using PbxGrains.Testing;

namespace PbxGrains.Benchmarks.Running;

/// <summary>The programs that are measured, as <c>scripts/bench.sh</c> made them.</summary>
internal static class Programs
{
    private static readonly string Published = Path.Combine(Fixtures.RepositoryRoot, ".run", "bench", "published");

    /// <summary>The front, published as it is deployed.</summary>
    public static string Front => Path.Combine(Published, "front", "PbxGrains.Front");

    /// <summary>The worker, published as it is deployed.</summary>
    public static string Silo => Path.Combine(Published, "silo", "PbxGrains.Silo.dll");

    /// <summary>The simulated PBXs.</summary>
    public static string Simulator => Path.Combine(Fixtures.RepositoryRoot, "src", "PbxGrains.Simulator", "bin", "Release", "net10.0", "PbxGrains.Simulator.dll");
}
