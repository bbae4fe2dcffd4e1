namespace PbxGrains.Simulator.Fleet;

/// <summary>Seeded randomness that does not depend on what else happened: each purpose and each call draws from its own source.</summary>
internal static class Lot
{
    public static Random For(int seed, int site, int purpose, long number = 0)
    {
        var mixed = Mix(Mix(Mix((ulong)(uint)seed, (uint)site), (uint)purpose), (ulong)number);
        return new Random((int)(mixed >> 33));
    }

    /// <summary>One step of SplitMix64.</summary>
    private static ulong Mix(ulong state, ulong value)
    {
        var z = unchecked(state + value + 0x9E3779B97F4A7C15UL);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        return z ^ (z >> 31);
    }
}
