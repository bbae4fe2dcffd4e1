namespace PbxGrains.Storage.Recordings;

/// <summary>
/// Where the audio of recordings lies. Names are ours (<see cref="RecordingId" />), never the PBX's. A file is there whole or
/// not at all; putting one again replaces it. Anything may be called from anywhere, several times at once.
/// </summary>
public interface IRecordingVault
{
    /// <summary>Reads to the end and keeps what was read under a name, for good when this returns.</summary>
    /// <param name="recordingId">Name of the file.</param>
    /// <param name="content">What to keep. What it throws comes out here as it is, and nothing is kept.</param>
    /// <param name="ct">Gives up; nothing is kept.</param>
    /// <returns>Length and SHA-256, computed on the way.</returns>
    /// <exception cref="VaultUnavailableException">The store cannot take it just now; nothing is kept.</exception>
    Task<VaultReceipt> PutAsync(string recordingId, Stream content, CancellationToken ct);

    /// <summary>Opens a file from an offset to its end; forward only, read asynchronously, disposed by the caller.</summary>
    /// <returns>Null when there is no such file.</returns>
    /// <exception cref="VaultUnavailableException">The store does not answer.</exception>
    Task<Stream?> OpenAsync(string recordingId, long offset, CancellationToken ct);

    /// <summary>Removes a file; one that is not there is removed already.</summary>
    /// <exception cref="VaultUnavailableException">The store does not answer.</exception>
    Task DeleteAsync(string recordingId, CancellationToken ct);

    /// <summary>All files, in no order.</summary>
    /// <exception cref="VaultUnavailableException">The store does not answer.</exception>
    IAsyncEnumerable<VaultEntry> ListAsync(CancellationToken ct);

    /// <summary>Removes what processes that were killed left half written before a time.</summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="VaultUnavailableException">The store does not answer.</exception>
    Task<int> SweepAsync(DateTimeOffset before, CancellationToken ct);

    /// <summary>The room there is; null when the store does not tell, or cannot be asked.</summary>
    VaultSpace? Space() => null;
}

/// <summary>Room in a vault.</summary>
/// <param name="FreeBytes">What may still be written.</param>
/// <param name="TotalBytes">All there is.</param>
public sealed record VaultSpace(long FreeBytes, long TotalBytes);

/// <summary>What a vault took.</summary>
/// <param name="Bytes">Length.</param>
/// <param name="Sha256">SHA-256, 32 bytes.</param>
public sealed record VaultReceipt(long Bytes, byte[] Sha256);

/// <summary>A file in a vault.</summary>
/// <param name="RecordingId">Its name.</param>
/// <param name="WrittenAt">When it was put there, UTC, by the store's clock.</param>
public sealed record VaultEntry(string RecordingId, DateTimeOffset WrittenAt);

/// <summary>Why a vault cannot do what is asked.</summary>
public enum VaultFault
{
    /// <summary>No space left.</summary>
    Full,

    /// <summary>We may not: permissions or credentials.</summary>
    Denied,

    /// <summary>It does not answer, or answers with an error.</summary>
    Unreachable,
}

/// <summary>The vault cannot do it just now; asking again later may work.</summary>
/// <param name="fault">Why.</param>
/// <param name="message">One English sentence without secrets.</param>
/// <param name="inner">What happened.</param>
public sealed class VaultUnavailableException(VaultFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Why.</summary>
    public VaultFault Fault { get; } = fault;
}
