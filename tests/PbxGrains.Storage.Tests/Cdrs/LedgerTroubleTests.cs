using System.Globalization;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Commits;
using PbxGrains.Storage.Tests.Sites;
using PbxGrains.Testing;
using static PbxGrains.Storage.Tests.Cdrs.SampleRecords;

namespace PbxGrains.Storage.Tests.Cdrs;

/// <summary>The ledger with rivals, with a database that goes away, and with more than it can take.</summary>
public sealed class LedgerTroubleTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>
{
    private readonly CallRecordReader _reader = new(database.Data);
    private readonly string _site = SampleSites.NewId();

    private static CancellationToken Ct => MigratedDatabase.Ct;

    [Fact]
    public async Task Two_processes_that_append_the_same_records_in_different_order_agree()
    {
        const string Name = "ledger-rival";
        var connectionString = new NpgsqlConnectionStringBuilder(database.ConnectionString) { ApplicationName = Name }.ConnectionString;
        await using var onePool = PbxDataSource.Create(connectionString);
        await using var twoPool = PbxDataSource.Create(connectionString);
        await using var one = NewLedger(onePool);
        await using var two = NewLedger(twoPool);
        var pushed = Enumerable.Range(0, 600).Select(i => Inbound(_site, minute: i % 300) with { TalkSeconds = i }).ToArray();
        var caughtUp = Enumerable.Range(0, 300).Select(i => Inbound(_site, minute: i, source: RecordedSource.CatchUp) with { TalkSeconds = i + 5000, RawType = null });
        CallRecordRow[] told = [.. pushed, .. caughtUp];

        var outcomes = await Task.WhenAll(
            one.AppendAsync(told, Ct),
            two.AppendAsync([.. told.Reverse()], Ct),
            one.AppendAsync([.. told.OrderBy(row => row.TalkSeconds % 7)], Ct),
            two.AppendAsync([.. told.OrderBy(row => row.TalkSeconds % 11)], Ct));

        outcomes.SelectMany(list => list).Count(outcome => outcome == LedgerOutcome.Recorded).Should().Be(300);
        var records = await ListAsync();
        records.Should().HaveCount(300).And.AllSatisfy(record => record.RawType.Should().Be("Inbound"));
        records.Select(record => record.TalkSeconds).Should().BeEquivalentTo(Enumerable.Range(0, 300).Select(i => (int?)(i + 5000)));
        var revisions = Convert.ToInt64(await database.SqlAsync($"SELECT count(*) FROM pbx.call_record_revision WHERE record_id IN (SELECT record_id FROM pbx.call_record WHERE site_id = '{_site}')"), CultureInfo.InvariantCulture);
        revisions.Should().Be(records.Sum(record => record.Revision)).And.Be(outcomes.SelectMany(list => list).Count(outcome => outcome == LedgerOutcome.Revised));

        // A session tells of its deadlocks at the latest when it ends.
        await onePool.DisposeAsync();
        await twoPool.DisposeAsync();
        await Eventually.Holds(async () => (await database.SqlAsync($"SELECT count(*) FROM pg_stat_activity WHERE application_name = '{Name}'")) is 0L, "the sessions to end");
        (await database.SqlAsync("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")).Should().Be(0L);
    }

    [Fact]
    public async Task The_ledger_holds_what_merging_says_whatever_order_the_versions_came_in()
    {
        await using var ledger = NewLedger(database.Data);
        var sites = 0;

        await CallRecordMergeTests.Version("x", removing: false).Array[1, 5].SelectMany(versions => Gen.Shuffle(versions.Concat(versions).ToArray()))
            .SampleAsync(async versions =>
            {
                var site = $"{_site}-{Interlocked.Increment(ref sites)}";
                var own = versions.Select(version => version with { SiteId = site, Identity = Named(site, "1.1").Identity }).ToList();
                _ = await Task.WhenAll(own.Select(version => ledger.AppendAsync(version, Ct)));

                var read = (await _reader.ListAsync(new CallRecordFilter { SiteIds = [site] }, after: null, 10, Ct)).Should().ContainSingle().Which;
                read.Should().BeEquivalentTo(own.Aggregate(own[0], CallRecordMerge.Of) with { RecordId = read.RecordId, Revision = read.Revision });
            }, iter: 100);
    }

    [Fact]
    public async Task Who_waits_together_shares_one_commit()
    {
        await using var ledger = NewLedger(database.Data, new GroupCommitOptions { Writers = 1 });
        await using var blocker = await LockAsync();
        var first = ledger.AppendAsync(Inbound(_site), Ct);
        await Eventually.Holds(IsWaitingAsync, "the first commit to wait for the lock");
        var others = Enumerable.Range(1, 200).Select(minute => ledger.AppendAsync(Inbound(_site, minute), Ct)).ToList();

        await blocker.DisposeAsync();
        (await Task.WhenAll(others.Append(first))).Should().AllBeEquivalentTo(LedgerOutcome.Recorded);

        (await database.SqlAsync($"SELECT count(DISTINCT xmin::text) FROM pbx.call_record WHERE site_id = '{_site}'")).Should().Be(2L);
    }

