using System.Globalization;

namespace PbxGrains.Simulator.Fleet;

/// <summary>The wall clock of one PBX: its zone, and how wrong it goes.</summary>
internal sealed class PbxClock(Timeline timeline, PbxFaults faults, TimeZoneInfo ownZone)
{
    /// <summary>How the PBX writes a wall-clock time.</summary>
    public const string WallFormat = "yyyy-MM-dd HH:mm:ss";

    private TimeZoneInfo Zone => faults.Zone ?? ownZone;

    /// <summary>True instant, on the injected clock.</summary>
    public DateTimeOffset Now => timeline.Now;

    /// <summary>Unix seconds as the PBX believes them to be.</summary>
    public long Epoch => (Now + faults.ClockSkew).ToUnixTimeSeconds();

    /// <summary>Wall-clock time as the PBX shows it at an instant.</summary>
    public DateTime WallAt(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant + faults.ClockSkew, Zone).DateTime;

    /// <summary><c>2019-01-13 23:25:20</c>.</summary>
    public string WallTextAt(DateTimeOffset instant) => WallAt(instant).ToString(WallFormat, CultureInfo.InvariantCulture);

    /// <summary><c>2019-01-13 23:25:20 UTC+8</c>, the only place where the PBX tells its offset.</summary>
    public string SystemTime()
    {
        var offset = Zone.GetUtcOffset(Now + faults.ClockSkew);
        var minutes = offset.Minutes == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $":{Math.Abs(offset.Minutes):00}");
        var sign = offset < TimeSpan.Zero ? "-" : "+";
        return string.Create(CultureInfo.InvariantCulture, $"{WallTextAt(Now)} UTC{sign}{Math.Abs(offset.Hours)}{minutes}");
    }
}
