using PbxGrains.Storage.Events;
using PbxGrains.Storage.Subscriptions;
using PbxGrains.Storage.Tests.Events;
using PbxGrains.Testing;
using static PbxGrains.Storage.Tests.Subscriptions.SubscriptionStore;

namespace PbxGrains.Storage.Tests.Subscriptions;

public sealed class SubscriptionFanOutTests : IAsyncLifetime
{
    private SubscriptionStore _store = null!;

    private static CancellationToken Ct => MigratedDatabase.Ct;

    public async ValueTask InitializeAsync() => _store = await CreateAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task A_subscription_gets_what_fits_from_the_moment_it_was_made()
    {
        await _store.AppendAsync(Ringing(3));
        var all = await _store.SubscribeAsync();
        var paris = await _store.SubscribeAsync(["pbx.call.*"], ["paris"]);
        var none = await _store.SubscribeAsync(["pbx.cdr.recorded"]);

        EventRow[] told = [.. Ringing(2), .. Ringing(2, "lyon"), SampleEvents.Ringing("paris", call: null) with { Type = "pbx.site.health" }];
        await _store.AppendAsync(told);
        await _store.FollowAsync();

        (await _store.ListAsync(all)).Select(d => d.EventId).Should().Equal(told.Select(e => e.Id));
        (await _store.ListAsync(paris)).Select(d => d.EventId).Should().Equal(told[..2].Select(e => e.Id));
        (await _store.ListAsync(none)).Should().BeEmpty();
        var cursors = (await _store.Registry.ListAsync(Ct)).Select(s => s.Cursor).Distinct().ToList();
        cursors.Should().ContainSingle("who wants nothing of it passes it, too");
    }

    [Fact]
    public async Task Fan_out_from_memory_and_from_the_log_are_the_same()
    {
        var one = await _store.SubscribeAsync();
        await _store.AppendAsync(Ringing(700));
        var recent = await _store.ReadAllAsync();

        await _store.FollowLogAsync(async () => (await _store.Registry.FindAsync(one, Ct))!.Cursor == recent[^1].Cursor);
        await _store.FollowAsync();
        var two = await _store.SubscribeAsync();
        await _store.SqlAsync($"UPDATE pbx.subscription_reading SET tx = '0' WHERE subscription_id = '{two}'");
        await _store.FollowAsync();

        (await _store.ListAsync(two)).Select(d => d.EventId).Should().Equal(recent.Select(e => e.Event.Id));
        (await _store.ListAsync(one)).Select(d => d.EventId).Should().Equal(recent.Select(e => e.Event.Id));
    }

