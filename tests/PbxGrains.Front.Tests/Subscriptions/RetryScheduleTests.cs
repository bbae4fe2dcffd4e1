using PbxGrains.Front.Subscriptions;

namespace PbxGrains.Front.Tests.Subscriptions;

public sealed class RetryScheduleTests
{
    [Fact]
    public void There_are_ten_attempts_over_three_days_with_pauses_a_little_longer_by_chance()
    {
        double[] minutes = [5 / 60.0, 5, 30, 120, 300, 600, 840, 1200, 1440];

        for (var failures = 1; failures <= minutes.Length; failures++)
        {
            var pauses = Enumerable.Range(0, 50).Select(_ => RetrySchedule.PauseAfter(failures, wish: null)!.Value).ToList();
            pauses.Should().OnlyContain(pause => pause >= TimeSpan.FromMinutes(minutes[failures - 1]) && pause <= TimeSpan.FromMinutes(minutes[failures - 1] * 1.1001));
            pauses.Distinct().Should().HaveCountGreaterThan(5, "chance must spread them");
        }

        RetrySchedule.Attempts.Should().Be(10);
        RetrySchedule.PauseAfter(10, wish: null).Should().BeNull();
        RetrySchedule.PauseAfter(10, TimeSpan.FromSeconds(1)).Should().BeNull();
    }

    [Fact]
    public void A_target_may_ask_for_a_longer_pause_but_not_for_a_shorter_one_or_for_ever()
    {
        RetrySchedule.PauseAfter(1, TimeSpan.FromMinutes(10)).Should().Be(TimeSpan.FromMinutes(10));
        RetrySchedule.PauseAfter(2, TimeSpan.FromSeconds(1)).Should().BeGreaterThanOrEqualTo(TimeSpan.FromMinutes(5));
        RetrySchedule.PauseAfter(1, TimeSpan.FromDays(400)).Should().Be(TimeSpan.FromHours(24));
        RetrySchedule.PauseAfter(1, TimeSpan.FromDays(-400)).Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(5));
    }
}
