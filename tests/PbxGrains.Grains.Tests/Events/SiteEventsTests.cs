using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Events;
using PbxGrains.Grains.Events;
using PbxGrains.Storage;
using PbxGrains.Storage.Events;
using PbxGrains.Storage.Migrations;
using PbxGrains.Testing;

namespace PbxGrains.Grains.Tests.Events;

public sealed class SiteEventsTests : IAsyncLifetime
{
    private PostgresDatabase _database = null!;
    private NpgsqlDataSource _data = null!;
    private EventLog _log = null!;
    private SiteEvents _events = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await PostgresDatabase.CreateAsync(MigrateAsync);
        _data = PbxDataSource.Create(_database.ConnectionString);
        _log = new EventLog(_data, TimeProvider.System, NullLogger<EventLog>.Instance);
        _events = new SiteEvents(SiteId.Parse("paris"), _log, new EventReader(_data), NullLogger.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        _events.Dispose();
        await _log.DisposeAsync();
        await _data.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task When_too_many_wait_the_oldest_statuses_go_first_and_calls_stay()
    {
        _events.Note(Event(EventTypes.CallRinging, "calls/1"));
        for (var i = 0; i < SiteEvents.MostWaiting; i++)
        {
            _events.Note(Event(EventTypes.ExtensionStatus, $"extensions/{i}"));
        }

        (_events.Waiting, _events.GivenUp).Should().Be((SiteEvents.MostWaiting, 1));
        (await _events.FlushAsync(CancellationToken.None)).Should().BeTrue();
        _events.Waiting.Should().Be(0);
        (await SqlAsync("SELECT string_agg(subject, ' ' ORDER BY position) FROM (SELECT * FROM pbx.event ORDER BY position LIMIT 2) AS first")).Should().Be("calls/1 extensions/1");
        (await SqlAsync("SELECT count(*) FROM pbx.event")).Should().Be((long)SiteEvents.MostWaiting);
    }

    [Fact]
    public async Task What_the_log_did_not_take_waits_and_is_told_later_in_its_order()
    {
        await SqlAsync("ALTER FUNCTION pbx.append_events RENAME TO append_events_away");
        _events.Note(Event(EventTypes.CallRinging, "calls/1"));
        (await _events.FlushAsync(CancellationToken.None)).Should().BeFalse();
        _events.Note(Event(EventTypes.CallAnswered, "calls/1"));

        await SqlAsync("ALTER FUNCTION pbx.append_events_away RENAME TO append_events");

        (await _events.FlushAsync(CancellationToken.None)).Should().BeTrue();
        (await SqlAsync("SELECT string_agg(type, ' ' ORDER BY position) FROM pbx.event")).Should().Be("pbx.call.ringing pbx.call.answered");
    }

    [Fact]
    public async Task An_event_no_log_can_hold_keeps_no_other()
    {
        _events.Note(Event(EventTypes.CallRinging, "calls/1"));
        _events.Note(Event(EventTypes.CallAnswered, "calls/1") with { Data = "no JSON" });
        _events.Note(Event(EventTypes.CallEnded, "calls/1") with { Data = """{"caller":"\u0000","name":"\\u0000"}""" });

        (await _events.FlushAsync(CancellationToken.None)).Should().BeTrue();

        (await SqlAsync("SELECT string_agg(type, ' ' ORDER BY position) FROM pbx.event")).Should().Be("pbx.call.ringing pbx.call.ended");
        (await SqlAsync("SELECT format('%s %s', data->>'caller', data->>'name') FROM pbx.event WHERE type = 'pbx.call.ended'")).Should().Be("\uFFFD \\u0000");
    }

    [Fact]
    public async Task What_goes_along_in_another_commit_is_told_once_it_is_over_and_not_before()
    {
        var commit = new TaskCompletionSource();
        _events.Note(Event(EventTypes.CallRinging, "calls/1"));
        var carrying = _events.CarryAsync(async rows =>
        {
            await commit.Task;
            await _log.AppendAsync(rows, CancellationToken.None);
            return rows.Count;
        });
        var noted = _events.Noted;
        _events.Note(Event(EventTypes.CallAnswered, "calls/1"));

        var flushing = _events.FlushAsync(CancellationToken.None);
        flushing.IsCompleted.Should().BeFalse("what was noted first comes first");
        commit.SetResult();

        (await carrying).Should().Be(1);
        (await flushing).Should().BeTrue();
        (await _events.FlushAsync(CancellationToken.None, noted)).Should().BeTrue();
        (await SqlAsync("SELECT string_agg(type, ' ' ORDER BY position) FROM pbx.event")).Should().Be("pbx.call.ringing pbx.call.answered");
    }

    [Fact]
    public async Task Who_waits_for_what_is_committed_does_not_wait_for_what_was_noted_since()
    {
        _events.Note(Event(EventTypes.CallRinging, "calls/1"));
        (await _events.CarryAsync(Append)).Should().Be(1);
        var noted = _events.Noted;
        var commit = new TaskCompletionSource<int>();
        _events.Note(Event(EventTypes.CallRinging, "calls/2"));
        var carrying = _events.CarryAsync(_ => commit.Task);

        (await _events.FlushAsync(CancellationToken.None, noted)).Should().BeTrue();

        carrying.IsCompleted.Should().BeFalse();
        commit.SetResult(1);
        _ = await carrying;
    }

    [Fact]
    public async Task What_went_along_in_a_commit_that_failed_waits_again_in_its_order()
    {
        _events.Note(Event(EventTypes.CallRinging, "calls/1"));
        var first = new TaskCompletionSource<int>();
        var second = new TaskCompletionSource<int>();
        var carrying = _events.CarryAsync(_ => first.Task);
        _events.Note(Event(EventTypes.CallAnswered, "calls/1"));
        var carryingToo = _events.CarryAsync(_ => second.Task);
        _events.Note(Event(EventTypes.CallEnded, "calls/1"));

        first.SetException(new InvalidOperationException("It failed."));
        await FluentActions.Awaiting(() => carrying).Should().ThrowAsync<InvalidOperationException>();
        second.SetException(new InvalidOperationException("It failed."));
        await FluentActions.Awaiting(() => carryingToo).Should().ThrowAsync<InvalidOperationException>();

        _events.Waiting.Should().Be(3);
        (await _events.FlushAsync(CancellationToken.None)).Should().BeTrue();
        (await SqlAsync("SELECT string_agg(type, ' ' ORDER BY position) FROM pbx.event")).Should().Be("pbx.call.ringing pbx.call.answered pbx.call.ended");
    }

    [Fact]
    public async Task A_flush_overtakes_nothing_that_still_goes_along_with_another_commit()
    {
        _events.Note(Event(EventTypes.CallRinging, "calls/1"));
        var first = new TaskCompletionSource<int>();
        var second = new TaskCompletionSource<int>();
        var carrying = _events.CarryAsync(_ => first.Task);
        var noted = _events.Noted;
        _events.Note(Event(EventTypes.CallAnswered, "calls/1"));
        var carryingToo = _events.CarryAsync(_ => second.Task);
        _events.Note(Event(EventTypes.CallEnded, "calls/1"));
        first.SetException(new InvalidOperationException("It failed."));
        await FluentActions.Awaiting(() => carrying).Should().ThrowAsync<InvalidOperationException>();

        (await _events.FlushAsync(CancellationToken.None, noted)).Should().BeTrue();
        (await SqlAsync("SELECT string_agg(type, ' ' ORDER BY position) FROM pbx.event")).Should().Be("pbx.call.ringing");

        second.SetException(new InvalidOperationException("It failed."));
        await FluentActions.Awaiting(() => carryingToo).Should().ThrowAsync<InvalidOperationException>();
        (await _events.FlushAsync(CancellationToken.None)).Should().BeTrue();
        (await SqlAsync("SELECT string_agg(type, ' ' ORDER BY position) FROM pbx.event")).Should().Be("pbx.call.ringing pbx.call.answered pbx.call.ended");
    }

    [Fact]
    public async Task What_must_be_asked_for_first_does_not_go_along()
    {
        _events.Note(Event(EventTypes.ExtensionStatus, "extensions/1"), decide: _ => null);
        _events.Note(Event(EventTypes.CallRinging, "calls/1"));

        (await _events.CarryAsync(Append)).Should().Be(0);

        _events.Waiting.Should().Be(2);
    }

    private async Task<int> Append(IReadOnlyList<EventRow> rows)
    {
        await _log.AppendAsync(rows, CancellationToken.None);
        return rows.Count;
    }

    private static EventRow Event(string type, string subject) => new()
    {
        Id = Guid.CreateVersion7(),
        Type = type,
        SiteId = "paris",
        Subject = subject,
        OccurredAt = DateTimeOffset.UtcNow,
        Data = "{}",
    };

    private async Task<object?> SqlAsync(string sql)
    {
        await using var command = _data.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private static async Task MigrateAsync(string connectionString)
    {
        await using var database = PbxDataSource.Create(connectionString);
        _ = await new DatabaseMigrator(database, NullLogger<DatabaseMigrator>.Instance).MigrateAsync(CancellationToken.None);
    }
}
