using System.Globalization;
using PbxGrains.Grains.Sites;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Cdrs;

/// <summary>
/// Keeps an eye on a PBX's clock: it lists its records by it, and they carry its time. The only place where a PBX tells
/// time and offset is its description of itself (fact sheet S-Series §4.1); one that does not is taken to be right.
/// </summary>
public sealed class PbxClockWatch(SiteHealthBook health, TimeProvider time)
{
    /// <summary>Code of the warning about a wrong clock.</summary>
    public const string ClockWrong = "clock-wrong";

    /// <summary>Code of the warning about a PBX in another zone than its site.</summary>
    public const string ZoneDiffers = "zone-differs";

    /// <summary>What it showed last.</summary>
    public PbxClockReading Reading { get; private set; } = PbxClockReading.Right;

    /// <summary>Asks the PBX, and says on the site what is wrong. Without an answer the last reading holds.</summary>
    public async Task LookAsync(IPbxClient client, TimeZoneInfo zone, CancellationToken ct)
    {
        var askedAt = time.GetUtcNow();
        var device = await client.GetDeviceInformationAsync(ct);
        if (device.Succeeded && device.Value.Clock is { } told)
        {
            Judge(PbxClockReading.Of(told, askedAt, time.GetUtcNow(), zone), told, zone, askedAt);
        }
    }

    /// <summary>What the PBX's clock shows now, or ought to show where it is absurd.</summary>
    public DateTime WallClockNow(TimeZoneInfo zone) =>
        (Reading.IsAbsurd ? PbxClockReading.Right : Reading).WallClockAt(time.GetUtcNow(), zone);

    /// <summary>What a PBX has written lately by an absurd clock; null while it has none.</summary>
    public WallSpan? Stray(TimeZoneInfo zone) =>
        Reading.IsAbsurd ? CatchUpPlan.Recent(watermark: null, Reading.WallClockAt(time.GetUtcNow(), zone)) : null;

    /// <summary>
    /// A moment by the PBX's clock where it is behind, by ours where it is ahead: the careful way to date what was compared,
    /// because the hours compared are hours of the PBX's clock.
    /// </summary>
    public DateTimeOffset Careful(DateTimeOffset instant) => Reading is { IsWrong: true } and { Ahead: var ahead } && ahead < TimeSpan.Zero ? instant + ahead : instant;

    private void Judge(PbxClockReading reading, DateTimeOffset told, TimeZoneInfo zone, DateTimeOffset now)
    {
        Reading = reading;
        if (reading.IsWrong)
        {
            health.Warn(
                ClockWrong,
                $"The PBX's clock is {Words(reading.Ahead)} {(reading.Ahead > TimeSpan.Zero ? "ahead" : "behind")}, and its call records carry that time. Correct date, time and zone on the PBX, best by NTP; no record is lost meanwhile.",
                now);
        }
        else
        {
            health.Settle(ClockWrong);
        }

        if (reading.ZoneDiffers == TimeSpan.Zero)
        {
            health.Settle(ZoneDiffers);
            return;
        }

        health.Warn(
            ZoneDiffers,
            $"The PBX's clock shows {Offset(told.Offset)}, but the site's zone {zone.Id} has {Offset(zone.GetUtcOffset(told))} now. Correct whichever of the two is wrong.",
            now);
    }

    private static string Words(TimeSpan span)
    {
        var minutes = (long)Math.Round(span.Duration().TotalMinutes);
        return (minutes / 60, minutes % 60) switch
        {
            (0, var rest) => $"{rest} min",
            (var hours, 0) => $"{hours} h",
            var (hours, rest) => $"{hours} h {rest} min",
        };
    }

    private static string Offset(TimeSpan offset) =>
        (offset < TimeSpan.Zero ? "UTC-" : "UTC+") + offset.ToString("h\\:mm", CultureInfo.InvariantCulture);
}
