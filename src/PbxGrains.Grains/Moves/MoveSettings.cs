namespace PbxGrains.Grains.Moves;

/// <summary>How sites move when silos come and go; configuration section <c>Cluster</c>.</summary>
public sealed record MoveSettings
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Cluster";

    /// <summary>How long the share must have been the same before sites follow it: a silo that is just started again, or several that come one after the other, move nothing twice.</summary>
    public TimeSpan MovesAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Sites that leave a silo per second.</summary>
    public int MovesPerSecond { get; init; } = 50;
}
