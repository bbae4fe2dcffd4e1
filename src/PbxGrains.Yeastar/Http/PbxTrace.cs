using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Yeastar.Http;

/// <summary>
/// Traces and measures each request to a PBX, under the name <see cref="Name"/>. Addresses carry the session's token: a
/// trace names host and endpoint, never the query.
/// </summary>
public static class PbxTrace
{
    /// <summary>Name of the source of traces and of the meter.</summary>
    public const string Name = "PbxGrains.Pbx";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Histogram<double> Requests = Meter.CreateHistogram<double>("pbx.request.duration", "s", "One request to a PBX, by endpoint and outcome.");

    internal static Activity? Begin(Uri address, string endpoint)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var activity = Source.StartActivity($"PBX {endpoint}", ActivityKind.Client);
        activity?.SetTag("server.address", address.Host).SetTag("server.port", address.Port).SetTag("pbx.endpoint", endpoint);
        return activity;
    }

    internal static void End(Activity? activity, string endpoint, TimeSpan duration, PbxFailure? failure)
    {
        var outcome = failure is null ? "ok" : JsonNamingPolicy.CamelCase.ConvertName(failure.Kind.ToString());
        Requests.Record(duration.TotalSeconds, KeyValuePair.Create<string, object?>("endpoint", endpoint), KeyValuePair.Create<string, object?>("outcome", outcome));
        activity?.SetTag("pbx.outcome", outcome).SetStatus(failure is null ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
        activity?.Dispose();
    }
}
