using System.Collections.Concurrent;
using System.Security.Cryptography;
using PbxGrains.Storage.Keys;

namespace PbxGrains.Front.Keys;

/// <summary>
/// Judges keys. A key found valid is remembered for a few seconds, so that a busy caller does not cost a query each
/// time while a revocation elsewhere is still felt quickly.
/// </summary>
internal sealed class KnownKeys(ApiKeys keys, TimeProvider time)
{
    /// <summary>How long a key revoked through another front may still work here.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    private const int MostRemembered = 10_000;
    private static readonly byte[] NoHash = new byte[SHA256.HashSizeInBytes];

    private readonly ConcurrentDictionary<string, Remembered> _remembered = new(StringComparer.Ordinal);

    /// <summary>The key's row when the key is genuine and live; null otherwise.</summary>
    public async ValueTask<ApiKeyRow?> JudgeAsync(ApiKey key, CancellationToken ct)
    {
        var row = await FindAsync(key.Id, ct);

        // Compared for unknown keys too: the time taken tells nothing about which ids exist.
        var genuine = CryptographicOperations.FixedTimeEquals(key.Hash(), row?.Hash ?? NoHash);
        return genuine && row is { RevokedAt: null } ? row : null;
    }

    /// <summary>The row of a live key that was judged before, by its id.</summary>
    public async ValueTask<ApiKeyRow?> FindLiveAsync(string keyId, CancellationToken ct) =>
        await FindAsync(keyId, ct) is { RevokedAt: null } row ? row : null;

    /// <summary>Forgets a key that was just revoked.</summary>
    public void Forget(string keyId) => _remembered.TryRemove(keyId, out _);

    private async ValueTask<ApiKeyRow?> FindAsync(string keyId, CancellationToken ct)
    {
        if (_remembered.TryGetValue(keyId, out var remembered) && time.GetElapsedTime(remembered.At) < Lifetime)
        {
            return remembered.Row;
        }

        var asked = time.GetTimestamp();
        var row = await keys.FindAsync(keyId, ct);
        if (row is null)
        {
            _remembered.TryRemove(keyId, out _);
            return null;
        }

        if (_remembered.Count >= MostRemembered)
        {
            _remembered.Clear();
        }

        _remembered[keyId] = new Remembered(row, asked);
        return row;
    }

    private readonly record struct Remembered(ApiKeyRow Row, long At);
}
