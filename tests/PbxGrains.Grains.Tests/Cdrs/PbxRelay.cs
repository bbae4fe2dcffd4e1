using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using PbxGrains.Testing;

namespace PbxGrains.Grains.Tests.Cdrs;

/// <summary>Stands between us and a PBX of plain HTTP: the PBX does all it is asked, but answers may not arrive whole.</summary>
internal sealed class PbxRelay : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, long> _cut = new(StringComparer.Ordinal);
    private readonly Relay _relay;
    private volatile Func<string, byte[], int?> _keeps = static (_, _) => null;

    public PbxRelay(Uri pbx) => _relay = new Relay(pbx.Host, pbx.Port, PassAsync);

    /// <summary>Where the PBX seems to be.</summary>
    public Uri Address => new UriBuilder("http", "127.0.0.1", _relay.Port).Uri;

    /// <summary>How often answers were cut.</summary>
    public long Cut => _cut.Values.Sum();

    /// <summary>From now on: of the answer to a path, how many bytes arrive; null for all.</summary>
    public void Keep(Func<string, byte[], int?> keeps) => _keeps = keeps;

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    private async Task PassAsync(NetworkStream client, NetworkStream pbx, CancellationToken ct)
    {
        var first = new byte[1 << 16];
        var read = await client.ReadAsync(first, ct);
        await pbx.WriteAsync(first.AsMemory(0, read), ct);
        _ = client.CopyToAsync(pbx, ct);

        // We ask each question over a connection of its own, so an answer ends where the connection does.
        using var answer = new MemoryStream();
        await pbx.CopyToAsync(answer, ct);
        var path = Encoding.ASCII.GetString(first, 0, read).Split(' ', 3)[1].Split('?')[0];
        var kept = _keeps(path, answer.ToArray());
        if (kept is not null)
        {
            _ = _cut.AddOrUpdate(path, 1, static (_, count) => count + 1);
        }

        await client.WriteAsync(answer.ToArray().AsMemory(0, kept ?? (int)answer.Length), ct);
    }
}
