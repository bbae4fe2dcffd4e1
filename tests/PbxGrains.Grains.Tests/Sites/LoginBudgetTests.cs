using PbxGrains.Grains.Sites;

namespace PbxGrains.Grains.Tests.Sites;

public sealed class LoginBudgetTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly LoginRecord _record = new() { CredentialsVersion = 1 };

    private LoginBudget Budget => new(_record);

    [Fact]
    public void A_clock_that_was_set_back_makes_no_pause_longer()
    {
        var early = new DateTimeOffset(2026, 3, 2, 7, 0, 0, TimeSpan.Zero);
        var budget = new LoginBudget(new LoginRecord());
        _ = budget.Ask(1, early.AddHours(5));
        budget.Begin();
        budget.LockedOut(early.AddHours(5));

        budget.Ask(1, early).NotBefore.Should().Be(early + LoginBudget.LockOut);
        budget.Ask(1, early + LoginBudget.LockOut).Allowed.Should().BeTrue();
    }

    [Fact]
    public void Two_refusals_stop_all_logins_for_good()
    {
        Attempt(b => b.Refused(Noon));
        Attempt(b => b.Refused(Noon.AddMinutes(1)), Noon.AddMinutes(1));

        Budget.Ask(1, Noon.AddYears(1)).Should().Be(new LoginPermission(Allowed: false, Stopped: true, NotBefore: null));
    }

    [Fact]
    public void After_the_first_refusal_the_second_try_waits_a_minute()
    {
        Attempt(b => b.Refused(Noon));

        Budget.Ask(1, Noon.AddSeconds(59)).Allowed.Should().BeFalse();
        Budget.Ask(1, Noon.AddSeconds(60)).Allowed.Should().BeTrue();
    }

    [Fact]
    public void Other_credentials_start_afresh()
    {
        Attempt(b => b.Refused(Noon));
        Attempt(b => b.Refused(Noon), Noon.AddMinutes(1));

        Budget.Ask(credentialsVersion: 2, Noon).Allowed.Should().BeTrue();
    }

    [Fact]
    public void An_operator_can_start_logins_again()
    {
        Attempt(b => b.Refused(Noon));
        Attempt(b => b.Refused(Noon), Noon.AddMinutes(1));

        Budget.Forget();

        Budget.Ask(1, Noon).Allowed.Should().BeTrue();
    }

    [Fact]
    public void Processes_killed_during_logins_cannot_use_up_the_five_tries_of_the_PBX()
    {
        // Each attempt is written down before it leaves; the kill comes before its outcome is.
        _ = Budget.Ask(1, Noon);
        Budget.Begin();
        Budget.Ask(1, Noon).Allowed.Should().BeTrue();
        Budget.Begin();

        var afterTwoKills = Budget.Ask(1, Noon);

        afterTwoKills.Should().Be(new LoginPermission(Allowed: false, Stopped: false, Noon + LoginBudget.LockOut));
        Budget.Ask(1, Noon + LoginBudget.LockOut).Allowed.Should().BeTrue();
    }

    [Fact]
    public void A_kill_after_a_refusal_leaves_no_second_failure_to_be_made_at_once()
    {
        Attempt(b => b.Refused(Noon));
        _ = Budget.Ask(1, Noon.AddMinutes(1));
        Budget.Begin();

        Budget.Ask(1, Noon.AddMinutes(2)).Allowed.Should().BeFalse();
    }

    [Fact]
    public void A_kill_before_a_refusal_was_written_down_leaves_one_more_try_only()
    {
        _ = Budget.Ask(1, Noon);
        Budget.Begin();

        Attempt(b => b.Refused(Noon));

        Budget.Ask(1, Noon.AddYears(1)).Should().Be(new LoginPermission(Allowed: false, Stopped: true, NotBefore: null));
    }

    [Fact]
    public void Credentials_the_PBX_once_accepted_do_not_count_lost_answers()
    {
        Attempt(b => b.Accepted());
        for (var i = 0; i < 10; i++)
        {
            Attempt(b => b.Unresolved(Noon));
        }

        Budget.Ask(1, Noon).Allowed.Should().BeTrue();
    }

    [Fact]
    public void A_lock_out_is_waited_for()
    {
        Attempt(b => b.LockedOut(Noon));

        Budget.Ask(1, Noon.AddMinutes(10)).Should().Be(new LoginPermission(Allowed: false, Stopped: false, Noon + LoginBudget.LockOut));
        Budget.Ask(1, Noon + LoginBudget.LockOut).Allowed.Should().BeTrue();
    }

    [Fact]
    public void What_never_reached_the_PBX_costs_nothing()
    {
        for (var i = 0; i < 10; i++)
        {
            Attempt(b => b.CostNothing());
        }

        Budget.Ask(1, Noon).Allowed.Should().BeTrue();
    }

    private void Attempt(Action<LoginBudget> outcome, DateTimeOffset? at = null)
    {
        Budget.Ask(1, at ?? Noon).Allowed.Should().BeTrue();
        Budget.Begin();
        outcome(Budget);
    }
}
