using PbxGrains.Hosting.Clock;

namespace PbxGrains.Hosting.Tests.Clock;

public sealed class SteadyTimeTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly Machine _machine = new(Noon);

    [Fact]
    public void It_is_the_machines_time()
    {
        var time = new SteadyTime(_machine);

        _machine.Pass(TimeSpan.FromHours(5));

        time.GetUtcNow().Should().Be(Noon.AddHours(5));
    }

    [Fact]
    public void A_clock_set_ahead_is_followed_at_once()
    {
        var time = new SteadyTime(_machine);

        _machine.Set(TimeSpan.FromSeconds(45));

        time.GetUtcNow().Should().Be(Noon.AddSeconds(45));
    }

    [Fact]
    public void A_clock_set_back_is_followed_slowly_until_both_agree()
    {
        var time = new SteadyTime(_machine);
        _machine.Set(TimeSpan.FromSeconds(-10));
        time.GetUtcNow().Should().Be(Noon, "it never goes back");

        var before = time.GetUtcNow();
        for (var i = 0; i < 1000; i++)
        {
            _machine.Pass(TimeSpan.FromMilliseconds(100));
            var now = time.GetUtcNow();
            (now - before).TotalMilliseconds.Should().BeApproximately(98, 0.01);
            before = now;
        }

        _machine.Pass(TimeSpan.FromMinutes(10));

        time.GetUtcNow().Should().Be(_machine.GetUtcNow());
        _machine.Pass(TimeSpan.FromSeconds(1));
        time.GetUtcNow().Should().Be(_machine.GetUtcNow());
    }

    [Fact]
    public void However_often_it_is_asked_a_clock_set_back_is_caught_up_with()
    {
        var time = new SteadyTime(_machine);
        _machine.Set(TimeSpan.FromMilliseconds(-1));

        for (var i = 0; i < 1_000_000; i++)
        {
            _machine.Pass(TimeSpan.FromTicks(1));
            _ = time.GetUtcNow();
        }

        time.GetUtcNow().Should().BeCloseTo(_machine.GetUtcNow(), TimeSpan.FromMicroseconds(1));
    }

    [Fact]
    public void Another_time_altogether_is_taken_at_once()
    {
        var time = new SteadyTime(_machine);

        _machine.Set(TimeSpan.FromHours(-2));

        time.GetUtcNow().Should().Be(Noon.AddHours(-2));
    }

    /// <summary>A machine whose clock can be set, while time passes.</summary>
    private sealed class Machine(DateTimeOffset now) : TimeProvider
    {
        private TimeSpan _passed;
        private TimeSpan _set;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Pass(TimeSpan span) => _passed += span;

        public void Set(TimeSpan by) => _set += by;

        public override DateTimeOffset GetUtcNow() => now + _passed + _set;

        public override long GetTimestamp() => _passed.Ticks;
    }
}