    [Fact]
    public async Task Several_processes_make_every_delivery_once()
    {
        var subscriptions = new[] { await _store.SubscribeAsync(), await _store.SubscribeAsync(sites: ["paris"]) };
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 30; i++)
            {
                await _store.Log.AppendAsync(Ringing(40), Ct);
            }
        }, Ct);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var fanOut = _store.NewFanOut();
            while (!writing.IsCompleted)
            {
                await fanOut.FollowAsync(_ => null, Ct);
            }
        }, Ct)));
        await writing;
        await _store.FollowAsync();

        var told = (await _store.ReadAllAsync()).Select(e => e.Event.Id).Order().ToList();
        told.Should().HaveCount(1200);
        foreach (var subscription in subscriptions)
        {
            var made = new List<Guid>();
            for (long? before = null; await _store.Deliveries.ListAsync(subscription, null, before, 500, Ct) is { Count: > 0 } page; before = page[^1].DeliveryId)
            {
                made.AddRange(page.Select(d => d.EventId));
            }

            made.Order().Should().Equal(told);
        }
    }

    [Fact]
    public async Task A_page_that_another_process_has_done_meanwhile_adds_nothing_and_leads_nobody_back()
    {
        var one = await _store.SubscribeAsync();
        await _store.AppendAsync(Ringing(5));
        var recent = await _store.ReadAllAsync();

        await _store.FanOut.FollowAsync(
            after =>
            {
                // Between reading the page and writing it.
                _store.NewFanOut().FollowAsync(_ => recent, Ct).GetAwaiter().GetResult();
                return [.. recent.Take(2)];
            },
            Ct);

        (await _store.ListAsync(one)).Should().HaveCount(5);
        (await _store.Registry.FindAsync(one, Ct))!.Cursor.Should().Be(recent[^1].Cursor);
    }

    [Fact]
    public async Task A_page_whose_cursor_was_lost_is_not_delivered_twice()
    {
        var one = await _store.SubscribeAsync();
        var before = (await _store.Registry.FindAsync(one, Ct))!.Cursor;
        await _store.AppendAsync(Ringing(5));
        await _store.FollowAsync();

        await _store.SqlAsync($"UPDATE pbx.subscription_reading SET tx = '{before.Transaction}', position = {before.Position}");
        await _store.FollowAsync();

        (await _store.ListAsync(one)).Should().HaveCount(5);
    }

    [Fact]
    public async Task One_that_is_switched_off_stands_still_and_goes_on_where_it_stopped()
    {
        var one = await _store.SubscribeAsync();
        var terms = (await _store.Registry.FindAsync(one, Ct))!.Terms;
        (await _store.Registry.UpdateAsync(one, terms with { Enabled = false }, Now, Ct)).Should().BeTrue();
        await _store.AppendAsync(Ringing(3));
        await _store.FollowAsync();

        (await _store.ListAsync(one)).Should().BeEmpty();
        (await _store.Registry.FindAsync(one, Ct))!.DisabledReason.Should().Be(DisabledReason.Operator);
        await _store.Registry.UpdateAsync(one, terms, Now, Ct);
        await _store.FollowAsync();

        (await _store.ListAsync(one)).Should().HaveCount(3);
    }

    [Fact]
    public async Task What_the_log_no_longer_has_is_noted()
    {
        var one = await _store.SubscribeAsync();
        var stood = (await _store.Registry.FindAsync(one, Ct))!.Cursor;
        await _store.AppendAsync(Ringing(3));
        var third = (await _store.ReadAllAsync())[^1].Cursor;
        await _store.SqlAsync($"UPDATE pbx.event_log SET dropped_era = {third.Era}, dropped_tx = '{third.Transaction}', dropped_position = {third.Position}");

        await _store.FollowLogAsync(async () => (await _store.Registry.FindAsync(one, Ct))!.Missed is not null);
        await _store.AppendAsync(Ringing(1));
        await _store.FollowAsync();

        (await _store.ListAsync(one)).Should().ContainSingle();
        (await _store.Registry.FindAsync(one, Ct))!.Missed.Should().Be(new MissedEvents(stood.ToString(), third.ToString(), Now));
    }

    [Fact]
    public async Task A_cursor_that_passes_only_what_nobody_wants_is_not_written_all_the_time()
    {
        var one = await _store.SubscribeAsync(["pbx.cdr.*"]);
        await _store.AppendAsync(Ringing(1));
        await _store.FollowAsync();
        var written = (await _store.Registry.FindAsync(one, Ct))!.Cursor;

        await _store.AppendAsync(Ringing(1));
        await _store.FollowAsync();
        (await _store.Registry.FindAsync(one, Ct))!.Cursor.Should().Be(written);
        _store.Clock.Now += TimeSpan.FromSeconds(2);
        await _store.FollowAsync();

        (await _store.Registry.FindAsync(one, Ct))!.Cursor.Should().BeGreaterThan(written);
    }

    [Fact]
    public async Task A_replay_by_time_delivers_what_was_recorded_then_once_more()
    {
        var one = await _store.SubscribeAsync(sites: ["paris"]);
        await _store.AppendAsync(Ringing(2));
        _store.Clock.Now += TimeSpan.FromHours(1);
        EventRow[] lost = [.. Ringing(800), .. Ringing(10, "lyon")];
        await _store.AppendAsync(lost);
        _store.Clock.Now += TimeSpan.FromHours(1);
        await _store.AppendAsync(Ringing(2));
        await _store.FollowAsync();

        var asked = await _store.Replays.AddAsync(one, new TimeRange(Now.AddMinutes(30), Now.AddMinutes(90)), _store.Clock.Now, Ct);
        asked!.Replay.Should().Be(1);
        await ReplayToEndAsync(one);

        var again = (await _store.Deliveries.ListAsync(one, null, null, 5000, Ct)).Where(d => d.Replay == 1).Select(d => d.EventId).Reverse();
        again.Should().Equal(lost[..800].Select(e => e.Id));
        var done = (await _store.Replays.ListAsync(one, Ct)).Single();
        done.Enqueued.Should().Be(800);
        done.FinishedAt.Should().NotBeNull();
    }

    [Fact]
    public async Task A_replay_by_cursor_ends_where_it_was_asked_to()
    {
        var one = await _store.SubscribeAsync();
        await _store.AppendAsync(Ringing(6));
        await _store.FollowAsync();
        var places = (await _store.ReadAllAsync()).Select(e => e.Cursor).ToList();

        await _store.Replays.AddAsync(one, places[1], places[3], Now, Ct);
        await _store.Replays.AddAsync(one, EventCursor.Beginning, null, Now, Ct);
        await ReplayToEndAsync(one);

        var rows = await _store.ListAsync(one);
        rows.Count(d => d.Replay == 1).Should().Be(2);
        rows.Count(d => d.Replay == 2).Should().Be(6);
        rows.Select(d => d.EventId).Distinct().Should().HaveCount(6);
    }

    [Fact]
    public async Task A_replay_waits_for_its_own_deliveries_so_that_news_is_not_held_up()
    {
        var one = await _store.SubscribeAsync();
        await _store.AppendAsync(Ringing(1200));
        await _store.Replays.AddAsync(one, EventCursor.Beginning, null, Now, Ct);

        await Eventually.Holds(async () => (await _store.FanOut.ReplayAsync(Ct)).Enqueued.Count > 0, "the replay to begin");
        for (var round = 0; round < 5; round++)
        {
            _ = await _store.FanOut.ReplayAsync(Ct);
        }

        (await _store.Deliveries.ListAsync(one, null, null, 5000, Ct)).Should().HaveCountLessThan(2 * DeliveryFanOut.Page);

        await ReplayToEndAsync(one);
        (await _store.Replays.ListAsync(one, Ct)).Single().Enqueued.Should().Be(1200);
    }

    [Fact]
    public async Task A_replay_says_what_the_log_no_longer_has()
    {
        var one = await _store.SubscribeAsync();
        await _store.SqlAsync("UPDATE pbx.event_log SET dropped_era = 1, dropped_tx = '100', dropped_position = 40");

        (await _store.Replays.AddAsync(one, new EventCursor(1, 50, 1), null, Now, Ct))!.Missed!.Until.Should().Be("1-100-40");
        (await _store.Replays.AddAsync(one, new TimeRange(Now.AddDays(-30), Now), Now, Ct))!.Missed.Should().NotBeNull();
        (await _store.Replays.AddAsync(one, EventCursor.Beginning, null, Now, Ct))!.Missed.Should().BeNull();
        (await _store.Replays.AddAsync(Guid.NewGuid(), EventCursor.Beginning, null, Now, Ct)).Should().BeNull();
    }

    private async Task ReplayToEndAsync(Guid subscription)
    {
        while ((await _store.Replays.ListAsync(subscription, Ct)).Any(replay => replay.FinishedAt is null))
        {
            _ = await _store.FanOut.ReplayAsync(Ct);
            await _store.TellAsync(subscription, await _store.ClaimAsync(subscription), DeliveryState.Delivered);
        }
    }
}
