using System.Net;
using System.Net.Sockets;

namespace PbxGrains.Testing;

/// <summary>What is wrong with a link; of two at a time the later one in this list shows.</summary>
public enum LinkFault
{
    /// <summary>Nothing: bytes pass as they come.</summary>
    None,

    /// <summary>Each piece takes a while, both ways.</summary>
    Delayed,

    /// <summary>Packets are lost and sent again: now and then a piece takes seconds.</summary>
    Lossy,

    /// <summary>Connections are reset in the midst of an answer.</summary>
    Resetting,

    /// <summary>Connections are accepted, and nothing passes, also on those that were open.</summary>
    Silent,

    /// <summary>Packets vanish: connections are not even accepted, and nothing passes on those that were open.</summary>
    Unaccepting,

    /// <summary>Connections are refused, and those that were open are reset.</summary>
    Refusing,
}

/// <summary>
/// A TCP link on loopback that can be broken and mended while it is used. What a client gave up waiting for is not
/// delivered later: when one side hangs up during a fault, what is still on its way is lost. While nothing passes, nor does
/// that one side has gone: the other finds out when it says something afterwards, or half a minute later.
/// </summary>
public sealed class FaultyLink : IAsyncDisposable
{
    private const int Backlog = 128;
    private const int Fillers = 4;

    private readonly IPEndPoint _server;
    private readonly Lock _gate = new();
    private readonly LinkFault[] _layers = new LinkFault[2];
    private readonly HashSet<LinkPassage> _passages = [];
    private readonly List<Socket> _fillers = [];
    private readonly int _port;
    private TaskCompletionSource _changed = NewSignal();
    private Socket? _listening;
    private LinkFault _fault;
    private bool _ended;

    /// <summary>Begins to listen.</summary>
    /// <param name="server">Where it leads.</param>
    /// <param name="port">The port the server seems to be at, on 127.0.0.1; 0 for any.</param>
    public FaultyLink(IPEndPoint server, int port = 0)
    {
        _server = server;
        _port = port == 0 ? FreePort.Next() : port;
        Listen(Backlog);
    }

    /// <summary>The port the server seems to be at, on 127.0.0.1.</summary>
    public int Port => _port;

    /// <summary>What is wrong with it now.</summary>
    public LinkFault Fault => _fault;

    /// <summary>Breaks or mends it, for connections that are open as well as for new ones.</summary>
    /// <param name="fault">What shall be wrong.</param>
    /// <param name="layer">0 or 1: two may break it independently of each other.</param>
    public void Set(LinkFault fault, int layer = 0)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _layers[layer] = fault;
            var worst = _layers.Max();
            if (worst == _fault || _ended)
            {
                return;
            }

            _fault = worst;
            Close();
            if (worst == LinkFault.Refusing)
            {
                Reset();
            }
            else if (worst == LinkFault.Unaccepting)
            {
                Listen(backlog: 0);
                Fill();
            }
            else
            {
                Listen(Backlog);
            }

            changed = _changed;
            _changed = NewSignal();
        }

        changed.SetResult();
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _ended = true;
            Close();
            Reset();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Ends when something else is wrong than before.</summary>
    internal Task WhenChanged()
    {
        lock (_gate)
        {
            return _changed.Task;
        }
    }

    internal void Remove(LinkPassage passage)
    {
        lock (_gate)
        {
            _ = _passages.Remove(passage);
        }
    }

    private void Listen(int backlog)
    {
        // The one before may still be closing: who waits in its accept holds it for a moment.
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, _port));
        socket.Listen(backlog);
        _listening = socket;
        if (backlog > 0)
        {
            _ = AcceptAsync(socket);
        }
    }

    /// <summary>Connections nobody takes: the system then drops who knocks.</summary>
    private void Fill()
    {
        for (var i = 0; i < Fillers; i++)
        {
            var filler = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            _fillers.Add(filler);
            try
            {
                filler.Connect(IPAddress.Loopback, _port);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                // On its way, or dropped already.
            }
        }
    }

    private void Close()
    {
        _listening?.Dispose();
        _listening = null;
        _fillers.ForEach(filler => filler.Dispose());
        _fillers.Clear();
    }

    private void Reset()
    {
        foreach (var passage in _passages.ToList())
        {
            passage.Reset();
        }
    }

    private async Task AcceptAsync(Socket listening)
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await listening.AcceptAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            var passage = new LinkPassage(this, client);
            lock (_gate)
            {
                if (_ended || _fault == LinkFault.Refusing)
                {
                    passage.Reset();
                    continue;
                }

                _ = _passages.Add(passage);
            }

            _ = passage.RunAsync(_server);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
