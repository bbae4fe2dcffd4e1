using PbxGrains.Contracts;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Grains.Extensions;

namespace PbxGrains.Grains.Tests.Extensions;

public sealed class ExtensionJudgeTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly ExtensionId Jana = new(SiteId.Parse("paris"), ExtensionNumber.Parse("0010"));
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(45)]
    [InlineData(1)]
    [InlineData(0)]
    public void What_a_silo_with_a_clock_ahead_says_is_as_old_here_as_it_is_there(int secondsAhead)
    {
        var told = Told(by: TimeSpan.FromSeconds(secondsAhead), confirmed: TimeSpan.FromSeconds(-3), listed: TimeSpan.FromSeconds(-4));

        var known = ExtensionJudge.Dated(told, Noon);

        known.Should().BeEquivalentTo(new { Now = Noon, ConfirmedAt = Noon.AddSeconds(-4), StaleAfter = Bound, State = new { ConfirmedAt = Noon.AddSeconds(-3), Status = ExtensionStatus.Idle } });
    }

    [Fact]
    public void It_is_stale_when_its_time_is_over_and_stays_so_when_the_time_comes_that_it_was_dated_with()
    {
        var known = ExtensionJudge.Dated(Told(by: TimeSpan.FromSeconds(45), confirmed: TimeSpan.Zero, listed: TimeSpan.Zero), Noon);

        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromMinutes(2); passed += TimeSpan.FromSeconds(0.5))
        {
            var view = ExtensionJudge.View(Jana, known.State!, known.ConfirmedAt, known.StaleAfter, Noon + passed);

            view.Status.Should().Be(passed <= Bound ? ExtensionStatus.Idle : ExtensionStatus.Unknown, "{0} have passed", passed);
        }
    }

    [Fact]
    public void What_a_silo_with_a_clock_behind_says_does_not_become_younger()
    {
        var told = Told(by: TimeSpan.FromSeconds(-45), confirmed: TimeSpan.Zero, listed: TimeSpan.Zero);

        ExtensionJudge.Dated(told, Noon).Should().Be(told);
    }

    [Fact]
    public void An_extension_nobody_knows_stays_unknown()
    {
        var told = new ExtensionKnowledge(State: null, ConfirmedAt: null, Bound, Noon.AddSeconds(45));

        ExtensionJudge.Dated(told, Noon).Should().Be(told with { Now = Noon });
    }

    private static ExtensionKnowledge Told(TimeSpan by, TimeSpan confirmed, TimeSpan listed)
    {
        var there = Noon + by;
        return new ExtensionKnowledge(new ExtensionState { Status = ExtensionStatus.Idle, ConfirmedAt = there + confirmed }, there + listed, Bound, there);
    }
}
