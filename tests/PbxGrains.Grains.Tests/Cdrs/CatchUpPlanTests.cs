using CsCheck;
using PbxGrains.Grains.Cdrs;

namespace PbxGrains.Grains.Tests.Cdrs;

public sealed class CatchUpPlanTests
{
    private static readonly DateTime Noon = new(2026, 3, 2, 12, 0, 0);
    private static readonly TimeZoneInfo Paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    [Fact]
    public void A_catch_up_reaches_back_behind_what_was_read_by_more_than_the_longest_call_and_a_jump_of_the_clocks() =>
        CatchUpPlan.Recent(Noon.AddHours(-1), Noon).Should().Be(new WallSpan(Noon.AddHours(-6), Noon.AddHours(2)));

    [Fact]
    public void The_first_one_reaches_back_a_day() =>
        CatchUpPlan.Recent(watermark: null, Noon).From.Should().Be(Noon.AddDays(-1));

    [Fact]
    public void After_a_clock_was_set_back_it_reads_what_was_written_before_that() =>
        CatchUpPlan.Recent(Noon.AddHours(5), Noon).Should().Be(new WallSpan(Noon.AddHours(-5), Noon.AddHours(7)));

    [Fact]
    public void After_a_clock_was_set_forward_it_goes_on_from_where_it_was() =>
        CatchUpPlan.Recent(Noon.AddDays(-9), Noon).From.Should().Be(Noon.AddDays(-9).AddHours(-5));

    [Fact]
    public void The_nightly_one_reads_three_days_or_more() =>
        (CatchUpPlan.Nightly(Noon, Noon).From, CatchUpPlan.Nightly(Noon.AddDays(-9), Noon).From).Should().Be((Noon.AddDays(-3), Noon.AddDays(-9).AddHours(-5)));

    [Fact]
    public void It_reads_whole_seconds() =>
        CatchUpPlan.Recent(watermark: null, Noon.AddMilliseconds(1)).Should().Be(new WallSpan(Noon.AddDays(-1), Noon.AddHours(2).AddSeconds(1)));

    [Theory]
    [InlineData(null, "2026-03-02T02:59", false)]
    [InlineData(null, "2026-03-02T03:00", true)]
    [InlineData("2026-03-01", "2026-03-02T23:00", true)]
    [InlineData("2026-03-02", "2026-03-02T23:00", false)]
    [InlineData("2026-03-03", "2026-03-02T23:00", false)]
    public void A_night_is_due_once_a_day_also_when_its_hour_was_missed(string? last, string local, bool due) =>
        CatchUpPlan.IsNightDue(last is null ? null : DateOnly.Parse(last, null), DateTime.Parse(local, null)).Should().Be(due);

    [Fact]
    public void Windows_follow_each_other_without_gap_and_none_is_longer_than_asked() =>
        Gen.Select(Gen.Int[1, 400], Gen.Int[1, 24]).Sample((hours, longest) =>
        {
            var rest = new WallSpan(Noon, Noon.AddHours(hours));
            List<WallSpan> windows = [];
            while (rest.Length > TimeSpan.Zero)
            {
                windows.Add(CatchUpPlan.First(rest, TimeSpan.FromHours(longest)));
                rest = rest with { From = windows[^1].To };
            }

            return windows[0].From == Noon && windows[^1].To == Noon.AddHours(hours)
                && windows.TrueForAll(w => w.Length <= TimeSpan.FromHours(longest))
                && windows.Zip(windows.Skip(1)).All(pair => pair.First.To == pair.Second.From);
        });

    /// <summary>Catch-ups every quarter of an hour over both changes of the clocks, each from where the last one came to.</summary>
    [Theory]
    [InlineData("2026-03-28T12:00:00Z")]
    [InlineData("2026-10-24T12:00:00Z")]
    public void A_record_of_any_call_up_to_the_longest_is_read_after_its_end_whatever_the_clocks_do(string start) =>
        Gen.Select(Gen.Int[0, 24 * 60], Gen.Int[0, 4 * 60]).Sample((begun, minutes) =>
        {
            var noon = DateTimeOffset.Parse(start, null);
            var (from, end) = (noon.AddMinutes(begun), noon.AddMinutes(begun + minutes));
            var told = PbxClockReading.Right.WallClockAt(from, Paris);
            DateTime? watermark = null;
            for (var now = noon.AddDays(-1); now < noon.AddDays(3); now = now.AddMinutes(15))
            {
                var wall = PbxClockReading.Right.WallClockAt(now, Paris);
                var span = CatchUpPlan.Recent(watermark, wall);
                if (now >= end)
                {
                    return span.From <= told && told < span.To;
                }

                watermark = watermark > wall ? watermark : wall;
            }

            return false;
        });
}
