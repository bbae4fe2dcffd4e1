using PbxGrains.Grains.Cdrs;

namespace PbxGrains.Grains.Tests.Cdrs;

public sealed class PbxClockReadingTests
{
    private static readonly DateTimeOffset Nine = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo Paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    [Theory]
    [InlineData("2026-03-02T10:00:01+01:00", 0, 0, false, "2026-03-02T10:00:00")]
    [InlineData("2026-03-02T10:01:00+01:00", 58, 0, false, "2026-03-02T10:00:58")]
    [InlineData("2026-03-02T10:05:02+01:00", 300, 0, true, "2026-03-02T10:05:00")]
    [InlineData("2026-03-02T05:00:00+01:00", -18000, 0, true, "2026-03-02T05:00:00")]
    [InlineData("2026-03-02T04:00:00-05:00", 0, -6, false, "2026-03-02T04:00:00")]
    [InlineData("2026-03-02T10:00:00-05:00", 21598, -6, true, "2026-03-02T09:59:58")]
    public void What_a_PBX_tells_is_compared_with_time_and_zone(string told, int aheadSeconds, int zoneHours, bool wrong, string wall)
    {
        var reading = PbxClockReading.Of(DateTimeOffset.Parse(told, null), Nine, Nine.AddSeconds(2), Paris);

        reading.Should().Be(new PbxClockReading(TimeSpan.FromSeconds(aheadSeconds), TimeSpan.FromHours(zoneHours)));
        reading.IsWrong.Should().Be(wrong);
        reading.WallClockAt(Nine, Paris).Should().Be(DateTime.Parse(wall, null));
    }

    [Theory]
    [InlineData("1970-01-01T00:00:00+01:00", true)]
    [InlineData("2099-01-01T00:00:00+01:00", true)]
    [InlineData("2026-03-04T10:00:00+01:00", false)]
    public void A_clock_days_off_is_absurd(string told, bool absurd) =>
        PbxClockReading.Of(DateTimeOffset.Parse(told, null), Nine, Nine, Paris).IsAbsurd.Should().Be(absurd);
}
