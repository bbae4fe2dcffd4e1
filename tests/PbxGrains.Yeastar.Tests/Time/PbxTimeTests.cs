using PbxGrains.Yeastar.Time;

namespace PbxGrains.Yeastar.Tests.Time;

public sealed class PbxTimeTests
{
    private static readonly TimeZoneInfo Paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    /// <summary>Samples of both dialects: call id, wall clock, true instant (fact sheet S-Series §5).</summary>
    [Theory]
    [InlineData("1547391782.318", "2019-01-13 23:03:02", "2019-01-13T15:03:02Z")]
    [InlineData("1547392142.330", "2019-01-13 23:09:02", "2019-01-13T15:09:02Z")]
    [InlineData("1571898400.14", "2019-10-23 22:26:40", "2019-10-24T06:26:40Z")]
    [InlineData("1571897930.5", "2019-10-23 22:18:50", "2019-10-24T06:18:50Z")]
    [InlineData("1571897930.5", "2019-10-23 22:20:50", "2019-10-24T06:20:50Z")]
    [InlineData("1571897930.5", "2019-10-23 22:16:50", "2019-10-24T06:16:50Z")]
    [InlineData("1571897930.5", "2019-10-24 11:48:50", "2019-10-24T06:18:50Z")]
    [InlineData("1571897930.5", "2019-10-24 12:03:51", "2019-10-24T06:18:51Z")]
    [InlineData("1571897930.5", "2019-10-24 21:18:50", "2019-10-24T06:18:50Z")]
    public void Call_id_and_wall_clock_tell_the_instant_whatever_zone_is_configured(string callId, string wallClock, string utc)
    {
        var instant = PbxTime.InstantOf(callId, WallClock.Parse(wallClock), Paris);

        instant.Should().Be(new PbxInstant(Utc(utc), PbxInstantSource.FromCallId));
    }

    [Theory]
    [InlineData("1571897930.5", "2019-10-24 08:28:50", "2019-10-24T06:28:50Z")]
    [InlineData("1571897930.5", "2019-10-24 08:33:50", "2019-10-24T06:33:50Z")]
    [InlineData("1571897930.5", "2019-10-24 08:48:10", "2019-10-24T06:48:10Z")]
    [InlineData("1571897930.5", "2019-10-24 08:20:51", "2019-10-24T06:20:51Z")]
    [InlineData("1571897930.5", "2019-10-24 22:18:50", "2019-10-24T20:18:50Z")]
    [InlineData("no call id", "2019-10-24 08:18:50", "2019-10-24T06:18:50Z")]
    [InlineData(null, "2019-10-24 08:18:50", "2019-10-24T06:18:50Z")]
    [InlineData(null, "2019-12-24 08:18:50", "2019-12-24T07:18:50Z")]
    public void Where_the_call_id_does_not_tell_the_configured_zone_counts(string? callId, string wallClock, string utc)
    {
        var instant = PbxTime.InstantOf(callId, WallClock.Parse(wallClock), Paris);

        instant.Should().Be(new PbxInstant(Utc(utc), PbxInstantSource.FromZone));
    }

    [Fact]
    public void A_time_the_clocks_skip_is_moved_forward()
    {
        var instant = PbxTime.InstantOf(null, WallClock.Parse("2019-03-31 02:30:00"), Paris);

        instant!.Value.Utc.Should().Be(Utc("2019-03-31T01:30:00Z"));
        TimeZoneInfo.ConvertTime(instant.Value.Utc, Paris).TimeOfDay.Should().Be(new TimeSpan(3, 30, 0));
    }

    [Fact]
    public void Of_a_time_the_clocks_show_twice_the_earlier_counts()
    {
        var instant = PbxTime.InstantOf(null, WallClock.Parse("2019-10-27 02:30:00"), Paris);

        instant!.Value.Utc.Should().Be(Utc("2019-10-27T00:30:00Z"));
    }

    [Theory]
    [InlineData("2019-10-27T00:30:00Z")]
    [InlineData("2019-10-27T01:30:00Z")]
    public void The_call_id_tells_which_of_two_equal_times_it_was(string start)
    {
        var callId = $"{Utc(start).ToUnixTimeSeconds()}.7";

        var instant = PbxTime.InstantOf(callId, WallClock.Parse("2019-10-27 02:30:00"), Paris);

        instant.Should().Be(new PbxInstant(Utc(start), PbxInstantSource.FromCallId));
    }

