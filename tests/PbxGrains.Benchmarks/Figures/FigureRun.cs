using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using PbxGrains.Testing;

namespace PbxGrains.Benchmarks.Figures;

/// <summary>Measures figures one after the other, and writes a table and a file.</summary>
internal static class FigureRun
{
    private const int Interrupted = 130;

    private static readonly IReadOnlyList<IFigure> All = [new ReportToReader(1), new ReportToReader(20), new ReportToWebhook()];

    /// <summary>Runs.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(FigureOptions options, CancellationToken ct)
    {
        var wanted = All.Where(figure => options.Name is null || figure.Name.Contains(options.Name, StringComparison.OrdinalIgnoreCase)).ToList();
        if (wanted.Count == 0)
        {
            await Console.Error.WriteLineAsync($"There is no such figure; there are: {string.Join(", ", All.Select(figure => figure.Name))}.");
            return 2;
        }

        try
        {
            var conditions = await ConditionsAsync(ct);
            var results = new List<FigureResult>();
            foreach (var figure in wanted)
            {
                results.Add(await MeasureAsync(figure, options.Rounds, ct));
            }

            Write(conditions, results);
            if (options.JsonFile is { } file)
            {
                await using var stream = File.Create(file);
                await JsonSerializer.SerializeAsync(stream, new FigureReport(conditions, results), FigureJson.Default.FigureReport, ct);
            }

            return 0;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return Interrupted;
        }
    }

    private static async Task<FigureResult> MeasureAsync(IFigure figure, int rounds, CancellationToken ct)
    {
        var before = LoadAverage();
        var measured = new List<FigureRound>();
        for (var round = 1; round <= rounds; round++)
        {
            await Console.Error.WriteLineAsync($"{figure.Title}: round {round} of {rounds} …");
            measured.Add(await figure.MeasureAsync(ct));
        }

        return FigureResult.Of(figure, measured, before, LoadAverage());
    }

    private static void Write(Conditions conditions, IReadOnlyList<FigureResult> results)
    {
        Console.WriteLine($"{conditions.At:yyyy-MM-dd HH:mm} UTC · {conditions.Cores} cores · PostgreSQL {conditions.Postgres}, fsync {conditions.Fsync}, synchronous_commit {conditions.SynchronousCommit} · {conditions.Runtime}");
        Console.WriteLine();
        Console.WriteLine("| Figure | p50 ms | p99 ms | Baseline p50 | p99 | Ratio p50 | p99 | Times | Lost | Load |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var result in results)
        {
            Console.WriteLine(result.Ours is { } ours
                ? $"| {result.Title} | {Of(ours.P50)} | {Of(ours.P99)} | {Of(result.Baseline?.P50)} | {Of(result.Baseline?.P99)} | {Of(result.RatioP50)} | {Of(result.RatioP99)} | {ours.Count} | {ours.Lost} | {Of(result.LoadBefore)}–{Of(result.LoadAfter)} |"
                : $"| {result.Title} | {result.Absent} | | | | | | | | |");
        }

        Console.WriteLine();
        foreach (var baseline in results.Select(result => result.BaselineTitle).Distinct(StringComparer.Ordinal))
        {
            Console.WriteLine($"Baseline: {baseline}, measured in the same run.");
        }
    }

    private static string Of(double? number) => number?.ToString("0.0", CultureInfo.InvariantCulture) ?? "–";

    private static async Task<Conditions> ConditionsAsync(CancellationToken ct)
    {
        await using var database = NpgsqlDataSource.Create(await PostgresServer.ConnectionStringAsync());
        await using var command = database.CreateCommand("SELECT current_setting('server_version'), current_setting('fsync'), current_setting('synchronous_commit')");
        await using var row = await command.ExecuteReaderAsync(ct);
        _ = await row.ReadAsync(ct);
        return new Conditions(
            TimeProvider.System.GetUtcNow(),
            Environment.ProcessorCount,
            row.GetString(0),
            row.GetString(1),
            row.GetString(2),
            System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription);
    }

    // Of the last minute; elsewhere than on Linux nobody knows.
    private static double LoadAverage() =>
        File.Exists("/proc/loadavg") ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) : double.NaN;
}

/// <summary>Under which conditions it was measured.</summary>
internal sealed record Conditions(DateTimeOffset At, int Cores, string Postgres, string Fsync, string SynchronousCommit, string Runtime);

/// <summary>What goes into the file.</summary>
internal sealed record FigureReport(Conditions Conditions, IReadOnlyList<FigureResult> Figures);

/// <summary>How it is written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(FigureReport))]
internal sealed partial class FigureJson : JsonSerializerContext;
