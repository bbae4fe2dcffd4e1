using PbxGrains.Yeastar.Client;

namespace PbxGrains.Yeastar.Http;

/// <summary>
/// The last answer to a question that is asked again and again: its bytes, and what was read from them. A PBX at rest answers
/// the same for hours, and comparing bytes costs next to nothing beside reading them. Safe to use from any thread.
/// </summary>
internal sealed class LastAnswer<T>
    where T : notnull
{
    private volatile Known? _known;

    /// <summary>What was read from these very bytes the last time; null when they are others.</summary>
    public PbxResult<T>? Find(ReadOnlySpan<byte> bytes) => _known is { } known && bytes.SequenceEqual(known.Bytes) ? known.Read : null;

    /// <summary>Keeps what was read, unless it is a failure.</summary>
    public PbxResult<T> Keep(ReadOnlySpan<byte> bytes, PbxResult<T> read)
    {
        _known = read.Succeeded ? new Known(bytes.ToArray(), read) : null;
        return read;
    }

    private sealed record Known(byte[] Bytes, PbxResult<T> Read);
}
