using Microsoft.Extensions.Time.Testing;
using PbxGrains.Contracts;
using PbxGrains.Grains.Moves;

namespace PbxGrains.Grains.Tests.Moves;

/// <summary>How old what arrives counts. Nothing here moves, so there is neither actor nor cluster.</summary>
public sealed class SiteMoveTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void What_may_have_waited_for_an_actors_long_start_counts_as_old_as_that()
    {
        var called = _clock.GetUtcNow();
        using var move = Start(TimeSpan.FromSeconds(8));

        move.ArrivedBy(_clock.GetUtcNow(), _clock.GetUtcNow()).Should().Be(called);
        _clock.Advance(TimeSpan.FromMilliseconds(900));
        move.ArrivedBy(_clock.GetUtcNow(), _clock.GetUtcNow()).Should().Be(called);

        _clock.Advance(TimeSpan.FromMilliseconds(100));
        move.ArrivedBy(_clock.GetUtcNow(), _clock.GetUtcNow()).Should().Be(_clock.GetUtcNow());
    }

    [Fact]
    public void An_actor_that_started_quickly_takes_what_is_new()
    {
        using var move = Start(TimeSpan.FromSeconds(2));

        move.ArrivedBy(_clock.GetUtcNow(), _clock.GetUtcNow()).Should().Be(_clock.GetUtcNow());
    }

    [Fact]
    public void What_waited_for_a_start_that_failed_is_as_old_as_the_front_says_until_the_waiters_are_served()
    {
        var taken = _clock.GetUtcNow();
        _clock.Advance(TimeSpan.FromSeconds(4));
        using var move = Start(TimeSpan.FromSeconds(0.5));

        move.ArrivedBy(_clock.GetUtcNow(), taken).Should().Be(taken);
        move.ArrivedBy(_clock.GetUtcNow(), _clock.GetUtcNow().AddSeconds(45)).Should().Be(_clock.GetUtcNow(), "that front's clock is ahead");

        _clock.Advance(TimeSpan.FromSeconds(1));
        move.ArrivedBy(_clock.GetUtcNow(), taken).Should().Be(_clock.GetUtcNow());
    }

    private SiteMove Start(TimeSpan takes)
    {
        var move = new SiteMove(SiteId.Parse("paris"), actor: null!, work: null!, duty: null!, new LocalSites(shares: null!), _clock);
        _clock.Advance(takes);
        move.Begin();
        return move;
    }
}
