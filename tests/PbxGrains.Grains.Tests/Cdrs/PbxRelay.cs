using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PbxGrains.Grains.Tests.Cdrs;

/// <summary>Stands between us and a PBX of plain HTTP: the PBX does all it is asked, but answers may not arrive whole.</summary>
internal sealed class PbxRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentDictionary<string, long> _cut = new(StringComparer.Ordinal);
    private readonly Uri _pbx;
    private readonly Task _accepting;
    private volatile Func<string, byte[], int?> _keeps = static (_, _) => null;

    public PbxRelay(Uri pbx)
    {
        _pbx = pbx;
        _listener.Start();
        Address = new UriBuilder("http", "127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port).Uri;
        _accepting = AcceptAsync();
    }

    /// <summary>Where the PBX seems to be.</summary>
    public Uri Address { get; }

    /// <summary>How often answers were cut.</summary>
    public long Cut => _cut.Values.Sum();

    /// <summary>From now on: of the answer to a path, how many bytes arrive; null for all.</summary>
    public void Keep(Func<string, byte[], int?> keeps) => _keeps = keeps;

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_ending.Token);
                _ = Task.Run(() => PassAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using (client)
        using (var pbx = new TcpClient { NoDelay = true })
        {
            try
            {
                var first = new byte[1 << 16];
                var read = await client.GetStream().ReadAsync(first, _ending.Token);
                await pbx.ConnectAsync(_pbx.Host, _pbx.Port, _ending.Token);
                await pbx.GetStream().WriteAsync(first.AsMemory(0, read), _ending.Token);
                _ = client.GetStream().CopyToAsync(pbx.GetStream(), _ending.Token);

                // We ask each question over a connection of its own, so an answer ends where the connection does.
                using var answer = new MemoryStream();
                await pbx.GetStream().CopyToAsync(answer, _ending.Token);
                var path = Encoding.ASCII.GetString(first, 0, read).Split(' ', 3)[1].Split('?')[0];
                var kept = _keeps(path, answer.ToArray());
                if (kept is not null)
                {
                    _ = _cut.AddOrUpdate(path, 1, static (_, count) => count + 1);
                }

                await client.GetStream().WriteAsync(answer.ToArray().AsMemory(0, kept ?? (int)answer.Length), _ending.Token);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // One side hung up.
            }
        }
    }
}
