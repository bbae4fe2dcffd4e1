using PbxGrains.Grains.Sites;

namespace PbxGrains.Grains.Tests.Sites;

public sealed class PollCadenceTests
{
    private static readonly PollPeriods Periods = new()
    {
        Busy = TimeSpan.FromSeconds(2),
        PushSilent = TimeSpan.FromSeconds(5),
        PushProven = TimeSpan.FromSeconds(30),
        BackoffFirst = TimeSpan.FromSeconds(5),
        BackoffLast = TimeSpan.FromMinutes(5),
        Heartbeat = TimeSpan.FromMinutes(5),
        CatchUp = TimeSpan.FromMinutes(15),
    };

    private readonly PollCadence _cadence = new(new Random(1));

    [Theory]
    [InlineData(true, true, 2)]
    [InlineData(true, false, 2)]
    [InlineData(false, false, 5)]
    [InlineData(false, true, 30)]
    public void Quick_while_calls_run_slow_while_pushes_are_proven(bool callsRunning, bool pushProven, int seconds) =>
        _cadence.AfterSuccess(Periods, callsRunning, pushProven).Should().Be(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void Pauses_grow_while_the_PBX_is_out_of_reach_and_stay_within_their_bound()
    {
        var pauses = Enumerable.Range(0, 20).Select(_ => _cadence.AfterFailure(Periods)).ToList();

        pauses[0].Should().BeCloseTo(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1));
        pauses[3].Should().BeCloseTo(TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(8));
        pauses.Should().OnlyContain(p => p <= TimeSpan.FromMinutes(6));
        pauses[^1].Should().BeGreaterThan(TimeSpan.FromMinutes(4));
    }

    [Fact]
    public void Sites_do_not_march_in_step() =>
        Enumerable.Range(0, 20).Select(seed => new PollCadence(new Random(seed)).AfterFailure(Periods)).Distinct().Should().HaveCountGreaterThan(15);

    [Fact]
    public void A_round_that_works_ends_the_growing()
    {
        _ = _cadence.AfterFailure(Periods);
        _ = _cadence.AfterFailure(Periods);

        _ = _cadence.AfterSuccess(Periods, callsRunning: false, pushProven: false);

        _cadence.AfterFailure(Periods).Should().BeCloseTo(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData(2, 30)]
    [InlineData(5, 30)]
    [InlineData(30, 90)]
    public void Knowledge_may_miss_two_rounds_before_it_is_stale(int period, int bound) =>
        Periods.BoundAt(TimeSpan.FromSeconds(period)).Should().Be(TimeSpan.FromSeconds(bound));
}
