using System.Globalization;

using CsCheck;

using PbxGrains.Yeastar.Time;

namespace PbxGrains.Yeastar.Tests.Time;

/// <summary>What holds for every time in every zone. A failure prints the seed that repeats it.</summary>
public sealed class PbxTimeProperties
{
    private static readonly Gen<TimeZoneInfo> Zone = Gen.OneOf(TimeZoneInfo.GetSystemTimeZones().ToArray());

    private static readonly Gen<DateTimeOffset> Instant = Gen.Long[
        new DateTimeOffset(2000, 1, 2, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(),
        new DateTimeOffset(2099, 12, 30, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds()].Select(DateTimeOffset.FromUnixTimeSeconds);

    private static readonly Gen<string> Digits = Gen.OneOf("0", "1", "9", "-", ":", ".", " ", "T", "/", "2019-01-13", "23:03:02", "1571898400", "x", "é").Array[0, 6].Select(string.Concat);

    [Fact]
    public void A_call_id_and_its_wall_clock_always_lead_back_to_the_instant()
    {
        Gen.Select(Zone, Zone, Instant, Gen.Int[-119, 119]).Sample(
            (actual, configured, made, skew) =>
            {
                var started = made.AddSeconds(skew);
                var clock = made.ToOffset(actual.GetUtcOffset(made)).AddSeconds(skew).DateTime;
                var found = PbxTime.InstantOf($"{made.ToUnixTimeSeconds()}.7", clock, actual);
                found.Should().Be(new PbxInstant(started, PbxInstantSource.FromCallId));
            },
            iter: 5000);
    }

    [Fact]
    public void A_wall_clock_in_its_zone_shows_the_same_time_again_unless_the_clocks_skip_it()
    {
        Gen.Select(Zone, Instant).Sample(
            (zone, instant) =>
            {
                var clock = instant.UtcDateTime;
                var found = PbxTime.InstantOf(null, clock, zone)!.Value;
                var shown = TimeZoneInfo.ConvertTime(found.Utc, zone).DateTime;
                return IsEverShown(clock, zone) ? shown == clock : shown > clock;
            },
            iter: 5000);
    }

    [Fact]
    public void Around_every_change_of_its_clocks_a_zone_shows_the_same_time_again_unless_the_clocks_skip_it()
    {
        foreach (var zone in TimeZoneInfo.GetSystemTimeZones())
        {
            foreach (var clock in ChangesOf(zone).SelectMany(change => Enumerable.Range(-14, 28).Select(step => change.AddMinutes((step * 15) + 1))))
            {
                var shown = TimeZoneInfo.ConvertTime(PbxTime.InstantOf(null, clock, zone)!.Value.Utc, zone).DateTime;

                (IsEverShown(clock, zone) ? shown == clock : shown > clock).Should().BeTrue($"{clock:s} in {zone.Id} became {shown:s}");
            }
        }
    }

    [Fact]
    public void A_written_wall_clock_is_read_again()
    {
        Instant.Sample(instant => WallClock.Parse(WallClock.Write(instant.UtcDateTime)) == instant.UtcDateTime, iter: 1000);
    }

    [Fact]
    public void No_text_and_no_time_is_too_odd()
    {
        Gen.Select(Gen.OneOf(Digits, Gen.String), Gen.OneOf(Digits, Gen.String), Gen.DateTime, Zone).Sample(
            (callId, text, clock, zone) =>
            {
                _ = PbxTime.InstantOf(callId, WallClock.Parse(text), zone);
                _ = PbxTime.InstantOf(callId, clock, zone);
                _ = PbxTime.InstantOf(clock.Ticks.ToString(CultureInfo.InvariantCulture), clock, zone);
            },
            iter: 5000);
    }

    // Whether the zone's clocks show the time at any instant; every offset since 2000 is a multiple of 15 minutes.
    private static bool IsEverShown(DateTime clock, TimeZoneInfo zone) => Enumerable.Range(-60, 121).Any(
        quarter => TimeZoneInfo.ConvertTime(new DateTimeOffset(clock.AddMinutes(quarter * 15), TimeSpan.Zero), zone).DateTime == clock);

    // Local times at which the offset changed, in the years of today's telephone systems.
    private static IEnumerable<DateTime> ChangesOf(TimeZoneInfo zone)
    {
        var day = new DateTimeOffset(2004, 1, 1, 0, 0, 0, TimeSpan.Zero);
        for (var next = day.AddDays(1); next.Year < 2030; (day, next) = (next, next.AddDays(1)))
        {
            if (zone.GetUtcOffset(day) != zone.GetUtcOffset(next))
            {
                var hour = Enumerable.Range(0, 24).Select(hours => day.AddHours(hours)).First(at => zone.GetUtcOffset(at) != zone.GetUtcOffset(at.AddHours(1)));
                yield return hour.UtcDateTime + zone.GetUtcOffset(hour);
            }
        }
    }
}
