using CsCheck;
using PbxGrains.Grains.Cdrs;

namespace PbxGrains.Grains.Tests.Cdrs;

public sealed class CatchUpPlanTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo Paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    [Fact]
    public void Windows_are_asked_for_in_the_wall_clock_of_the_site() =>
        CatchUpPlan.Windows(Noon, Noon.AddHours(1), CatchUpPlan.LongestWindow, Paris)
            .Should().Equal(new WallClockWindow(new DateTime(2026, 3, 2, 13, 0, 0), new DateTime(2026, 3, 2, 14, 0, 0)));

    [Fact]
    public void Windows_leave_no_gap_and_none_is_longer_than_asked() =>
        Gen.Select(Gen.Int[0, 400 * 24], Gen.Int[1, 24 * 10], Gen.Int[1, 24]).Sample((startHour, hours, longestHours) =>
        {
            var from = Noon.AddHours(startHour);
            var windows = CatchUpPlan.Windows(from, from.AddHours(hours), TimeSpan.FromHours(longestHours), Paris).ToList();

            var joined = windows.Zip(windows.Skip(1)).All(pair => pair.First.To == pair.Second.From);
            var bounded = windows.TrueForAll(w => w.To > w.From && w.To - w.From <= TimeSpan.FromHours(longestHours));
            var covers = windows.Count == 0 || (windows[0].From == TimeZoneInfo.ConvertTime(from, Paris).DateTime && windows[^1].To == TimeZoneInfo.ConvertTime(from.AddHours(hours), Paris).DateTime);
            return joined && bounded && covers;
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
