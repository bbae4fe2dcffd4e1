using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Npgsql;
using PbxGrains.Benchmarks.Running;

namespace PbxGrains.Benchmarks.Figures;

/// <summary>
/// A PBX with very many records nobody pushed: from the first request for them until the last is committed with its event.
/// </summary>
internal sealed class RecordsCaughtUp : IFigure
{
    private const string Copy = "COPY of the same rows into the same table with the same indexes, in one transaction, no event, no comparison";
    private const string Site = "bench";
    private const int Records = 100_000;
    private const int MostRounds = 2;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private static readonly Measure Seconds = new("time", "s", Copy, Aim.RatioAtMost(4));
    private static readonly Measure PerSecond = new("records per second", "/s", Copy);
    private static readonly Measure Cpu = new("CPU per record of the process", "µs");
    private static readonly Measure DatabaseCpu = new("CPU per record of PostgreSQL", "µs", Copy);
    private static readonly Measure SimulatorShare = new("share of the time the simulated PBX computes", "%");
    private static readonly Measure RecordBytes = new("size of a record in the ledger, indexes included", "bytes");
    private static readonly Measure EventBytes = new("size of its event in the log, indexes included", "bytes");

    public string Name => "catch-up";

    public string Title => string.Create(CultureInfo.InvariantCulture, $"Catch-up of {Records:#,##0} records of one PBX");

    public IReadOnlyList<Measure> Measures => [Seconds, PerSecond, Cpu, DatabaseCpu, SimulatorShare, RecordBytes, EventBytes];

    public async IAsyncEnumerable<FigureRound> RoundsAsync(FigureScale scale, [EnumeratorCancellation] CancellationToken ct)
    {
        var records = scale.Of(Records);
        var postgres = await PostgresCost.ProcessIdAsync(ct);
        await using var fleet = await PbxFleet.StartAsync(Math.Min(scale.Rounds, MostRounds), extensions: 50, records, ct);
        for (var i = 0; i < Math.Min(scale.Rounds, MostRounds); i++)
        {
            await using var product = await ProductUnderTest.StartAsync(sites: 0, ct);
            await using var database = NpgsqlDataSource.Create(product.ConnectionString);
            await product.RegisterAsync(Site, fleet.Addresses[i], PbxFleet.Password, ct);
            while (await fleet.DownloadsAsync(i, ct) == 0)
            {
                await Task.Delay(Look, ct);
            }

            var process = product.ProcessId;
            var ours = await MeasureAsync(() => UntilReadAsync(database, records, ct));
            await product.EndFrontAsync();
            var (recordBytes, eventBytes) = (await BytesAsync(database, "pbx.call_record", ct), await BytesAsync(database, "pbx.event", ct));
            var rows = await ReadOutAsync(database, ct);
            var theirs = await MeasureAsync(() => CopyInAsync(database, rows, ct));
            yield return new FigureRound()
                .Add(Seconds, ours.Seconds, theirs.Seconds)
                .Add(PerSecond, records / ours.Seconds, records / theirs.Seconds)
                .Add(Cpu, ours.Product / records)
                .Add(DatabaseCpu, ours.Postgres / records, theirs.Postgres / records)
                .Add(SimulatorShare, 100 * ours.Fleet / (1e6 * ours.Seconds))
                .Add(RecordBytes, (double)recordBytes / records)
                .Add(EventBytes, (double)eventBytes / records);

            async Task<(double Seconds, double Product, double Postgres, double Fleet)> MeasureAsync(Func<Task> work)
            {
                var before = Costs();
                var clock = Stopwatch.StartNew();
                await work();
                var seconds = clock.Elapsed.TotalSeconds;
                var spent = Costs().Zip(before, (later, earlier) => later.Since(earlier).TotalMicroseconds).ToList();
                return (seconds, spent[0], spent[1], spent[2]);
            }

            ProcessCost[] Costs() => [Of(process), postgres is { } server ? ProcessCost.OfTree(server) : default, Of(fleet.ProcessId)];
        }
    }

    private static ProcessCost Of(int process)
    {
        try
        {
            return ProcessCost.Of(process);
        }
        catch (ArgumentException)
        {
            // It has ended, and costs nothing any more.
            return default;
        }
    }

    private static async Task UntilReadAsync(NpgsqlDataSource database, int records, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        await using var command = database.CreateCommand("SELECT coalesce(sum(rows_read), 0) FROM pbx.catch_up_window WHERE outcome = 'whole'");
        while ((long)(await command.ExecuteScalarAsync(ct))! < records)
        {
            if (clock.Elapsed > Longest)
            {
                throw new InvalidOperationException("The catch-up did not come to its end.");
            }

            await Task.Delay(Look, ct);
        }
    }

    private static async Task<long> BytesAsync(NpgsqlDataSource database, string table, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"SELECT sum(pg_total_relation_size(relid))::bigint FROM pg_partition_tree('{table}') WHERE isleaf");
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    private static async Task<byte[]> ReadOutAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var rows = await connection.BeginRawBinaryCopyAsync("COPY (SELECT * FROM pbx.call_record) TO STDOUT (FORMAT binary)", ct);
        using var memory = new MemoryStream();
        await rows.CopyToAsync(memory, ct);
        return memory.ToArray();
    }

    private static async Task CopyInAsync(NpgsqlDataSource database, byte[] rows, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using (var empty = new NpgsqlCommand("TRUNCATE pbx.call_record", connection))
        {
            _ = await empty.ExecuteNonQueryAsync(ct);
        }

        await using var to = await connection.BeginRawBinaryCopyAsync("COPY pbx.call_record FROM STDIN (FORMAT binary)", ct);
        await to.WriteAsync(rows, ct);
    }
}
