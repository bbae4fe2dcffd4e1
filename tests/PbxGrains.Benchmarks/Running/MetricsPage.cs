using System.Globalization;

namespace PbxGrains.Benchmarks.Running;

/// <summary>What a process says at <c>/metrics</c>, in the form of Prometheus.</summary>
internal sealed class MetricsPage
{
    private readonly List<(string Series, double Value)> _lines;

    private MetricsPage(List<(string, double)> lines) => _lines = lines;

    /// <summary>Asks for it.</summary>
    public static async Task<MetricsPage> ReadAsync(HttpClient http, CancellationToken ct)
    {
        var text = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), ct);
        return new MetricsPage([.. text.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(Read)]);
    }

    /// <summary>The sum of all series of a name whose tags contain a text.</summary>
    public double Sum(string name, string tag = "") =>
        _lines.Where(line => line.Series.StartsWith(name, StringComparison.Ordinal)
            && (line.Series.Length == name.Length || line.Series[name.Length] == '{')
            && line.Series.Contains(tag, StringComparison.Ordinal)).Sum(line => line.Value);

    // "name{tags} value time": the time may be left out, and a tag's value may hold blanks.
    private static (string Series, double Value) Read(string line)
    {
        var end = line.IndexOf('}', StringComparison.Ordinal) is >= 0 and var tags ? tags + 1 : line.IndexOf(' ', StringComparison.Ordinal);
        var value = line[end..].Trim().Split(' ')[0];
        return (line[..end], double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN);
    }
}
