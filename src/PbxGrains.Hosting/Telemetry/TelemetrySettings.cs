namespace PbxGrains.Hosting.Telemetry;

/// <summary>What a process tells about itself; configuration section <c>Telemetry</c>.</summary>
public sealed record TelemetrySettings
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Telemetry";

    /// <summary>
    /// Where metrics, traces and logs are sent by OTLP, <c>http://collector:4317</c>; the usual variables <c>OTEL_*</c> count,
    /// too. Null, and no such variable: nothing is sent.
    /// </summary>
    public Uri? Otlp { get; init; }

    /// <summary>Share of requests that are traced, 0 to 1. Whoever calls with a trace of his own decides for his.</summary>
    public double TracedShare { get; init; } = 0.05;
}
