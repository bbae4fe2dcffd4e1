using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PbxGrains.EndToEnd.Tests.Faults;

/// <summary>What a run found, for people and for programs.</summary>
/// <param name="options">What was run.</param>
/// <param name="recovered">Each fault, and how long it took to recover; null when it did not or was not measured.</param>
/// <param name="violations">What did not hold.</param>
/// <param name="remarks">What else is worth knowing, one a line.</param>
internal sealed class FaultReport(FaultOptions options, IReadOnlyCollection<(Fault Fault, TimeSpan? Took)> recovered, Violations violations, IReadOnlyList<string> remarks)
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Two tables: faults by kind, and what held.</summary>
    public string Markdown()
    {
        var text = new StringBuilder();
        _ = text.Append(CultureInfo.InvariantCulture, $"| Fault | Injected | Recovered after, p50 | max |\n|---|---:|---:|---:|\n");
        foreach (var row in Rows())
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"| {row.Kind} | {row.Injected} | {Seconds(row.P50)} | {Seconds(row.Max)} |\n");
        }

        _ = text.Append(CultureInfo.InvariantCulture, $"\n| Invariant | Checked | Violations |\n|---|---:|---:|\n");
        foreach (var invariant in Enum.GetValues<Invariant>())
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"| {invariant} | {violations.CheckedOf(invariant)} | {violations.ViolatedOf(invariant)} |\n");
        }

        _ = text.Append('\n');
        foreach (var remark in remarks)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"- {remark}\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"- Again with: `{options.Command}`\n").ToString();
    }

    /// <summary>Writes both forms where the options say.</summary>
    public void Write()
    {
        if (options.ReportFile is not { } file)
        {
            return;
        }

        File.WriteAllText(file + ".md", Markdown());
        File.WriteAllText(file + ".json", JsonSerializer.Serialize(
            new
            {
                options.Seed,
                options.Sites,
                Seconds = options.Duration.TotalSeconds,
                options.Command,
                Faults = Rows().Select(row => new { Kind = row.Kind.ToString(), row.Injected, RecoveredP50Seconds = row.P50?.TotalSeconds, RecoveredMaxSeconds = row.Max?.TotalSeconds }),
                Invariants = Enum.GetValues<Invariant>().Select(invariant => new { Name = invariant.ToString(), Checked = violations.CheckedOf(invariant), Violations = violations.ViolatedOf(invariant) }),
                Violations = violations.All,
                Remarks = remarks,
            },
            Indented));
    }

    private IEnumerable<(FaultKind Kind, int Injected, TimeSpan? P50, TimeSpan? Max)> Rows() =>
        recovered.GroupBy(one => one.Fault.Kind).OrderBy(kind => kind.Key).Select(kind =>
        {
            var took = kind.Where(one => one.Took is not null).Select(one => one.Took).Order().ToList();
            return (kind.Key, kind.Count(), took.Count > 0 ? took[took.Count / 2] : null, took.Count > 0 ? took[^1] : null);
        });

    private static string Seconds(TimeSpan? time) => time is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known.TotalSeconds:0.0} s") : "–";
}