    [Fact]
    public async Task Nothing_that_was_acknowledged_is_lost_when_connections_are_cut()
    {
        const string Name = "ledger-cut";
        await using var pool = PbxDataSource.Create(new NpgsqlConnectionStringBuilder(database.ConnectionString) { ApplicationName = Name }.ConnectionString);
        await using var ledger = NewLedger(pool);
        using var over = new CancellationTokenSource();
        var takenSoFar = 0;
        var cutting = Task.Run(async () =>
        {
            var cut = 0L;
            while (!over.IsCancellationRequested)
            {
                // Each cut meets others in the middle, but none of them for ever.
                var before = Volatile.Read(ref takenSoFar);
                cut += (long)(await database.SqlAsync($"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = '{Name}' AND datname = current_database()"))!;
                _ = await Eventually.Holds(() => over.IsCancellationRequested || Volatile.Read(ref takenSoFar) >= before + 8, "some appends to be taken");
            }

            return cut;
        }, Ct);

        var refused = 0;
        var acknowledged = await Task.WhenAll(Enumerable.Range(0, 8).Select(async sender =>
        {
            for (var i = 0; i < 50; i++)
            {
                // As a PBX does: the same again until it is taken.
                for (var taken = false; !taken;)
                {
                    try
                    {
                        _ = await ledger.AppendAsync(Inbound(_site, minute: (sender * 50) + i), Ct);
                        taken = true;
                        _ = Interlocked.Increment(ref takenSoFar);
                    }
                    catch (LedgerUnavailableException)
                    {
                        _ = Interlocked.Increment(ref refused);
                    }
                }
            }

            return 50;
        }));
        await over.CancelAsync();

        (await cutting).Should().BePositive();
        (await ListAsync()).Should().HaveCount(acknowledged.Sum()).And.OnlyHaveUniqueItems(record => record.CallId);
    }

    [Fact]
    public async Task A_lost_database_is_said_quickly()
    {
        await using var nowhere = PbxDataSource.Create($"Host=127.0.0.1;Port={FreePort.Next()};Username=nobody;Database=none");
        await using var ledger = NewLedger(nowhere);

        await FluentActions.Awaiting(() => ledger.AppendAsync(Inbound(_site), Ct)).Should().ThrowAsync<LedgerUnavailableException>();
    }

    [Fact]
    public async Task A_database_that_does_not_answer_is_given_up_and_comes_back()
    {
        var time = new FakeTimeProvider();
        await using var ledger = new CallRecordLedger(database.Data, time, NullLogger<CallRecordLedger>.Instance, new GroupCommitOptions { Writers = 1 });
        await using var blocker = await LockAsync();
        var first = ledger.AppendAsync(Inbound(_site), Ct);
        var second = ledger.AppendAsync(Inbound(_site, minute: 1), Ct);
        await Eventually.Holds(IsWaitingAsync, "the commit to wait for the lock");

        time.Advance(new GroupCommitOptions().AnswerLimit);
        await FluentActions.Awaiting(() => first).Should().ThrowAsync<LedgerUnavailableException>();
        await FluentActions.Awaiting(() => second).Should().ThrowAsync<LedgerUnavailableException>();

        await blocker.DisposeAsync();
        _ = await ledger.AppendAsync([Inbound(_site), Inbound(_site, minute: 1)], Ct);
        (await ListAsync()).Should().HaveCount(2);
    }

    [Fact]
    public async Task More_than_can_wait_is_refused_at_once_and_the_rest_is_kept()
    {
        await using var ledger = NewLedger(database.Data, new GroupCommitOptions { Writers = 1, QueueLimit = 5 });
        await using var blocker = await LockAsync();
        var first = ledger.AppendAsync(Inbound(_site), Ct);
        await Eventually.Holds(IsWaitingAsync, "the first commit to wait for the lock");
        var waiting = Enumerable.Range(1, 5).Select(minute => ledger.AppendAsync(Inbound(_site, minute), Ct)).ToList();

        var refused = ledger.AppendAsync(Inbound(_site, minute: 6), Ct);
        refused.IsCompleted.Should().BeTrue();
        await FluentActions.Awaiting(() => refused).Should().ThrowAsync<LedgerUnavailableException>();

        await blocker.DisposeAsync();
        _ = await Task.WhenAll(waiting.Append(first));
        (await ListAsync()).Should().HaveCount(6);
    }

