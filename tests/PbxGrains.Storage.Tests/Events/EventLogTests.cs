using System.Security.Cryptography;
using Npgsql;
using PbxGrains.Storage.Events;
using PbxGrains.Storage.Tests.Sites;
using PbxGrains.Testing;
using static PbxGrains.Storage.Tests.Events.SampleEvents;

namespace PbxGrains.Storage.Tests.Events;

public sealed class EventLogTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>
{
    private readonly EventReader _reader = new(database.Data);
    private readonly string _site = SampleSites.NewId();

    private static CancellationToken Ct => MigratedDatabase.Ct;

    [Fact]
    public async Task What_was_appended_is_read_as_it_was()
    {
        await using var log = NewLog(database.Data);
        var start = await _reader.EndAsync(Ct);
        EventRow[] told = [Ringing(_site), Ringing(_site, call: null, subject: string.Empty) with { AgentId = null, Extensions = [] }];

        await log.AppendAsync(told, Ct);

        var read = await OwnAsync(start);
        read.Select(e => e.Event).Should().BeEquivalentTo(told, options => options.WithStrictOrdering());
        read.Select(e => e.CallSequence).Should().Equal(1, null);
    }

    [Fact]
    public async Task An_append_that_is_repeated_changes_nothing()
    {
        await using var log = NewLog(database.Data);
        var start = await _reader.EndAsync(Ct);
        EventRow[] told = [Ringing(_site), Ringing(_site)];

        await log.AppendAsync(told, Ct);
        await log.AppendAsync([.. told, Ringing(_site)], Ct);

        (await OwnAsync(start)).Select(e => e.CallSequence).Should().Equal(1, 2, 3);
    }

