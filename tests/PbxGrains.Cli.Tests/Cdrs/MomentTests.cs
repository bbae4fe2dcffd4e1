using PbxGrains.Cli.Terminals;

namespace PbxGrains.Cli.Tests.Cdrs;

public sealed class MomentTests
{
    [Theory]
    [InlineData("2026-11-22", "2026-11-21T23:00:00Z")]
    [InlineData("2026-07-14", "2026-07-13T22:00:00Z")]
    [InlineData("2026-11-22T08:05", "2026-11-22T07:05:00Z")]
    [InlineData("2026-11-22 08:05:09", "2026-11-22T07:05:09Z")]
    [InlineData("2026-11-22T08:05Z", "2026-11-22T08:05:00Z")]
    [InlineData("2026-11-22T08:05:00.25-05:00", "2026-11-22T13:05:00.25Z")]
    [InlineData("2026-11-22 10:30:05+01:00", "2026-11-22T09:30:05Z")]
    [InlineData("today", "2026-11-21T23:00:00Z")]
    [InlineData("Yesterday", "2026-11-20T23:00:00Z")]
    [InlineData("30m", "2026-11-22T09:30:00Z")]
    [InlineData("2h", "2026-11-22T08:00:00Z")]
    [InlineData("7d", "2026-11-15T10:00:00Z")]
    [InlineData("2w", "2026-11-08T10:00:00Z")]
    public void A_moment_is_meant_in_the_terminals_zone(string text, string expected)
    {
        var (at, complaint) = Moment.Read(text, FixedTime.InParis);

        complaint.Should().BeNull();
        Moment.Written(at!.Value).Should().Be(expected);
    }

    [Theory]
    [InlineData("2026-10-25T02:30", "2026-10-25T00:30:00Z", "the first of the two")]
    [InlineData("2026-03-29T02:30", "2026-03-29T01:30:00Z", "as if the clock had gone on")]
    public void The_night_the_clocks_change_has_an_answer_too(string text, string expected, string because)
    {
        Moment.Written(Moment.Read(text, FixedTime.InParis).At!.Value).Should().Be(expected, because);
    }

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("2026-13-01")]
    [InlineData("22/11/2026")]
    [InlineData("-2h")]
    [InlineData("2y")]
    [InlineData("1000000d")]
    public void What_is_no_moment_is_told(string text)
    {
        var (at, complaint) = Moment.Read(text, FixedTime.InParis);

        at.Should().BeNull();
        complaint.Should().Contain("2026-01-31");
    }

    [Fact]
    public void The_longest_time_ago_is_still_a_date()
    {
        Moment.Read("99999w", FixedTime.InParis).At!.Value.Year.Should().BeLessThan(200);
    }

    [Theory]
    [InlineData(0, "0:00")]
    [InlineData(62, "1:02")]
    [InlineData(4503, "75:03")]
    [InlineData(null, "–")]
    public void Durations_are_minutes_and_seconds(int? seconds, string expected)
    {
        LocalTime.Duration(seconds).Should().Be(expected);
    }
}
