using CsCheck;
using PbxGrains.Grains.Cdrs;

namespace PbxGrains.Grains.Tests.Cdrs;

public sealed class CatchUpPlanTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo Paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    [Fact]
    public void A_window_is_asked_for_in_the_wall_clock_of_the_site() =>
        CatchUpPlan.First(Noon, Noon.AddHours(1), CatchUpPlan.LongestWindow, Paris)
            .Should().Be(new CatchUpSpan(Noon, Noon.AddHours(1), new DateTime(2026, 3, 2, 13, 0, 0), new DateTime(2026, 3, 2, 14, 0, 0)));

    [Fact]
    public void A_window_is_never_longer_than_asked() =>
        CatchUpPlan.First(Noon, Noon.AddDays(3), TimeSpan.FromHours(6), Paris).End.Should().Be(Noon.AddHours(6));

    [Fact]
    public void Every_wall_clock_moment_of_a_window_is_asked_for_when_clocks_are_set_back_or_forward() =>
        Gen.Select(Gen.Int[0, 400 * 24 * 4], Gen.Int[1, 24 * 4]).Sample((startQuarter, quarters) =>
        {
            var start = Noon.AddMinutes(15 * startQuarter);
            var window = CatchUpPlan.First(start, start.AddMinutes(15 * quarters), CatchUpPlan.LongestWindow, Paris);

            return Enumerable.Range(0, quarters + 1)
                .Select(i => TimeZoneInfo.ConvertTime(start.AddMinutes(15 * i), Paris).DateTime)
                .All(moment => moment <= window.To && (moment >= window.From || moment.AddHours(1) >= window.From));
        });

    [Fact]
    public void A_catch_up_reaches_back_behind_what_was_read_by_more_than_the_longest_call() =>
        CatchUpPlan.StartAfter(Noon.AddHours(-1), Noon).Should().Be(Noon.AddHours(-5));

    [Fact]
    public void The_first_one_reaches_back_a_day() =>
        CatchUpPlan.StartAfter(watermark: null, Noon).Should().Be(Noon.AddDays(-1));

    [Fact]
    public void A_watermark_from_the_future_is_not_believed() =>
        CatchUpPlan.StartAfter(Noon.AddDays(2), Noon).Should().Be(Noon.AddDays(-1));

    [Fact]
    public void Windows_get_smaller_down_to_an_hour()
    {
        CatchUpPlan.Smaller(TimeSpan.FromHours(24)).Should().Be(TimeSpan.FromHours(12));
        CatchUpPlan.Smaller(TimeSpan.FromHours(1.5)).Should().Be(TimeSpan.FromHours(1));
        CatchUpPlan.Smaller(TimeSpan.FromHours(1)).Should().BeNull();
    }
}
