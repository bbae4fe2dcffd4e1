using System.Globalization;

namespace PbxGrains.Benchmarks.Figures;

/// <summary>The result as a Markdown table.</summary>
internal static class FigureTable
{
    /// <summary>Writes it.</summary>
    public static void Write(TextWriter to, Conditions conditions, IReadOnlyList<FigureResult> results)
    {
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{conditions.At:yyyy-MM-dd HH:mm} UTC · {conditions.Cores} cores · PostgreSQL {conditions.Postgres}, fsync {conditions.Fsync}, synchronous_commit {conditions.SynchronousCommit} · {conditions.Runtime}{(conditions.Quick ? " · quick: no numbers to rely on" : "")}"));
        to.WriteLine();
        to.WriteLine("| Figure | Product | Baseline | Ratio | Aim | Met |");
        to.WriteLine("|---|--:|--:|--:|--:|---|");
        foreach (var result in results)
        {
            to.WriteLine($"| **{result.Title}** | | | | | {(result.Failure is null ? "" : "broke off")} |");
            foreach (var measure in result.Measures)
            {
                to.WriteLine(Row(measure));
            }
        }

        to.WriteLine();
        to.WriteLine("Medians of the rounds, with the least and the most; ratios are those within a round.");
        foreach (var result in results)
        {
            foreach (var baseline in result.Measures.Select(measure => measure.BaselineTitle).OfType<string>().Distinct(StringComparer.Ordinal))
            {
                to.WriteLine($"- {result.Name}: baseline {baseline}.");
            }

            foreach (var remark in result.Remarks)
            {
                to.WriteLine($"- {result.Name}: {remark}");
            }

            if (result.Failure is { } failure)
            {
                to.WriteLine($"- {result.Name} broke off: {failure}");
            }
        }
    }

    /// <summary>As many digits as can be believed.</summary>
    public static string Written(double number) => Math.Abs(number) switch
    {
        0 => "0",
        < 1 => number.ToString("0.00#", CultureInfo.InvariantCulture),
        < 10 => number.ToString("0.0#", CultureInfo.InvariantCulture),
        < 100 => number.ToString("0.0", CultureInfo.InvariantCulture),
        _ => number.ToString("#,##0", CultureInfo.InvariantCulture),
    };

    private static string Row(MeasureResult measure)
    {
        if (measure.Ours is null)
        {
            return $"| {measure.Name} | {measure.Absent ?? "–"} | | | {measure.Aim?.Written(measure.Unit)} | – |";
        }

        var compared = measure.Aim?.Of == AimOf.Added && measure.Added is { } added ? $"+{Written(added)}" : measure.Ratio is { } ratio ? $"{Written(ratio)} ×" : measure.Absent is null ? "" : "–";
        var met = measure.Met switch { true => "yes", false => "**no**", null => "" };
        return $"| {measure.Name} | {Written(measure.Ours)} {measure.Unit} | {(measure.Baseline is { } baseline ? Written(baseline.Median) : measure.Absent)} | {compared} | {measure.Aim?.Written(measure.Unit)} | {met} |";
    }

    private static string Written(Spread spread) =>
        spread.Least == spread.Most ? Written(spread.Median) : $"{Written(spread.Median)} ({Written(spread.Least)}–{Written(spread.Most)})";
}
