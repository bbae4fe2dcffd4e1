using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace PbxGrains.Front.Listeners;

/// <summary>
/// The two listeners of a front: the API, and beside it the one PBXs push reports to, which tolerates what they send.
/// </summary>
internal sealed class FrontListeners(IOptions<FrontSettings> settings) : IConfigureOptions<KestrelServerOptions>
{
    private const int LargestBody = 1024 * 1024;
    private static readonly TimeSpan HeadTimeout = TimeSpan.FromSeconds(10);

    private ListenOptions? _api;
    private ListenOptions? _reports;

    /// <summary>Port of the API; known once the front listens.</summary>
    public int ApiPort => PortOf(_api) ?? settings.Value.Port;

    /// <summary>Port of the report listener; null when it is off.</summary>
    public int? ReportPort => PortOf(_reports);

    public void Configure(KestrelServerOptions options)
    {
        var front = settings.Value;
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = LargestBody;
        options.Limits.RequestHeadersTimeout = HeadTimeout;
        options.Listen(AddressOf(front.Address, "Front:Address"), front.Port, listen => _api = listen);
        if (front.ReportPortNumber() is { } port)
        {
            options.Listen(AddressOf(front.ReportListenAddress, "Front:ReportListenAddress"), port, listen =>
            {
                _reports = listen;
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(next => connection => TolerantConnection.Serve(connection, next));
            });
        }
    }

    private static int? PortOf(ListenOptions? listener) => listener?.IPEndPoint?.Port;

    private static IPAddress AddressOf(string text, string setting) =>
        string.Equals(text, "localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
        : IPAddress.TryParse(text, out var address) ? address
        : throw new InvalidOperationException($"{setting} is '{text}': use an address of this machine, 127.0.0.1 or 0.0.0.0 for example.");
}
