using System.Net;
using System.Net.Sockets;

namespace PbxGrains.Testing;

/// <summary>Stands between a client and a server on loopback, connection by connection; what passes is up to the test.</summary>
public sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _accepting;

    /// <summary>Begins to listen.</summary>
    /// <param name="host">The server.</param>
    /// <param name="port">Its port.</param>
    /// <param name="pass">Passes on what it wants from client to server and back; when it ends, both are hung up on.</param>
    public Relay(string host, int port, Func<NetworkStream, NetworkStream, CancellationToken, Task> pass)
    {
        _listener.Start();
        _accepting = AcceptAsync(host, port, pass);
    }

    /// <summary>The port the server seems to be at, on 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _ending.Dispose();
    }

    private async Task AcceptAsync(string host, int port, Func<NetworkStream, NetworkStream, CancellationToken, Task> pass)
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_ending.Token);
                _ = Task.Run(() => PassAsync(client, host, port, pass));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task PassAsync(TcpClient client, string host, int port, Func<NetworkStream, NetworkStream, CancellationToken, Task> pass)
    {
        using (client)
        using (var server = new TcpClient { NoDelay = true })
        {
            try
            {
                await server.ConnectAsync(host, port, _ending.Token);
                await pass(client.GetStream(), server.GetStream(), _ending.Token);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // One side hung up.
            }
        }
    }
}
