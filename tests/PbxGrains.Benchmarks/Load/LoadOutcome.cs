using System.Text.Json;
using System.Text.Json.Serialization;

namespace PbxGrains.Benchmarks.Load;

/// <summary>What became of a <see cref="LeanLoad"/>.</summary>
/// <param name="Seconds">How long it counted.</param>
/// <param name="CpuSeconds">Its own time on processors meanwhile.</param>
/// <param name="Milliseconds">From sending to the answer, of every report.</param>
internal sealed record LoadOutcome(double Seconds, double CpuSeconds, IReadOnlyList<double> Milliseconds)
{
    /// <summary>Reports answered a second.</summary>
    [JsonIgnore]
    public double PerSecond => Milliseconds.Count / Seconds;

    public static LoadOutcome Of(TimeSpan elapsed, TimeSpan cpu, IReadOnlyList<double> milliseconds) =>
        new(elapsed.TotalSeconds, cpu.TotalSeconds, [.. milliseconds.Select(time => Math.Round(time, 3))]);

    public static LoadOutcome Read(string line) => JsonSerializer.Deserialize(line, LoadOutcomeJson.Default.LoadOutcome)!;

    public string Written() => JsonSerializer.Serialize(this, LoadOutcomeJson.Default.LoadOutcome);
}

/// <summary>How it is written.</summary>
[JsonSerializable(typeof(LoadOutcome))]
internal sealed partial class LoadOutcomeJson : JsonSerializerContext;
