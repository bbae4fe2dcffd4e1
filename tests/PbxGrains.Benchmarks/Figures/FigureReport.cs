using System.Text.Json;
using System.Text.Json.Serialization;
using PbxGrains.Benchmarks.Plots;

namespace PbxGrains.Benchmarks.Figures;

/// <summary>Under which conditions it was measured.</summary>
internal sealed record Conditions(DateTimeOffset At, int Cores, string Postgres, string Fsync, string SynchronousCommit, string Runtime, bool Quick);

/// <summary>What goes into the file.</summary>
internal sealed record FigureReport(Conditions Conditions, IReadOnlyList<FigureResult> Figures, IReadOnlyList<DrawnPlot> Plots);

/// <summary>How it is written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, UseStringEnumConverter = true)]
[JsonSerializable(typeof(FigureReport))]
internal sealed partial class FigureJson : JsonSerializerContext;
