using System.Net;
using System.Net.Sockets;

namespace PbxGrains.Simulator.Http;

/// <summary>The socket on which one PBX listens. It may close and open again on the same port, and it may swallow what connects.</summary>
internal sealed class PbxListener(IPAddress address, int port, Action<Socket> serve) : IDisposable
{
    private const int Backlog = 128;

    private readonly Lock _gate = new();
    private readonly List<Socket> _swallowed = [];
    private Socket? _listening;
    private bool _swallows;
    private int _port = port;

    /// <summary>The port; known after the first <see cref="Open" /> when the system was to pick it.</summary>
    public int Port => _port;

    /// <summary>Starts to listen; does nothing when it does already.</summary>
    /// <exception cref="SocketException">The address is taken.</exception>
    public void Open()
    {
        lock (_gate)
        {
            if (_listening is not null)
            {
                return;
            }

            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(address, _port));
                socket.Listen(Backlog);
            }
            catch (SocketException)
            {
                socket.Dispose();
                throw;
            }

            _port = ((IPEndPoint)socket.LocalEndPoint!).Port;
            _listening = socket;
            _ = AcceptAsync(socket);
        }
    }

    /// <summary>Stops to listen: the next connection is refused.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _listening?.Dispose();
            _listening = null;
            Release();
        }
    }

    /// <summary>From now on connections are accepted and left without any answer, or served again.</summary>
    public void Swallow(bool swallows)
    {
        lock (_gate)
        {
            _swallows = swallows;
            if (!swallows)
            {
                Release();
            }
        }
    }

    public void Dispose() => Close();

    private async Task AcceptAsync(Socket listening)
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await listening.AcceptAsync();
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                return;
            }

            socket.NoDelay = true;
            lock (_gate)
            {
                if (_swallows)
                {
                    _swallowed.Add(socket);
                    continue;
                }
            }

            serve(socket);
        }
    }

    private void Release()
    {
        foreach (var socket in _swallowed)
        {
            socket.Dispose();
        }

        _swallowed.Clear();
    }
}
