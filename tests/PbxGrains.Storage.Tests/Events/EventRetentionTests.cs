using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PbxGrains.Storage.Events;
using PbxGrains.Storage.Tests.Sites;
using static PbxGrains.Storage.Tests.Events.SampleEvents;

namespace PbxGrains.Storage.Tests.Events;

/// <summary>Each test has the log to itself.</summary>
public sealed class EventRetentionTests : IAsyncLifetime
{
    private readonly MigratedDatabase _database = new();
    private readonly string _site = SampleSites.NewId();
    private EventReader _reader = null!;
    private EventRetention _retention = null!;

    private static CancellationToken Ct => MigratedDatabase.Ct;

    public async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        _reader = new EventReader(_database.Data);
        _retention = new EventRetention(_database.Data, NullLogger<EventRetention>.Instance);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Old_days_are_dropped_and_the_log_says_how_far_it_reaches_back()
    {
        await _retention.ApplyAsync(Now.AddDays(-20), Ct);
        await AppendAsync(Ringing(_site, "1.1", at: Now.AddDays(-20)), Ringing(_site, "1.1", at: Now.AddDays(-18)));
        await AppendAsync(Ringing(_site, "2.2", at: Now));
        var before = await _reader.ReadAllAsync(EventCursor.Beginning, Ct);

        var dropped = await _retention.ApplyAsync(Now, Ct);

        dropped.Should().Be(4);
        (await _reader.ReadAllAsync(EventCursor.Beginning, Ct)).Should().ContainSingle().Which.Event.CallId.Should().Be("2.2");
        var horizon = await _reader.HorizonAsync(Ct);
        horizon.Should().Be(before[1].Cursor);
        (before[2].Cursor > horizon && before[0].Cursor < horizon).Should().BeTrue();
        (await _database.SqlAsync("SELECT count(*) FROM pbx.event_call")).Should().Be(1L);
    }

    [Fact]
    public async Task A_day_without_a_partition_gets_one_later_and_loses_nothing()
    {
        await AppendAsync(Ringing(_site, at: Now), Ringing(_site, at: Now.AddDays(1)));

        await _retention.ApplyAsync(Now, Ct);
        await _retention.ApplyAsync(Now, Ct);

        (await _reader.ReadAllAsync(EventCursor.Beginning, Ct)).Select(e => e.CallSequence).Should().Equal(1, 2);
        (await _database.SqlAsync("SELECT count(*) FROM pbx.event_default")).Should().Be(0L);
    }

    [Fact]
    public async Task Many_processes_may_keep_it_in_order_at_once()
    {
        await _retention.ApplyAsync(Now.AddDays(-30), Ct);

        var dropped = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _retention.ApplyAsync(Now, Ct)));

        dropped.Sum().Should().Be(4);
        (await _database.SqlAsync(@"SELECT count(*) FROM pg_class WHERE relname ~ '^event_\d{8}$'")).Should().Be(4L);
    }

    [Fact]
    public async Task Days_to_keep_are_a_setting_and_at_least_one()
    {
        await _retention.SetDaysAsync(2, Ct);

        (await _retention.GetDaysAsync(Ct)).Should().Be(2);
        await FluentActions.Awaiting(() => _retention.SetDaysAsync(0, Ct)).Should().ThrowAsync<PostgresException>();
    }

    [Fact]
    public async Task A_log_restored_on_another_server_begins_a_new_era_behind_all_that_was()
    {
        await AppendAsync(Ringing(_site, "1.1"));
        _ = await _database.SqlAsync("UPDATE pbx.event SET tx = '900000000000'");
        (await _reader.ReadAsync(EventCursor.Beginning, 10, Ct)).IsHeldBack.Should().BeTrue();

        await _retention.NoticeMoveAsync(Ct);
        await _retention.NoticeMoveAsync(Ct);
        await AppendAsync(Ringing(_site, "2.2"));

        var read = await _reader.ReadAllAsync(EventCursor.Beginning, Ct);
        read.Select(e => (e.Event.CallId, e.Cursor.Era)).Should().Equal(("1.1", 1), ("2.2", 2));
        (await _reader.EndAsync(Ct)).Should().BeGreaterThan(read[1].Cursor);
    }

    private async Task AppendAsync(params EventRow[] events)
    {
        await using var log = NewLog(_database.Data);
        await log.AppendAsync(events, Ct);
    }
}