    [Fact]
    public async Task Many_of_one_sender_share_a_commit_and_leave_the_queue_to_others()
    {
        await using var ledger = NewLedger(database.Data, new GroupCommitOptions { QueueLimit = 5 });
        var many = Enumerable.Range(0, 100).Select(minute => Inbound(_site, minute)).ToList();

        (await ledger.AppendAsync(many, Ct)).Should().HaveCount(100).And.AllBeEquivalentTo(LedgerOutcome.Recorded);

        (await database.SqlAsync($"SELECT count(DISTINCT xmin::text) FROM pbx.call_record WHERE site_id = '{_site}'")).Should().Be(1L);
    }

    [Fact]
    public async Task Of_many_the_one_the_database_refuses_fails_alone()
    {
        await using var ledger = NewLedger(database.Data);
        var many = Enumerable.Range(0, 40).Select(minute => Inbound(_site, minute)).ToList();
        many[7] = many[7] with { TalkSeconds = -1 };

        await FluentActions.Awaiting(() => ledger.AppendAsync(many, Ct)).Should().ThrowAsync<CallRecordRejectedException>();

        (await ListAsync()).Should().HaveCount(39);
    }

    [Fact]
    public async Task Who_stops_waiting_does_not_undo_the_commit_of_the_others()
    {
        await using var ledger = NewLedger(database.Data, new GroupCommitOptions { Writers = 1 });
        await using var blocker = await LockAsync();
        using var impatient = new CancellationTokenSource();
        var cancelled = ledger.AppendAsync(Inbound(_site), impatient.Token);
        var patient = ledger.AppendAsync(Inbound(_site, minute: 1), Ct);
        await Eventually.Holds(IsWaitingAsync, "the commit to wait for the lock");

        await impatient.CancelAsync();
        await FluentActions.Awaiting(() => cancelled).Should().ThrowAsync<OperationCanceledException>();
        await blocker.DisposeAsync();

        (await patient).Should().Be(LedgerOutcome.Recorded);
        (await ListAsync()).Should().HaveCount(2);
    }

    [Fact]
    public async Task A_ledger_that_was_closed_has_written_what_it_took_and_takes_nothing_more()
    {
        var ledger = NewLedger(database.Data);
        var taken = Enumerable.Range(0, 20).Select(minute => ledger.AppendAsync(Inbound(_site, minute), Ct)).ToList();

        await ledger.DisposeAsync();

        (await Task.WhenAll(taken)).Should().AllBeEquivalentTo(LedgerOutcome.Recorded);
        await FluentActions.Awaiting(() => ledger.AppendAsync(Inbound(_site), Ct)).Should().ThrowAsync<LedgerUnavailableException>();
    }

    [Fact]
    public async Task Odd_text_is_kept_and_harms_nobody()
    {
        await using var ledger = NewLedger(database.Data);
        var huge = new string('9', 4096);

        _ = await ledger.AppendAsync(
            Inbound(_site, callId: "a\0b") with { Caller = "\ud83d", CallerE164 = huge, Callee = huge, Recording = "../../x", Extensions = [huge, "4\u001f2", "4002"], Raw = "\0" }, Ct);
        _ = await ledger.AppendAsync(Inbound(_site, minute: 1, callId: huge), Ct);

        var records = await ListAsync();
        records.Select(record => record.CallId).Should().Equal(huge, "a\ufffdb");
        (records[1].Caller, records[1].CallerE164, records[1].Raw, records[1].Recording).Should().Be(("\ufffd", huge, "\ufffd", "../../x"));
        (await _reader.ListAsync(new CallRecordFilter { SiteIds = [_site], Numbers = [huge] }, after: null, 10, Ct)).Should().ContainSingle();
    }

    [Fact]
    public async Task A_record_that_lacks_what_is_required_is_its_callers_fault_alone()
    {
        await using var ledger = NewLedger(database.Data);

        await FluentActions.Awaiting(() => ledger.AppendAsync(Inbound(_site) with { Source = "hearsay" }, Ct)).Should().ThrowAsync<ArgumentException>();
        await FluentActions.Awaiting(() => ledger.AppendAsync(Inbound(_site) with { Identity = [1] }, Ct)).Should().ThrowAsync<CallRecordRejectedException>();
        (await ledger.AppendAsync(Inbound(_site), Ct)).Should().Be(LedgerOutcome.Recorded);
    }

    private static CallRecordLedger NewLedger(NpgsqlDataSource data, GroupCommitOptions? options = null) =>
        new(data, TimeProvider.System, NullLogger<CallRecordLedger>.Instance, options);

    /// <summary>Keeps everybody from writing records until disposed.</summary>
    private async Task<NpgsqlConnection> LockAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand("BEGIN; LOCK TABLE pbx.call_record IN SHARE MODE", connection);
        await command.ExecuteNonQueryAsync(Ct);
        return connection;
    }

    private async Task<bool> IsWaitingAsync() =>
        (bool)(await database.SqlAsync("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = 'pbx.call_record'::regclass)"))!;

    private Task<IReadOnlyList<CallRecordRow>> ListAsync() => _reader.ListAsync(new CallRecordFilter { SiteIds = [_site] }, after: null, 1000, Ct);
}
