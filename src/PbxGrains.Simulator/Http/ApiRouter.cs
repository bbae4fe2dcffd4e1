using System.Collections.Frozen;
using PbxGrains.Simulator.Calls;
using PbxGrains.Simulator.Cdrs;
using PbxGrains.Simulator.Extensions;
using PbxGrains.Simulator.Sessions;

namespace PbxGrains.Simulator.Http;

/// <summary>Answers one request; runs under the PBX's gate.</summary>
internal delegate ApiAnswer ApiHandler(SimulatedPbx pbx, ApiRequest request);

/// <summary>Which endpoint serves which path, per dialect, and what must be right before it runs.</summary>
internal static class ApiRouter
{
    private static readonly Version FirstWithTransferAndCdrs = new(30, 10, 0, 59);

    private static readonly FrozenDictionary<string, ApiHandler> V1 = Table(Dialect.V1);
    private static readonly FrozenDictionary<string, ApiHandler> V2 = Table(Dialect.V2);

    /// <summary>Downloads are links: the only requests that may be GET, and in production they are also seen as POST.</summary>
    public static bool IsDownload(string endpoint) => endpoint is "cdr/download" or "recording/download";

    /// <summary>Checks the token and lets the endpoint answer.</summary>
    public static ApiAnswer Answer(SimulatedPbx pbx, ApiRequest request)
    {
        var table = request.Dialect is Dialect.V1 ? V1 : V2;
        if (pbx.Faults.ApiOff)
        {
            return ApiAnswer.Failed(ErrorCode.ApiServiceDown);
        }

        if (!table.TryGetValue(request.Endpoint, out var endpoint) || IsRevoked(pbx, request.Endpoint) || IsTooNew(pbx, request.Endpoint))
        {
            return ApiAnswer.Failed(ErrorCode.RequestNotSupported);
        }

        lock (pbx.Gate)
        {
            pbx.Timeline.CatchUp();
            if (request.Endpoint is "login")
            {
                return endpoint(pbx, request);
            }

            var (session, error) = pbx.Sessions.Find(request.Parameter("token"), isGoodBye: request.Endpoint is "logout");
            return session is null ? ApiAnswer.Failed(error) : endpoint(pbx, request with { Session = session });
        }
    }

    private static bool IsRevoked(SimulatedPbx pbx, string endpoint) =>
        pbx.Faults.RevokedEndpoints.Any(path => endpoint.StartsWith(path, StringComparison.Ordinal));

    private static bool IsTooNew(SimulatedPbx pbx, string endpoint) =>
        pbx.Firmware < FirstWithTransferAndCdrs && (endpoint is "calltransfer" || endpoint.StartsWith("cdr/", StringComparison.Ordinal));

    private static FrozenDictionary<string, ApiHandler> Table(Dialect dialect)
    {
        var table = new Dictionary<string, ApiHandler>(StringComparer.Ordinal);
        SessionEndpoints.AddTo(table);
        ExtensionEndpoints.AddTo(table, dialect);
        OriginateEndpoints.AddTo(table, dialect);
        CallListEndpoints.AddTo(table, dialect);
        CallControlEndpoints.AddTo(table, dialect);
        MonitorEndpoints.AddTo(table, dialect);
        TrunkEndpoints.AddTo(table, dialect);
        DownloadEndpoints.AddTo(table);
        return table.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
