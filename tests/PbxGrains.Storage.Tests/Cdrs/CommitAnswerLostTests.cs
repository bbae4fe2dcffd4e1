using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Commits;
using PbxGrains.Storage.Tests.Sites;
using PbxGrains.Testing;
using static PbxGrains.Storage.Tests.Cdrs.SampleRecords;

namespace PbxGrains.Storage.Tests.Cdrs;

/// <summary>The commit happened, but its answer never came: the sender is told to repeat, and the repetition changes nothing.</summary>
public sealed class CommitAnswerLostTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>
{
    private readonly string _site = SampleSites.NewId();

    private static CancellationToken Ct => MigratedDatabase.Ct;

    [Fact]
    public async Task A_record_whose_commit_was_not_heard_of_is_said_to_be_unknown_and_repeated_without_harm()
    {
        await using var relay = new DatabaseRelay(database.ConnectionString);
        await using var data = PbxDataSource.Create(relay.ConnectionString);
        await using var ledger = new CallRecordLedger(data, TimeProvider.System, NullLogger<CallRecordLedger>.Instance, new GroupCommitOptions { Writers = 1 });
        _ = await ledger.AppendAsync(Inbound(_site, minute: 1), Ct);

        relay.LosesNextCommit();
        await FluentActions.Awaiting(() => ledger.AppendAsync([Inbound(_site, minute: 2), Inbound(_site, minute: 3)], Ct)).Should().ThrowAsync<LedgerUnavailableException>();
        relay.CommitsLost.Should().Be(1);
        (await CountAsync()).Should().Be(3, "it was committed all the same");

        (await ledger.AppendAsync([Inbound(_site, minute: 2), Inbound(_site, minute: 3)], Ct)).Should().AllBeEquivalentTo(LedgerOutcome.Known);
        (await CountAsync()).Should().Be(3);
        (await database.SqlAsync($"SELECT max(revision) FROM pbx.call_record WHERE site_id = '{_site}'")).Should().Be(0);
    }

    [Fact]
    public async Task A_watermark_whose_commit_was_not_heard_of_stands_where_it_was_set()
    {
        await using var relay = new DatabaseRelay(database.ConnectionString);
        await using var data = PbxDataSource.Create(relay.ConnectionString);
        var windows = new CatchUpWindows(data, TimeProvider.System);
        await windows.RecordAsync(new CatchUpWindow { SiteId = _site, Start = WallClock, End = WallClock.AddHours(1), Outcome = CatchUpOutcome.Whole, ComparedAt = Noon }, Ct);

        relay.LosesNextCommit();
        await FluentActions.Awaiting(() => windows.SetWatermarkAsync(_site, WallClock.AddHours(1), Ct)).Should().ThrowAsync<NpgsqlException>();
        relay.CommitsLost.Should().Be(1);

        (await windows.GetWatermarkAsync(_site, Ct)).Should().Be(WallClock.AddHours(1));
        (await windows.SetWatermarkAsync(_site, WallClock.AddHours(1), Ct)).Should().Be(WallClock.AddHours(1));
    }

    private async Task<long> CountAsync() => (long)(await database.SqlAsync($"SELECT count(*) FROM pbx.call_record WHERE site_id = '{_site}'"))!;

    /// <summary>Stands between a pool and the server, and can break a connection when the server has committed and said so.</summary>
    private sealed class DatabaseRelay : IAsyncDisposable
    {
        private readonly NpgsqlConnectionStringBuilder _server;
        private readonly Relay _relay;
        private int _losesNextCommit;
        private int _commitsLost;

        public DatabaseRelay(string connectionString)
        {
            _server = new NpgsqlConnectionStringBuilder(connectionString);
            _relay = new Relay(_server.Host!, _server.Port, (pool, server, ct) => Task.WhenAny(PumpAsync(pool, server, isAnswer: false, ct), PumpAsync(server, pool, isAnswer: true, ct)));
        }

        public string ConnectionString =>
            new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Host = "127.0.0.1", Port = _relay.Port, SslMode = SslMode.Disable }.ConnectionString;

        public int CommitsLost => Volatile.Read(ref _commitsLost);

        public void LosesNextCommit() => Volatile.Write(ref _losesNextCommit, 1);

        public ValueTask DisposeAsync() => _relay.DisposeAsync();

        private async Task PumpAsync(NetworkStream from, NetworkStream to, bool isAnswer, CancellationToken ct)
        {
            var buffer = new byte[1 << 16];
            int read;
            while ((read = await from.ReadAsync(buffer, ct)) > 0)
            {
                // CommandComplete of a COMMIT: the server has committed.
                if (isAnswer && buffer.AsSpan(0, read).IndexOf("COMMIT\0"u8) >= 0 && Interlocked.Exchange(ref _losesNextCommit, 0) == 1)
                {
                    _ = Interlocked.Increment(ref _commitsLost);
                    return;
                }

                await to.WriteAsync(buffer.AsMemory(0, read), ct);
            }
        }
    }
}
