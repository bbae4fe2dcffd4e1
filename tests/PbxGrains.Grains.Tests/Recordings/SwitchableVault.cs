using System.Collections.Concurrent;
using System.Security.Cryptography;
using PbxGrains.Storage.Recordings;

namespace PbxGrains.Grains.Tests.Recordings;

/// <summary>A vault in memory that fails or takes its time when the test says so.</summary>
internal sealed class SwitchableVault : IRecordingVault
{
    private readonly ConcurrentDictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private int _puts;

    /// <summary>What it fails with; null: it works.</summary>
    public VaultFault? Fault { get; set; }

    /// <summary>Puts wait for this.</summary>
    public TaskCompletionSource? Held { get; init; }

    public int Puts => _puts;

    public ICollection<string> Files => _files.Keys;

    public async Task<VaultReceipt> PutAsync(string recordingId, Stream content, CancellationToken ct)
    {
        _ = Interlocked.Increment(ref _puts);
        Check();
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, ct);
        if (Held is { } held)
        {
            await held.Task.WaitAsync(ct);
        }

        _files[recordingId] = bytes.ToArray();
        return new VaultReceipt(bytes.Length, SHA256.HashData(bytes.ToArray()));
    }

    public Task<Stream?> OpenAsync(string recordingId, long offset, CancellationToken ct)
    {
        Check();
        return Task.FromResult<Stream?>(_files.TryGetValue(recordingId, out var bytes) ? new MemoryStream(bytes, (int)offset, bytes.Length - (int)offset, writable: false) : null);
    }

    public Task DeleteAsync(string recordingId, CancellationToken ct)
    {
        Check();
        _ = _files.TryRemove(recordingId, out _);
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<VaultEntry> ListAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await Task.Yield();
        foreach (var id in _files.Keys)
        {
            yield return new VaultEntry(id, DateTimeOffset.MinValue);
        }
    }

    public Task<int> SweepAsync(DateTimeOffset before, CancellationToken ct) => Task.FromResult(0);

    private void Check()
    {
        if (Fault is { } fault)
        {
            throw new VaultUnavailableException(fault, "The vault is switched off by the test.");
        }
    }
}
