using System.Net.Sockets;
using PbxGrains.Testing;

namespace PbxGrains.Front.Tests.Board;

/// <summary>The line between a reader and the front, which can be cut: what runs is hung up on, and nothing new gets through.</summary>
internal sealed class Line : IAsyncDisposable
{
    private readonly Relay _relay;
    private CancellationTokenSource _whole = new();

    public Line(int port) => _relay = new Relay("127.0.0.1", port, PassAsync);

    public int Port => _relay.Port;

    public Task CutAsync() => _whole.CancelAsync();

    public void Mend() => _whole = new CancellationTokenSource();

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    private async Task PassAsync(NetworkStream client, NetworkStream server, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, _whole.Token);
        await Task.WhenAny(client.CopyToAsync(server, either.Token), server.CopyToAsync(client, either.Token));
    }
}
