namespace PbxGrains.Grains.Cdrs;

/// <summary>What a PBX's clock shows compared with ours. Pure.</summary>
/// <param name="Ahead">How far it is ahead of the true time; negative when behind, zero when right.</param>
/// <param name="ZoneDiffers">How much its offset from UTC differs from that of the site's configured zone; zero when it does not.</param>
public sealed record PbxClockReading(TimeSpan Ahead, TimeSpan ZoneDiffers)
{
    /// <summary>A clock further off than this is worth a word.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(2);

    /// <summary>A clock nobody has read, taken to be right.</summary>
    public static PbxClockReading Right { get; } = new(TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>True when records carry a time that is wrong.</summary>
    public bool IsWrong => Ahead.Duration() >= Tolerance;

    /// <summary>True when the clock is off by more than a few days, 1970 after a power cut for example: it passes, and nothing goes by it.</summary>
    public bool IsAbsurd => Ahead.Duration() > CatchUpPlan.NightlyReach;

    /// <summary>Compares.</summary>
    /// <param name="told">What the PBX told, with its offset.</param>
    /// <param name="askedAt">When it was asked.</param>
    /// <param name="answeredAt">When its answer was here.</param>
    /// <param name="zone">The site's configured zone.</param>
    public static PbxClockReading Of(DateTimeOffset told, DateTimeOffset askedAt, DateTimeOffset answeredAt, TimeZoneInfo zone) => new(
        told < askedAt ? told - askedAt : told > answeredAt ? told - answeredAt : TimeSpan.Zero,
        told.Offset - zone.GetUtcOffset(told));

    /// <summary>What the PBX's clock shows at an instant.</summary>
    /// <param name="instant">The true instant.</param>
    /// <param name="zone">The site's configured zone.</param>
    public DateTime WallClockAt(DateTimeOffset instant, TimeZoneInfo zone)
    {
        var believed = instant + Ahead;
        return DateTime.SpecifyKind(believed.UtcDateTime + zone.GetUtcOffset(believed) + ZoneDiffers, DateTimeKind.Unspecified);
    }
}
