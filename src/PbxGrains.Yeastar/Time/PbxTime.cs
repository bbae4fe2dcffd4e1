using System.Globalization;
using System.Runtime.InteropServices;

namespace PbxGrains.Yeastar.Time;

/// <summary>How the instant of a call was found.</summary>
public enum PbxInstantSource
{
    /// <summary>Wall clock and call id agree on an offset: certain, daylight saving or not, whatever zone is configured.</summary>
    FromCallId,

    /// <summary>Wall clock in the site's zone: as right as the configured zone.</summary>
    FromZone,

    /// <summary>There was no wall clock: the moment the call id was made, which is the start of the call's first leg.</summary>
    CallIdAlone,
}

/// <summary>An instant and how it was found.</summary>
/// <param name="Utc">The instant, offset zero.</param>
/// <param name="Source">How it was found.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PbxInstant(DateTimeOffset Utc, PbxInstantSource Source);

/// <summary>
/// Makes instants of the wall clock times a PBX sends without a zone (fact sheet S-Series §5). Pure; never throws.
/// </summary>
public static class PbxTime
{
    private const int FirstYear = 2000;
    private const int FirstYearOfClock = 1970;
    private const int LastYear = 2100;

    private static readonly TimeSpan OffsetStep = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LargestOffset = TimeSpan.FromHours(15);

    /// <summary>The moment a call id was made: its part before the dot, in seconds of the Unix epoch.</summary>
    /// <param name="callId"><c>1495779310.371</c>, for example.</param>
    /// <returns>UTC; null when the text is not a call id or lies outside the years 2000 to 2100.</returns>
    public static DateTimeOffset? CallIdEpoch(string? callId)
    {
        const int EpochDigits = 11;
        var text = callId.AsSpan().Trim();
        var dot = text.IndexOf('.');
        var digits = dot < 0 ? text : text[..dot];
        if (digits.Length > EpochDigits
            || (dot >= 0 && text[(dot + 1)..].ContainsAnyExceptInRange('0', '9'))
            || !long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return null;
        }

        var epoch = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return epoch.Year is >= FirstYear and < LastYear ? epoch : null;
    }

    /// <summary>Finds the instant of a wall clock time.</summary>
    /// <param name="callId">The call the time belongs to; null when there is none.</param>
    /// <param name="wallClock">Local time of the PBX, its kind ignored; null when not sent or not readable.</param>
    /// <param name="zone">The site's configured zone.</param>
    /// <returns>Null when neither the call id nor the wall clock tells, or the clock is not between 1970 and 2100.</returns>
    /// <remarks>
    /// <para>
    /// When wall clock minus epoch is within two minutes of a multiple of 15 minutes (and of at most 15 hours), that
    /// multiple is the PBX's offset. One exception: a leg that began 15, 30 or 45 minutes into its call (a transfer)
    /// would look like another zone; an offset that differs from the configured zone's by less than an hour, the right
    /// way round for such a leg, is not believed.
    /// </para>
    /// <para>
    /// By zone: a time the clocks skip is moved forward by the gap; of a time the clocks show twice the earlier instant
    /// counts, unless the call id says that the call had not begun by then.
    /// </para>
    /// </remarks>
    public static PbxInstant? InstantOf(string? callId, DateTime? wallClock, TimeZoneInfo zone)
    {
        var epoch = CallIdEpoch(callId);
        if (wallClock is not { Year: >= FirstYearOfClock and < LastYear } given)
        {
            return wallClock is null && epoch is { } start ? new PbxInstant(start, PbxInstantSource.CallIdAlone) : null;
        }

        var clock = DateTime.SpecifyKind(given, DateTimeKind.Unspecified);
        var byZone = InZone(clock, zone, epoch);
        if (epoch is not { } made || OffsetBetween(clock, made) is not { } offset)
        {
            return new PbxInstant(byZone, PbxInstantSource.FromZone);
        }

        var byCallId = At(clock, offset);
        var late = byZone - byCallId;
        return late > TimeSpan.Zero && late < TimeSpan.FromHours(1)
            ? new PbxInstant(byZone, PbxInstantSource.FromZone)
            : new PbxInstant(byCallId, PbxInstantSource.FromCallId);
    }

    private static TimeSpan? OffsetBetween(DateTime clock, DateTimeOffset epoch)
    {
        var difference = clock - epoch.UtcDateTime;
        var offset = OffsetStep * Math.Round(difference / OffsetStep);
        return offset.Duration() <= LargestOffset && (difference - offset).Duration() <= Tolerance ? offset : null;
    }

    // Only asks what the zone's clocks show at an instant: which local times are skipped or shown twice, the platform does
    // not always know where a zone changed its rules.
    private static DateTimeOffset InZone(DateTime clock, TimeZoneInfo zone, DateTimeOffset? epoch)
    {
        var before = zone.GetUtcOffset(At(clock.AddDays(-1), TimeSpan.Zero));
        var after = zone.GetUtcOffset(At(clock.AddDays(1), TimeSpan.Zero));
        var (earlier, later) = before > after ? (At(clock, before), At(clock, after)) : (At(clock, after), At(clock, before));
        return (Shows(earlier), Shows(later)) switch
        {
            (true, true) => epoch is { } made && earlier < made - Tolerance ? later : earlier,
            (true, false) => earlier,
            (false, true) => later,

            // The offset before the gap moves the time forward by the gap.
            (false, false) => At(clock, before),
        };

        bool Shows(DateTimeOffset instant) => instant.UtcDateTime + zone.GetUtcOffset(instant) == clock;
    }

    private static DateTimeOffset At(DateTime clock, TimeSpan offset) => new(DateTime.SpecifyKind(clock - offset, DateTimeKind.Utc));
}
