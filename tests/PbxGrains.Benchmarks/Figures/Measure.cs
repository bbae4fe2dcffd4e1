using System.Globalization;

namespace PbxGrains.Benchmarks.Figures;

/// <summary>One number of a figure.</summary>
/// <param name="Name">What it says, short: it stands in the table.</param>
/// <param name="Unit">Its unit; empty for a plain number.</param>
/// <param name="Baseline">What the baseline is; null when there is none.</param>
/// <param name="Aim">What it should reach; null when it is only told.</param>
internal sealed record Measure(string Name, string Unit, string? Baseline = null, Aim? Aim = null);

/// <summary>What of a measure is held against its aim.</summary>
internal enum AimOf
{
    /// <summary>The product's number.</summary>
    Value,

    /// <summary>The product's number divided by the baseline's.</summary>
    Ratio,

    /// <summary>The product's number less the baseline's.</summary>
    Added,
}

/// <summary>What a measure should reach.</summary>
/// <param name="Of">Of what.</param>
/// <param name="AtLeast">True when more is better.</param>
/// <param name="Limit">The bound itself still meets it.</param>
internal sealed record Aim(AimOf Of, bool AtLeast, double Limit)
{
    public static Aim ValueAtMost(double limit) => new(AimOf.Value, AtLeast: false, limit);

    public static Aim ValueAtLeast(double limit) => new(AimOf.Value, AtLeast: true, limit);

    public static Aim RatioAtMost(double limit) => new(AimOf.Ratio, AtLeast: false, limit);

    public static Aim RatioAtLeast(double limit) => new(AimOf.Ratio, AtLeast: true, limit);

    public static Aim AddedAtMost(double limit) => new(AimOf.Added, AtLeast: false, limit);

    /// <summary>Whether it is met; null when there is nothing to hold against it.</summary>
    public bool? IsMetBy(double? ours, double? ratio, double? added) => (Of switch { AimOf.Value => ours, AimOf.Ratio => ratio, _ => added }) switch
    {
        null => null,
        { } reached => AtLeast ? reached >= Limit : reached <= Limit,
    };

    /// <summary>As it is read: <c>≥ 0.7 ×</c>, <c>≤ 15 ms</c>, <c>≤ +1 ms</c>.</summary>
    public string Written(string unit)
    {
        var bound = AtLeast ? "≥" : "≤";
        return Of switch
        {
            AimOf.Ratio => string.Create(CultureInfo.InvariantCulture, $"{bound} {Limit} ×"),
            AimOf.Added => string.Create(CultureInfo.InvariantCulture, $"{bound} +{Limit} {unit}").TrimEnd(),
            _ => string.Create(CultureInfo.InvariantCulture, $"{bound} {Limit} {unit}").TrimEnd(),
        };
    }
}
