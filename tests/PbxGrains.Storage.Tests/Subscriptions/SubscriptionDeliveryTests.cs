using System.Text.Json;
using PbxGrains.Storage.Events;
using PbxGrains.Storage.Subscriptions;
using PbxGrains.Storage.Tests.Events;
using static PbxGrains.Storage.Tests.Subscriptions.SubscriptionStore;

namespace PbxGrains.Storage.Tests.Subscriptions;

public sealed class SubscriptionDeliveryTests : IAsyncLifetime
{
    private SubscriptionStore _store = null!;
    private Guid _one;

    private static CancellationToken Ct => MigratedDatabase.Ct;

    public async ValueTask InitializeAsync()
    {
        _store = await CreateAsync();
        _one = await _store.SubscribeAsync();
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task A_delivery_comes_with_its_event_and_its_target()
    {
        var told = SampleEvents.Ringing("paris");
        await EnqueueAsync(told);

        var batch = (await _store.Claims.ClaimAsync(_one, 10, Now, Lease, Ct))!;

        batch.Url.Should().Be("https://crm.example/hooks?key=hush");
        batch.Secrets.Should().ContainSingle().Which.Should().Equal(1, 2, 3);
        var claimed = batch.Deliveries.Should().ContainSingle().Subject;
        claimed.Event!.Event.Should().BeEquivalentTo(told);
        claimed.Event.CallSequence.Should().Be(1);
        claimed.Tries.Should().Be(0);
    }

    [Fact]
    public async Task The_backlog_is_what_waits_for_those_who_are_switched_on()
    {
        (await _store.Deliveries.BacklogAsync(Ct)).Should().Be(new DeliveryBacklog(0, null));
        await EnqueueAsync(Ringing(3));

        var waiting = await _store.Deliveries.BacklogAsync(Ct);

        waiting.Waiting.Should().Be(3);
        waiting.OldestAt.Should().NotBeNull();
        var row = (await _store.Registry.FindAsync(_one, Ct))!;
        await _store.Registry.UpdateAsync(_one, row.Terms with { Enabled = false }, Now, Ct);
        (await _store.Deliveries.BacklogAsync(Ct)).Waiting.Should().Be(0, "nobody waits for one that is switched off");
    }

    [Fact]
    public async Task What_one_worker_has_no_other_gets_before_the_lease_ends()
    {
        await EnqueueAsync(Ringing(3));

        var mine = await _store.ClaimAsync(_one, limit: 2);
        var others = await _store.ClaimAsync(_one);
        var afterwards = await _store.ClaimAsync(_one, at: Now + Lease);

        mine.Should().HaveCount(2);
        others.Should().ContainSingle();
        afterwards.Select(d => d.DeliveryId).Should().BeEquivalentTo(mine.Concat(others).Select(d => d.DeliveryId));
        afterwards.Should().OnlyContain(d => d.Claim == 2);
    }

    [Fact]
    public async Task Many_workers_share_what_is_due()
    {
        await EnqueueAsync(Ringing(1000));

        var claimed = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var all = new List<long>();
            while (await _store.ClaimAsync(_one, limit: 17) is { Count: > 0 } some)
            {
                all.AddRange(some.Select(d => d.DeliveryId));
            }

            return all;
        }, Ct)));

        claimed.SelectMany(ids => ids).Should().HaveCount(1000).And.OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task A_success_counts_whoever_tells_it_a_failure_only_from_the_last_who_claimed()
    {
        await EnqueueAsync(Ringing(2));
        var first = await _store.ClaimAsync(_one);
        var second = await _store.ClaimAsync(_one, at: Now + Lease);

        await _store.TellAsync(_one, [first[0]], DeliveryState.Delivered);
        await _store.TellAsync(_one, [first[1]], DeliveryState.Failed);
        var between = await _store.ListAsync(_one);
        await _store.TellAsync(_one, second, DeliveryState.Pending);

        between.Select(d => d.State).Should().Equal(DeliveryState.Delivered, DeliveryState.Pending);
        var after = await _store.ListAsync(_one);
        after.Select(d => d.State).Should().Equal(DeliveryState.Delivered, DeliveryState.Pending);
        after.Select(d => d.Tries).Should().Equal(0, 1);
        after[1].Attempts.Should().ContainSingle().Which.Status.Should().Be(500);
        after[1].DueAt.Should().Be(Now.AddSeconds(5));
        after[1].LeasedUntil.Should().BeNull();
    }

    [Fact]
    public async Task One_given_back_untried_has_lost_nothing()
    {
        await EnqueueAsync(Ringing(1));
        var claimed = await _store.ClaimAsync(_one);

        await _store.Outcomes.WriteAsync([new DeliveryOutcome(_one, claimed[0], DeliveryState.Pending, Now, Attempt: null)], Now, DisableAfter, Ct);

        (await _store.ClaimAsync(_one)).Should().ContainSingle().Which.Tries.Should().Be(0);
        (await _store.Registry.FindAsync(_one, Ct))!.FailingSince.Should().BeNull();
    }

    [Fact]
    public async Task Five_days_without_a_success_switch_a_subscription_off_and_are_told()
    {
        await EnqueueAsync(Ringing(1));
        await FailAsync(Now);
        await FailAsync(Now.AddDays(4));
        (await _store.Registry.FindAsync(_one, Ct))!.FailingSince.Should().Be(Now);

        (await FailAsync(Now.AddDays(5))).Should().Equal(_one);

        var row = (await _store.Registry.FindAsync(_one, Ct))!;
        row.Terms.Enabled.Should().BeFalse();
        row.DisabledReason.Should().Be(DisabledReason.Failing);
        (await _store.ClaimAsync(_one, at: Now.AddDays(9))).Should().BeEmpty();
        var told = (await _store.ReadAllAsync())[^1].Event;
        told.Type.Should().Be("pbx.subscription.disabled");
        told.Subject.Should().Be($"subscriptions/{_one}");
        var data = JsonElement.Parse(told.Data);
        data.GetProperty("reason").GetString().Should().Be("failing");
        data.GetProperty("url").GetString().Should().Be("https://crm.example/hooks", "a query may hold a secret");
    }

    [Fact]
    public async Task One_success_begins_the_five_days_anew()
    {
        await EnqueueAsync(Ringing(2));
        await FailAsync(Now);
        await _store.TellAsync(_one, await _store.ClaimAsync(_one, limit: 1, at: Now.AddDays(4)), DeliveryState.Delivered, Now.AddDays(4));
        (await _store.Registry.FindAsync(_one, Ct))!.FailingSince.Should().BeNull();

        (await FailAsync(Now.AddDays(6))).Should().BeEmpty();

        (await _store.Registry.FindAsync(_one, Ct))!.FailingSince.Should().Be(Now.AddDays(6));
    }

    [Fact]
    public async Task A_target_that_is_gone_gets_nothing_more()
    {
        await EnqueueAsync(Ringing(3));

        (await _store.TellAsync(_one, await _store.ClaimAsync(_one, limit: 1), DeliveryState.Failed, isGone: true)).Should().Equal(_one);

        (await _store.Registry.FindAsync(_one, Ct))!.DisabledReason.Should().Be(DisabledReason.Gone);
        (await _store.ClaimAsync(_one)).Should().BeEmpty();
        (await _store.Claims.DueAsync(Ct)).Should().BeEmpty();
    }

    [Fact]
    public async Task What_was_given_up_can_be_sent_again_as_long_as_its_event_is_there()
    {
        await EnqueueAsync(Ringing(1));
        await _store.TellAsync(_one, await _store.ClaimAsync(_one), DeliveryState.Failed);
        var id = (await _store.ListAsync(_one)).Single().DeliveryId;
        (await _store.ClaimAsync(_one, at: Now.AddDays(1))).Should().BeEmpty();

        (await _store.Deliveries.ResendAsync(_one, id, Now, Ct)).Should().Be(ResendOutcome.Enqueued);

        (await _store.ClaimAsync(_one)).Should().ContainSingle().Which.Tries.Should().Be(0);
        (await _store.Deliveries.ResendAsync(_one, id + 1, Now, Ct)).Should().Be(ResendOutcome.Unknown);
        (await _store.Deliveries.ResendAsync(Guid.NewGuid(), id, Now, Ct)).Should().Be(ResendOutcome.Unknown);
        await _store.SqlAsync("DELETE FROM pbx.event");
        (await _store.Deliveries.ResendAsync(_one, id, Now, Ct)).Should().Be(ResendOutcome.EventGone);
    }

    [Fact]
    public async Task A_secret_that_was_replaced_signs_beside_the_new_one_for_a_while()
    {
        await EnqueueAsync(Ringing(9));
        await _store.Registry.RotateAsync(_one, [4], Now, TimeSpan.FromHours(24), Ct);
        (await SecretsAsync(Now.AddHours(23))).Should().BeEquivalentTo(new byte[][] { [4], [1, 2, 3] }, options => options.WithStrictOrdering());
        (await SecretsAsync(Now.AddHours(24))).Should().BeEquivalentTo(new byte[][] { [4] });

        await _store.Registry.RotateAsync(_one, [5], Now, TimeSpan.FromHours(24), Ct);
        (await SecretsAsync(Now.AddHours(1))).Should().BeEquivalentTo(new byte[][] { [5], [4] }, options => options.WithStrictOrdering());
        (await _store.Registry.RotateAsync(Guid.NewGuid(), [5], Now, TimeSpan.Zero, Ct)).Should().BeFalse();
    }

    [Fact]
    public async Task Old_deliveries_are_cleared_away_and_those_of_removed_subscriptions()
    {
        var retention = new DeliveryRetention(_store.Data);
        var other = await _store.SubscribeAsync();
        await EnqueueAsync(Ringing(3));
        await _store.TellAsync(_one, await _store.ClaimAsync(_one, limit: 1), DeliveryState.Delivered);
        await _store.TellAsync(_one, await _store.ClaimAsync(_one, limit: 1), DeliveryState.Failed);

        (await ApplyAsync(6)).Should().Be(0);
        (await ApplyAsync(8)).Should().Be(1);
        (await _store.ListAsync(_one)).Select(d => d.State).Should().Equal(DeliveryState.Failed, DeliveryState.Pending);
        (await _store.Registry.RemoveAsync(other, Ct)).Should().BeTrue();
        (await ApplyAsync(8)).Should().Be(3);
        (await ApplyAsync(31)).Should().Be(2);

        Task<long> ApplyAsync(int days) => retention.ApplyAsync(Now.AddDays(days), TimeSpan.FromDays(7), TimeSpan.FromDays(30), Ct);
    }

    [Fact]
    public async Task A_test_message_goes_the_same_way_and_says_nothing_about_the_target()
    {
        var row = await _store.Deliveries.AddTestAsync(_one, Guid.CreateVersion7(Now), "pbx.subscription.test", "{}", Now, Ct);
        row.IsTest.Should().BeTrue();

        var claimed = await _store.ClaimAsync(_one);
        claimed.Should().ContainSingle().Which.Body.Should().Be("{}");
        await _store.TellAsync(_one, claimed, DeliveryState.Failed);

        (await _store.Deliveries.FindAsync(_one, row.DeliveryId, Ct))!.State.Should().Be(DeliveryState.Failed);
        (await _store.Registry.FindAsync(_one, Ct))!.FailingSince.Should().BeNull();
    }

    [Fact]
    public async Task Who_is_next_is_known_for_every_subscription()
    {
        await EnqueueAsync(Ringing(2));
        (await _store.Claims.DueAsync(Ct)).Should().Equal((_one, Now));

        await _store.TellAsync(_one, await _store.ClaimAsync(_one), DeliveryState.Pending);

        (await _store.Claims.DueAsync(Ct)).Should().Equal((_one, Now.AddSeconds(5)));
    }

    private async Task EnqueueAsync(params EventRow[] events)
    {
        await _store.AppendAsync(events);
        await _store.FollowAsync();
    }

    private async Task<IReadOnlyList<Guid>> FailAsync(DateTimeOffset at) =>
        await _store.TellAsync(_one, await _store.ClaimAsync(_one, limit: 1, at: at), DeliveryState.Pending, at);

    private async Task<IReadOnlyList<byte[]>> SecretsAsync(DateTimeOffset at) => (await _store.Claims.ClaimAsync(_one, 1, at, Lease, Ct))!.Secrets;
}
