using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Npgsql;
using PbxGrains.Benchmarks.Plots;
using PbxGrains.Testing;

namespace PbxGrains.Benchmarks.Figures;

/// <summary>Measures figures one after the other; writes a table, a file with all numbers, and plots beside it.</summary>
internal static class FigureRun
{
    private const int Broken = 1;
    private const int WrongUsage = 2;
    private const int Interrupted = 130;
    private const int DefaultRounds = 3;

    /// <summary>Runs.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(FigureOptions options, CancellationToken ct)
    {
        var wanted = FigureList.All.Where(figure => options.Name is null || figure.Name.Contains(options.Name, StringComparison.OrdinalIgnoreCase)).ToList();
        if (wanted.Count == 0)
        {
            await Console.Error.WriteLineAsync($"There is no such figure; there are: {string.Join(", ", FigureList.All.Select(figure => figure.Name))}.");
            return WrongUsage;
        }

        try
        {
            var conditions = await ConditionsAsync(options.Quick, ct);
            var results = new List<FigureResult>();
            var lines = new List<(Plot Plot, PlotSeries Series)>();
            foreach (var figure in wanted)
            {
                results.Add(await MeasureAsync(figure, options, lines, ct));
            }

            FigureTable.Write(Console.Out, conditions, results);
            if (options.JsonFile is { } file)
            {
                await WriteAsync(file, new FigureReport(conditions, results, DrawnPlot.Of(lines)), ct);
            }

            return results.Any(result => result.Failure is not null) ? Broken : 0;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return Interrupted;
        }
    }

    private static async Task<FigureResult> MeasureAsync(IFigure figure, FigureOptions options, List<(Plot Plot, PlotSeries Series)> lines, CancellationToken ct)
    {
        var before = LoadAverage();
        var clock = Stopwatch.StartNew();
        var rounds = new List<FigureRound>();
        var failure = default(string);
        var scale = new FigureScale(options.Quick, options.Rounds ?? (options.Quick ? 1 : DefaultRounds), what => Say(figure, clock.Elapsed, what));
        scale.Say(figure.Title);
        try
        {
            await foreach (var round in figure.RoundsAsync(scale, ct).WithCancellation(ct))
            {
                rounds.Add(round);
                scale.Say($"round {rounds.Count}: {string.Join(" · ", round.Numbers.Select(number => Written(number.Key, number.Value)))}");
            }
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            // The other figures are worth their time all the same.
            failure = e.Message;
            scale.Say($"broke off: {e}");
        }

        lines.AddRange(rounds.SelectMany(round => round.Lines));
        return new FigureResult(
            figure.Name,
            figure.Title,
            rounds.Count,
            Math.Round(clock.Elapsed.TotalSeconds, 1),
            before,
            LoadAverage(),
            [.. figure.Measures.Select(measure => MeasureResult.Of(measure, rounds))],
            [.. rounds.SelectMany(round => round.Remarks).Distinct(StringComparer.Ordinal)],
            failure);
    }

    private static async Task WriteAsync(string file, FigureReport report, CancellationToken ct)
    {
        await using (var stream = File.Create(file))
        {
            await JsonSerializer.SerializeAsync(stream, report, FigureJson.Default.FigureReport, ct);
        }

        foreach (var plot in report.Plots)
        {
            await File.WriteAllTextAsync(Path.ChangeExtension(file, $".{plot.Plot.Name}.svg"), SvgPlot.Draw(plot), ct);
        }
    }

    private static void Say(IFigure figure, TimeSpan elapsed, string what) =>
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{figure.Name,-12} {elapsed.TotalSeconds,5:0} s  {what}"));

    private static string Written(Measure measure, (double Ours, double? Baseline) number) => number.Baseline is { } baseline
        ? $"{measure.Name} {FigureTable.Written(number.Ours)} / {FigureTable.Written(baseline)} {measure.Unit}"
        : $"{measure.Name} {FigureTable.Written(number.Ours)} {measure.Unit}";

    private static async Task<Conditions> ConditionsAsync(bool quick, CancellationToken ct)
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
            System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription,
            quick);
    }

    // Of the last minute; elsewhere than on Linux nobody knows.
    private static double LoadAverage() =>
        File.Exists("/proc/loadavg") ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) : double.NaN;
}
