using System.Security.Cryptography;
using PbxGrains.Storage.Recordings;

namespace PbxGrains.Grains.Recordings;

/// <summary>Brings recordings into the vault, off the actor's turn, and knows one again that is there already.</summary>
/// <param name="vault">The vault.</param>
/// <param name="time">Clock of the limit.</param>
internal sealed class RecordingArchive(IRecordingVault vault, TimeProvider time)
{
    private const int BufferSize = 80 * 1024;

    /// <summary>Longest download: half an hour, in which the slowest line still carries an hour of talk.</summary>
    private static readonly TimeSpan LongestDownload = RecordingSetbacks.LongestTry;

    /// <summary>Keeps a recording as it comes.</summary>
    /// <param name="row">The recording.</param>
    /// <param name="content">What the PBX sends.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="NotARecordingException">It is no whole recording.</exception>
    /// <exception cref="IOException">The PBX broke off, or it took too long.</exception>
    /// <exception cref="VaultUnavailableException">The vault cannot take it.</exception>
    public async Task<FetchedRecording> KeepAsync(RecordingRow row, Stream content, CancellationToken ct)
    {
        await using var inspected = new InspectedRecording(content, row.Name ?? "");
        using var limit = new CancellationTokenSource(LongestDownload, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            var kept = await Task.Run(() => vault.PutAsync(row.RecordingId, inspected, either.Token), ct);
            return new FetchedRecording(kept.Bytes, kept.Sha256, inspected.ContentType, inspected.DurationSeconds);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new IOException($"The recording did not come within {LongestDownload.TotalMinutes:0} minutes.", e);
        }
    }

    /// <summary>Finds a recording that lies in the vault without anybody knowing; null when it does not.</summary>
    /// <exception cref="VaultUnavailableException">The vault does not answer.</exception>
    public Task<FetchedRecording?> FindAsync(RecordingRow row, CancellationToken ct) => Task.Run(() => MeasureAsync(row, ct), ct);

    private async Task<FetchedRecording?> MeasureAsync(RecordingRow row, CancellationToken ct)
    {
        await using var file = await vault.OpenAsync(row.RecordingId, offset: 0, ct);
        if (file is null)
        {
            return null;
        }

        await using var inspected = new InspectedRecording(file, row.Name ?? "");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferSize];
        try
        {
            int read;
            while ((read = await inspected.ReadAsync(buffer, ct)) > 0)
            {
                hash.AppendData(buffer, 0, read);
            }
        }
        catch (IOException)
        {
            // Damaged in the vault: the PBX is asked again, and its answer replaces it.
            return null;
        }

        return new FetchedRecording(inspected.Position, hash.GetHashAndReset(), inspected.ContentType, inspected.DurationSeconds);
    }
}
