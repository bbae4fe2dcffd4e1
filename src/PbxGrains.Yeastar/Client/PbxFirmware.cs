using System.Globalization;

namespace PbxGrains.Yeastar.Client;

/// <summary>Firmware versions of the S-Series and what they can do (fact sheet S-Series §2).</summary>
public static class PbxFirmware
{
    private static readonly int[] FirstWithV2 = [30, 13, 0, 30];

    /// <summary>
    /// The best dialect a firmware speaks. After an update a site known as <see cref="PbxDialect.V1"/> may turn out
    /// capable of more: forget its known dialect before the next login.
    /// </summary>
    /// <param name="version">Version as the PBX tells it, <c>30.13.0.30</c>.</param>
    /// <returns>Null when the version cannot be read.</returns>
    public static PbxDialect? BestDialect(string? version) =>
        Numbers(version) is { } numbers ? numbers.AsSpan().SequenceCompareTo(FirstWithV2) >= 0 ? PbxDialect.V2 : PbxDialect.V1 : null;

    /// <summary>Whether a firmware is a certain one or later.</summary>
    /// <param name="version">Version as the PBX tells it.</param>
    /// <param name="minimum">The certain one, <c>30.10.0.59</c>.</param>
    /// <returns>Null when the version cannot be read.</returns>
    public static bool? IsAtLeast(string? version, string minimum) =>
        Numbers(version) is { } numbers ? numbers.AsSpan().SequenceCompareTo(Numbers(minimum)) >= 0 : null;

    private static int[]? Numbers(string? version)
    {
        var parts = (version ?? "").Trim().Split('.');
        var numbers = new int[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
            {
                return null;
            }
        }

        return numbers;
    }
}
