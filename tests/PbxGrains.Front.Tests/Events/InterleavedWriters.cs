using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;
using PbxGrains.Contracts.Events;
using PbxGrains.Front.Tests.Lab;
using PbxGrains.Storage.Events;
using PbxGrains.Testing;

namespace PbxGrains.Front.Tests.Events;

/// <summary>
/// Writers whose transactions overlap in every way: opened one after the other, committed in another order or rolled back,
/// beside the product's own group commits. They wait for the reader when they are far ahead of it.
/// </summary>
/// <param name="front">Whose log.</param>
/// <param name="seed">Repeats an earlier order.</param>
/// <param name="seen">How many events the reader has seen.</param>
internal sealed class InterleavedWriters(FrontLab front, int seed, Func<int> seen)
{
    private const int Connections = 4;
    private const int FarthestAhead = 200;

    /// <summary>Steps for which a transaction stays open at most.</summary>
    private const int LongestOpen = 6;

    private readonly ConcurrentBag<string> _committed = [];
    private volatile bool _enough;

    /// <summary>Names of all events that were committed.</summary>
    public IReadOnlyCollection<string> Committed => _committed;

    /// <summary>Lets the writers come to an end.</summary>
    public void Stop() => _enough = true;

    /// <summary>Writes until it is enough; then nothing stays open.</summary>
    public Task RunAsync(CancellationToken ct) => Task.WhenAll(Task.Run(() => InterleaveAsync(ct), ct), Task.Run(() => GroupCommitAsync(ct), ct));

    private async Task GroupCommitAsync(CancellationToken ct)
    {
        var log = front.Service<EventLog>();
        while (!_enough)
        {
            var row = new EventRow
            {
                Id = Guid.CreateVersion7(),
                Type = EventTypes.CallRinging,
                SiteId = "paris",
                Subject = "calls/1.1",
                OccurredAt = DateTimeOffset.UtcNow,
                CallId = "1.1",
                Data = "{}",
            };
            await log.AppendAsync([row], ct);
            _committed.Add(row.Id.ToString());
            _ = await WaitForTheReaderAsync();
        }
    }

    private async Task InterleaveAsync(CancellationToken ct)
    {
        var random = new Random(seed);
        await using var database = NpgsqlDataSource.Create(front.ConnectionString);
        var open = new Dictionary<int, OpenTransaction>();
        while (!_enough)
        {
            var which = random.Next(Connections);
            if (!open.TryGetValue(which, out var transaction))
            {
                open[which] = transaction = await OpenTransaction.BeginAsync(database, ct);
            }

            await transaction.AppendAsync(1 + random.Next(3), ct);
            transaction.Age++;
            if (random.Next(2) == 0 || transaction.Age > LongestOpen)
            {
                _ = open.Remove(which);
                await EndAsync(transaction, commit: random.Next(8) > 0, ct);
            }

            if (IsFarAhead())
            {
                // Nothing that is open may hold back what the reader is waited for to read.
                await EndAllAsync(open, ct);
                _ = await WaitForTheReaderAsync();
            }
        }

        await EndAllAsync(open, ct);
    }

    private async Task EndAllAsync(Dictionary<int, OpenTransaction> open, CancellationToken ct)
    {
        foreach (var transaction in open.Values.Reverse())
        {
            await EndAsync(transaction, commit: true, ct);
        }

        open.Clear();
    }

    private async Task EndAsync(OpenTransaction transaction, bool commit, CancellationToken ct)
    {
        await transaction.EndAsync(commit, ct);
        if (commit)
        {
            foreach (var id in transaction.Events)
            {
                _committed.Add(id.ToString());
            }
        }
    }

    private bool IsFarAhead() => _committed.Count - seen() > FarthestAhead;

    private Task<TimeSpan> WaitForTheReaderAsync() => Eventually.Holds(() => _enough || !IsFarAhead(), "the reader to come closer", TimeSpan.FromSeconds(60));

    private sealed class OpenTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        public int Age { get; set; }

        public List<Guid> Events { get; } = [];

        public static async Task<OpenTransaction> BeginAsync(NpgsqlDataSource database, CancellationToken ct)
        {
            var connection = await database.OpenConnectionAsync(ct);
            return new OpenTransaction(connection, await connection.BeginTransactionAsync(ct));
        }

        public async Task AppendAsync(int count, CancellationToken ct)
        {
            var ids = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()).ToArray();
            await using var command = new NpgsqlCommand("""
                SELECT pbx.append_events(ids, array_fill($2::date, d), array_fill('pbx.extension.status'::text, d), array_fill('paris'::text, d), array_fill(''::text, d),
                    array_fill(NULL::text, d), array_fill(NULL::text, d), array_fill(''::text, d), array_fill(now(), d), now(), array_fill('{}'::jsonb, d))
                FROM (VALUES ($1::uuid[], ARRAY[cardinality($1)])) AS given (ids, d)
                """, connection, transaction);
            command.Parameters.Add(new NpgsqlParameter { Value = ids, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
            command.Parameters.Add(new NpgsqlParameter { Value = DateOnly.FromDateTime(DateTime.UtcNow) });
            (await command.ExecuteScalarAsync(ct)).Should().Be(count);
            Events.AddRange(ids);
        }

        public async Task EndAsync(bool commit, CancellationToken ct)
        {
            await using (connection)
            await using (transaction)
            {
                await (commit ? transaction.CommitAsync(ct) : transaction.RollbackAsync(ct));
            }
        }
    }
}