    [Fact]
    public void A_later_leg_within_the_repeated_hour_is_not_before_its_call()
    {
        var callId = $"{Utc("2019-10-27T01:10:00Z").ToUnixTimeSeconds()}.7";

        var instant = PbxTime.InstantOf(callId, WallClock.Parse("2019-10-27 02:16:30"), Paris);

        instant.Should().Be(new PbxInstant(Utc("2019-10-27T01:16:30Z"), PbxInstantSource.FromZone));
    }

    [Theory]
    [InlineData("Asia/Kathmandu", "1571897930.5", "2019-10-24 12:03:50")]
    [InlineData("Pacific/Apia", "1571897930.5", "2019-10-24 20:18:50")]
    [InlineData("Australia/Lord_Howe", "1571897930.5", "2019-10-24 17:18:50")]
    public void Odd_offsets_agree_with_their_zone(string zone, string callId, string wallClock)
    {
        var configured = TimeZoneInfo.FindSystemTimeZoneById(zone);
        var clock = WallClock.Parse(wallClock);

        PbxTime.InstantOf(callId, clock, configured).Should().Be(new PbxInstant(Utc("2019-10-24T06:18:50Z"), PbxInstantSource.FromCallId));
        PbxTime.InstantOf(null, clock, configured).Should().Be(new PbxInstant(Utc("2019-10-24T06:18:50Z"), PbxInstantSource.FromZone));
    }

    [Fact]
    public void Without_a_wall_clock_the_call_id_alone_tells_the_start()
    {
        PbxTime.InstantOf("1571897930.5", null, Paris).Should().Be(new PbxInstant(Utc("2019-10-24T06:18:50Z"), PbxInstantSource.CallIdAlone));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("nonsense", null)]
    [InlineData("1571897930.5", "0001-01-01 00:00:00")]
    [InlineData("1571897930.5", "9999-12-31 23:59:59")]
    public void Nothing_known_is_no_instant(string? callId, string? wallClock)
    {
        PbxTime.InstantOf(callId, WallClock.Parse(wallClock), Paris).Should().BeNull();
    }

    [Theory]
    [InlineData("1495779310.371", "2017-05-26T06:15:10Z")]
    [InlineData(" 1495779310.0 ", "2017-05-26T06:15:10Z")]
    [InlineData("1495779310", "2017-05-26T06:15:10Z")]
    [InlineData("946684800.1", "2000-01-01T00:00:00Z")]
    [InlineData("4102444799.1", "2099-12-31T23:59:59Z")]
    [InlineData("946684799.1", null)]
    [InlineData("4102444800.1", null)]
    [InlineData("99999999999.1", null)]
    [InlineData("999999999999999999999.1", null)]
    [InlineData("-1495779310.1", null)]
    [InlineData("1495779310.x", null)]
    [InlineData("1495779310.1.2", null)]
    [InlineData(".1", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void The_epoch_of_a_call_id_is_read_within_a_sane_century(string? callId, string? utc)
    {
        PbxTime.CallIdEpoch(callId).Should().Be(utc is null ? null : Utc(utc));
    }

    [Theory]
    [InlineData("2019-01-13 23:03:02", "2019-01-13T23:03:02")]
    [InlineData(" 2019-01-13  23:03:02 ", "2019-01-13T23:03:02")]
    [InlineData("2019-01-13T23:03:02", "2019-01-13T23:03:02")]
    [InlineData("2019/1/3 3:03:02", "2019-01-03T03:03:02")]
    [InlineData("2019-01-13 23:03:02.500", "2019-01-13T23:03:02.5")]
    [InlineData("2019-01-13 23:03", "2019-01-13T23:03:00")]
    [InlineData("2019-02-29 23:03:02", null)]
    [InlineData("2019-01-13 24:03:02", null)]
    [InlineData("2019-01-13 23:03:02 UTC-8", null)]
    [InlineData("2019-01-13T23:03:02Z", null)]
    [InlineData("13/01/2019 23:03:02", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_wall_clock_is_read_and_never_guessed(string? text, string? expected)
    {
        var clock = WallClock.Parse(text);

        clock.Should().Be(expected is null ? null : DateTime.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));
        (clock?.Kind ?? DateTimeKind.Unspecified).Should().Be(DateTimeKind.Unspecified);
    }

    [Fact]
    public void A_wall_clock_is_written_as_a_PBX_expects_it()
    {
        WallClock.Write(new DateTime(2019, 1, 3, 3, 4, 5, DateTimeKind.Unspecified)).Should().Be("2019-01-03 03:04:05");
    }

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
