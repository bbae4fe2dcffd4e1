using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using PbxGrains.Hosting.Telemetry;

namespace PbxGrains.Hosting;

/// <summary>Metrics for Prometheus and OTLP, traces and logs for OTLP, and one trace id from a request to the actor's last word about it.</summary>
public static class TelemetryHosting
{
    /// <summary>Where Prometheus asks.</summary>
    public const string MetricsPath = "/metrics";

    private const string OtlpVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Meters of our own, and of what we stand on.</summary>
    private static readonly string[] Meters =
        ["PbxGrains.*", "Microsoft.Orleans", "Npgsql", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    /// <summary>
    /// Sources of traces. The HTTP client is not among them: the addresses of a PBX carry its session. Our own source
    /// names the endpoint and the site instead.
    /// </summary>
    private static readonly string[] Sources = ["PbxGrains.*", "Microsoft.Orleans.Application", "Npgsql"];

    private static readonly double[] Seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600];

    /// <summary>Serves <c>/metrics</c> in the form of Prometheus.</summary>
    public static IEndpointConventionBuilder MapPbxMetrics(this IEndpointRouteBuilder app) => app.MapPrometheusScrapingEndpoint(MetricsPath);

    internal static void AddPbxTelemetry(this IHostApplicationBuilder builder)
    {
        var settings = builder.Configuration.GetSection(TelemetrySettings.Section).Get<TelemetrySettings>() ?? new TelemetrySettings();
        builder.Services.AddHostedService<TraceIds>();
        var sends = settings.Otlp is not null || !string.IsNullOrWhiteSpace(builder.Configuration[OtlpVariable]);
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(builder.Environment.ApplicationName, serviceNamespace: "pbxgrains", serviceInstanceId: $"{Environment.MachineName}-{Environment.ProcessId}"))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(Meters).AddPrometheusExporter(options => options.ScrapeResponseCacheDurationMilliseconds = 1000);
                metrics.AddView(instrument => instrument.Unit == "s" && instrument.GetType().Name.StartsWith("Histogram", StringComparison.Ordinal) ? new ExplicitBucketHistogramConfiguration { Boundaries = Seconds } : null);
                if (sends)
                {
                    metrics.AddOtlpExporter(options => options.Endpoint = settings.Otlp ?? options.Endpoint);
                }
            });
        if (sends)
        {
            telemetry.WithTracing(traces => traces
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(settings.TracedShare)))
                .AddSource(Sources)
                .AddAspNetCoreInstrumentation(options => options.Filter = context => !IsIdle(context.Request.Path))
                .AddOtlpExporter(options => options.Endpoint = settings.Otlp ?? options.Endpoint));
            telemetry.WithLogging(
                logs => logs.AddOtlpExporter(options => options.Endpoint = settings.Otlp ?? options.Endpoint),
                options => options.IncludeFormattedMessage = true);
        }
    }

    /// <summary>What is asked every few seconds by machines, and streams that last for hours.</summary>
    private static bool IsIdle(PathString path) => path.StartsWithSegments("/health", StringComparison.Ordinal) || path == MetricsPath || path == "/api/pbx/events";
}
