using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace PbxGrains.Testing;

/// <summary>One connection over a <see cref="FaultyLink" />: both directions, as its fault lets them.</summary>
internal sealed class LinkPassage(FaultyLink link, Socket client) : IDisposable
{
    private const int PiecesUnderWay = 64;
    private const double ShareLost = 0.2;
    private const double ShareReset = 0.5;

    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan LongestRepeat = TimeSpan.FromSeconds(2.5);

    /// <summary>When a side whose peer has gone unheard finds out by itself: the product has the database look after so long.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(30);

    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly CancellationTokenSource _ending = new();
    private volatile Socket? _gone;

    /// <summary>Passes on until both sides have hung up, or one during a fault.</summary>
    public async Task RunAsync(IPEndPoint server)
    {
        try
        {
            client.NoDelay = true;
            await HeldAsync();
            await _server.ConnectAsync(server, _ending.Token);
            await Task.WhenAll(PassAsync(client, _server, isAnswer: false), PassAsync(_server, client, isAnswer: true));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side hung up, or the link broke.
        }
        finally
        {
            Reset();
            link.Remove(this);
        }
    }

    /// <summary>Breaks it: both sides see a reset.</summary>
    public void Reset()
    {
        _ending.Cancel();
        Abort(client);
        Abort(_server);
    }

    /// <inheritdoc />
    public void Dispose() => Reset();

    private static void Abort(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is gone already.
        }

        socket.Dispose();
    }

    private Task PassAsync(Socket from, Socket to, bool isAnswer)
    {
        var pieces = Channel.CreateBounded<byte[]>(PiecesUnderWay);
        return Task.WhenAll(
            OrResetAsync(ReadAsync(from, pieces.Writer)),
            OrResetAsync(WriteAsync(pieces.Reader, from, to, isAnswer)));
    }

    /// <summary>What fails in one direction ends both at once.</summary>
    private async Task OrResetAsync(Task passing)
    {
        try
        {
            await passing;
        }
        catch
        {
            Reset();
            throw;
        }
    }

    private async Task ReadAsync(Socket from, ChannelWriter<byte[]> pieces)
    {
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var read = await ReceiveAsync(from, buffer);
            if (read > 0)
            {
                await pieces.WriteAsync(buffer[..read], _ending.Token);
                continue;
            }

            switch (link.Fault)
            {
                case LinkFault.Silent or LinkFault.Unaccepting:
                    // Its farewell is lost like everything else: the other side hears of it when it says something itself.
                    _gone = from;
                    Abort(from);
                    await Task.Delay(KeepAlive, _ending.Token);
                    throw new OperationCanceledException("The peer of one side has gone.");
                case LinkFault.Lossy:
                    throw new OperationCanceledException("One side gave up.");
                default:
                    pieces.Complete();
                    return;
            }
        }
    }

    /// <returns>0 when this side has hung up; also when it reset the connection while nobody can hear that.</returns>
    private async Task<int> ReceiveAsync(Socket from, byte[] buffer)
    {
        try
        {
            return await from.ReceiveAsync(buffer, _ending.Token);
        }
        catch (SocketException) when (link.Fault is LinkFault.Silent or LinkFault.Unaccepting)
        {
            return 0;
        }
    }

    private async Task WriteAsync(ChannelReader<byte[]> pieces, Socket from, Socket to, bool isAnswer)
    {
        await foreach (var piece in pieces.ReadAllAsync(_ending.Token))
        {
            await HeldAsync();
            if (_gone == from)
            {
                return;
            }

            switch (link.Fault)
            {
                case LinkFault.Delayed:
                    await Task.Delay(Delay, _ending.Token);
                    break;
                case LinkFault.Lossy when Random.Shared.NextDouble() < ShareLost:
                    await Task.Delay(LongestRepeat * Random.Shared.NextDouble(), _ending.Token);
                    break;
                case LinkFault.Resetting when isAnswer && Random.Shared.NextDouble() < ShareReset:
                    await SendAsync(to, piece.AsMemory(0, piece.Length / 2));
                    throw new OperationCanceledException("Reset in the midst of an answer.");
                default:
                    break;
            }

            await SendAsync(to, piece);
        }

        to.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Waits while nothing passes.</summary>
    private async Task HeldAsync()
    {
        while (true)
        {
            var changed = link.WhenChanged();
            if (link.Fault is not (LinkFault.Silent or LinkFault.Unaccepting))
            {
                return;
            }

            await changed.WaitAsync(_ending.Token);
        }
    }

    private async Task SendAsync(Socket to, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await to.SendAsync(bytes, _ending.Token)..];
        }
    }
}
