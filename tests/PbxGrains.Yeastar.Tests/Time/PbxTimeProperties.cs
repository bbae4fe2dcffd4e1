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
                return zone.IsInvalidTime(DateTime.SpecifyKind(clock, DateTimeKind.Unspecified)) ? shown > clock : shown == clock;
            },
            iter: 5000);
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
}
