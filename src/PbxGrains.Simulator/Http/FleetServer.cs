using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace PbxGrains.Simulator.Http;

/// <summary>
/// One web server for the whole fleet: every PBX listens on its own socket and hands its connections to this one, so that a
/// thousand PBXs cost a thousand sockets and not a thousand hosts with a thread each.
/// </summary>
internal sealed class FleetServer : IAsyncDisposable
{
    private const int LargestRequest = 256 * 1024;

    private readonly SocketConnectionContextFactory _connections = new(new SocketConnectionFactoryOptions(), NullLogger.Instance);
    private readonly Door _plain = new(IsTls: false);
    private readonly Door _tls = new(IsTls: true);
    private readonly WebApplication _host;

    private FleetServer()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        _ = builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        _ = builder.Services.AddSingleton<IConnectionListenerFactory, Doors>();
        _ = builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestRequest;
            kestrel.Listen(_plain, static door => door.Protocols = HttpProtocols.Http1);
            kestrel.Listen(_tls, static door =>
            {
                door.Protocols = HttpProtocols.Http1;
                _ = door.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = PresentCertificate });
            });
        });
        _host = builder.Build();
        _host.Run(static context => PbxEndpoint.ServeAsync(context.Features.GetRequiredFeature<SimulatedPbx>(), context));
    }

    public static async Task<FleetServer> StartAsync(CancellationToken ct)
    {
        var server = new FleetServer();
        await server._host.StartAsync(ct);
        return server;
    }

    /// <summary>Serves what a client of this PBX asks on a connection.</summary>
    public void Serve(SimulatedPbx pbx, Socket socket)
    {
        var connection = _connections.Create(socket);
        connection.Features.Set(pbx);
        _ = (pbx.IsHttps ? _tls : _plain).Connections.Writer.TryWrite(connection);
    }

    public async ValueTask DisposeAsync()
    {
        using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        _ = _plain.Connections.Writer.TryComplete();
        _ = _tls.Connections.Writer.TryComplete();
        await _host.StopAsync(impatience.Token);
        await _host.DisposeAsync();
        _connections.Dispose();
    }

    private static ValueTask<SslServerAuthenticationOptions> PresentCertificate(TlsHandshakeCallbackContext handshake)
    {
        var pbx = handshake.Connection.Features.GetRequiredFeature<SimulatedPbx>();
        return ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = pbx.CertificateContext });
    }

    /// <summary>Where the connections of all PBXs come in; not an address of the network.</summary>
    private sealed class Door(bool IsTls) : EndPoint
    {
        public Channel<ConnectionContext> Connections { get; } = Channel.CreateUnbounded<ConnectionContext>();

        public override string ToString() => IsTls ? "fleet-tls" : "fleet-plain";
    }

    private sealed class Doors : IConnectionListenerFactory, IConnectionListenerFactorySelector
    {
        public bool CanBind(EndPoint endpoint) => endpoint is Door;

        public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult<IConnectionListener>(new Listener((Door)endpoint));
    }

    private sealed class Listener(Door door) : IConnectionListener
    {
        public EndPoint EndPoint => door;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
            await door.Connections.Reader.WaitToReadAsync(cancellationToken) && door.Connections.Reader.TryRead(out var connection) ? connection : null;

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            _ = door.Connections.Writer.TryComplete();
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }
}