    [Fact]
    public async Task The_events_of_a_call_are_counted_whoever_appends_them()
    {
        await using var log = NewLog(database.Data);
        await using var other = NewLog(database.Data);
        var start = await _reader.EndAsync(Ct);

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i =>
            (i % 2 == 0 ? log : other).AppendAsync([Ringing(_site, "1.1"), Ringing(_site, "2.2"), Ringing(_site, i % 3 == 0 ? "1.1" : "3.3")], Ct)));

        (await OwnAsync(start)).GroupBy(e => e.Event.CallId)
            .Should().AllSatisfy(call => call.Select(e => e.CallSequence!.Value).Order().Should().Equal(Enumerable.Range(1, call.Count())));
        (await _reader.OfCallAsync(_site, "1.1", Ct)).Select(e => e.CallSequence).Should().Equal(Enumerable.Range(1, 54).Cast<int?>());
    }

    [Fact]
    public async Task An_event_waits_for_every_older_transaction()
    {
        await using var log = NewLog(database.Data);
        var start = await _reader.EndAsync(Ct);
        await using var slow = await BeginAsync();
        await AppendAsync(slow, Ringing(_site, call: null, subject: "slow"));
        await log.AppendAsync([Ringing(_site, call: null, subject: "quick")], Ct);

        var meanwhile = await _reader.ReadAsync(start, 100, Ct);
        await slow.Transaction.CommitAsync(Ct);

        meanwhile.Events.Where(e => e.Event.SiteId == _site).Should().BeEmpty();
        meanwhile.IsHeldBack.Should().BeTrue();
        (await OwnAsync(start)).Select(e => e.Event.Subject).Should().Equal("slow", "quick");
    }

    [Fact]
    public async Task A_transaction_that_is_rolled_back_leaves_nothing_and_holds_nobody()
    {
        await using var log = NewLog(database.Data);
        var start = await _reader.EndAsync(Ct);
        await using (var failing = await BeginAsync())
        {
            await AppendAsync(failing, Ringing(_site, call: null, subject: "never"));
            await log.AppendAsync([Ringing(_site, call: null, subject: "kept")], Ct);
        }

        (await OwnAsync(start)).Select(e => e.Event.Subject).Should().Equal("kept");
    }

    [Fact]
    public async Task A_transaction_of_another_database_of_the_server_holds_nobody()
    {
        await using var neighbours = await PostgresDatabase.CreateAsync(_ => Task.CompletedTask);
        await using var other = new NpgsqlConnection(neighbours.ConnectionString);
        await other.OpenAsync(Ct);
        await using var open = await other.BeginTransactionAsync(Ct);
        await using (var write = new NpgsqlCommand("CREATE TABLE busy ()", other))
        {
            await write.ExecuteNonQueryAsync(Ct);
        }

        await using var log = NewLog(database.Data);
        var start = await _reader.EndAsync(Ct);
        await log.AppendAsync([Ringing(_site, subject: "kept")], Ct);

        var kept = (await OwnAsync(start)).Should().ContainSingle().Subject;
        kept.Event.Subject.Should().Be("kept");
        (await _reader.LimitAsync(Ct)).Should().BeGreaterThan(kept.Cursor);
    }

    [Fact]
    public async Task A_reader_gets_every_event_once_however_transactions_interleave()
    {
        var start = await _reader.EndAsync(Ct);
        var writing = Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(() => WriteSlowlyAsync(writer), Ct)));

        var seen = new List<string>();
        var cursor = start;
        for (var done = false; !done;)
        {
            done = writing.IsCompleted;
            foreach (var next in await _reader.ReadSettledAsync(cursor, page: 7, Ct))
            {
                next.Cursor.Should().BeGreaterThan(cursor);
                cursor = next.Cursor;
                if (next.Event.SiteId == _site)
                {
                    seen.Add(next.Event.Subject);
                }
            }
        }

        await writing;
        seen.AddRange((await OwnAsync(cursor)).Select(e => e.Event.Subject));
        seen.Should().BeEquivalentTo(Enumerable.Range(0, 8).SelectMany(writer => Enumerable.Range(0, 30).Where(i => i % 5 != 4).Select(i => $"{writer}.{i}")));
    }

    [Theory]
    [InlineData("1-2-3", true)]
    [InlineData("0-0-0", true)]
    [InlineData("1-18446744073709551615-9223372036854775807", true)]
    [InlineData("1-2", false)]
    [InlineData("1-2--3", false)]
    [InlineData("1-2-3-4", false)]
    [InlineData("a-2-3", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_cursor_is_read_as_it_was_written(string? text, bool isCursor)
    {
        EventCursor.TryParse(text, out var cursor).Should().Be(isCursor);
        if (isCursor)
        {
            cursor.ToString().Should().Be(text);
        }
    }

    [Fact]
    public async Task What_strangers_send_is_taken()
    {
        await using var log = NewLog(database.Data);
        var start = await _reader.EndAsync(Ct);

        await log.AppendAsync([Ringing(_site, call: "\0\ud800" + Convert.ToHexString(RandomNumberGenerator.GetBytes(9000)), subject: "a\0b") with { Extensions = ["\0"] }], Ct);

        (await OwnAsync(start)).Should().ContainSingle().Which.Event.Subject.Should().Be("a\uFFFDb");
    }

    [Fact]
    public async Task A_bad_event_costs_the_others_nothing()
    {
        await using var log = NewLog(database.Data);
        var start = await _reader.EndAsync(Ct);

        var bad = log.AppendAsync([Ringing(_site) with { Data = "no JSON" }], Ct);
        var good = log.AppendAsync([Ringing(_site)], Ct);

        await FluentActions.Awaiting(() => bad).Should().ThrowAsync<EventsRejectedException>();
        await good;
        (await OwnAsync(start)).Should().ContainSingle();
    }

    [Fact]
    public async Task A_lost_database_is_said_quickly()
    {
        await using var nowhere = PbxDataSource.Create($"Host=127.0.0.1;Port={FreePort.Next()};Username=nobody;Database=none");
        await using var log = NewLog(nowhere);

        await FluentActions.Awaiting(() => log.AppendAsync([Ringing(_site)], Ct)).Should().ThrowAsync<EventLogUnavailableException>();
    }

    private async Task<List<LoggedEvent>> OwnAsync(EventCursor after) =>
        [.. (await _reader.ReadAllAsync(after, Ct)).Where(e => e.Event.SiteId == _site)];

    /// <summary>Thirty transactions that overlap with those of others; every fifth is rolled back.</summary>
    private async Task WriteSlowlyAsync(int writer)
    {
        for (var i = 0; i < 30; i++)
        {
            await using var open = await BeginAsync();
            await AppendAsync(open, Ringing(_site, call: null, subject: $"{writer}.{i}"));
            await using var hold = new NpgsqlCommand($"SELECT pg_sleep({((writer * 7) + (i * 3)) % 11} / 1000.0)", open.Connection);
            await hold.ExecuteNonQueryAsync(Ct);
            if (i % 5 != 4)
            {
                await open.Transaction.CommitAsync(Ct);
            }
        }
    }

    private static async Task AppendAsync(OpenTransaction open, EventRow row) => _ = await EventAppender.AppendAsync(open.Connection, [row], Now, Ct);

    private async Task<OpenTransaction> BeginAsync()
    {
        var connection = await database.Data.OpenConnectionAsync(Ct);
        return new OpenTransaction(connection, await connection.BeginTransactionAsync(Ct));
    }

    private sealed record OpenTransaction(NpgsqlConnection Connection, NpgsqlTransaction Transaction) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Transaction.DisposeAsync();
            await Connection.DisposeAsync();
        }
    }
}
