using System.Globalization;
using PbxGrains.Contracts.Checklists;

namespace PbxGrains.Grains.Checklists;

/// <summary>Something a check can find. Its code is stable, and the front has its sentences in English and French.</summary>
/// <param name="Code">Stable code.</param>
/// <param name="Verdict">What it means for the item.</param>
internal sealed record Finding(string Code, ChecklistVerdict Verdict)
{
    /// <summary>Found, with what was measured; facts without a value are left out.</summary>
    public Measured With(params ReadOnlySpan<(string Name, object? Value)> facts)
    {
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in facts)
        {
            if (TextOf(value) is { } text)
            {
                texts[name] = text;
            }
        }

        return new Measured(this, texts);
    }

    public static Finding Pass(string code) => new(code, ChecklistVerdict.Pass);

    public static Finding Warn(string code) => new(code, ChecklistVerdict.Warn);

    public static Finding Fail(string code) => new(code, ChecklistVerdict.Fail);

    public static Finding Skip(string code) => new(code, ChecklistVerdict.Skipped);

    public static Finding Notice(string code) => new(code, ChecklistVerdict.Notice);

    private static string? TextOf(object? value) => value switch
    {
        null => null,
        string text => text,
        DateTimeOffset instant => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        TimeSpan span => span.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture),
        double number => number.ToString("0.####", CultureInfo.InvariantCulture),
        IEnumerable<string> list => string.Join(", ", list),
        IFormattable other => other.ToString(format: null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };
}

/// <summary>A finding and the facts behind it.</summary>
/// <param name="Finding">What was found.</param>
/// <param name="Facts">What was measured.</param>
/// <param name="SkippedBecause">The item whose failure is why nothing was measured; null otherwise.</param>
internal sealed record Measured(Finding Finding, IReadOnlyDictionary<string, string> Facts, string? SkippedBecause = null);
