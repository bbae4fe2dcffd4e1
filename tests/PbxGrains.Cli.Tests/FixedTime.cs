namespace PbxGrains.Cli.Tests;

/// <summary>A clock that stands, in a zone of its own; how long things take is still measured.</summary>
internal sealed class FixedTime(DateTimeOffset now, string zone = "Europe/Paris") : TimeProvider
{
    /// <summary>22 November 2026, 11:00 in Paris.</summary>
    public static FixedTime InParis { get; } = new(new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero));

    public override TimeZoneInfo LocalTimeZone { get; } = TimeZoneInfo.FindSystemTimeZoneById(zone);

    public override DateTimeOffset GetUtcNow() => now;
}
