using PbxGrains.Yeastar.Client;

namespace PbxGrains.Yeastar.Http;

/// <summary>
/// The last answer to a question that is asked again and again: its bytes, and what was read from them. A PBX at rest answers
/// the same for hours, and comparing bytes costs next to nothing beside reading them.
/// </summary>
internal sealed class LastAnswer<T>
    where T : notnull
{
    private byte[] _bytes = [];
    private PbxResult<T>? _read;

    /// <summary>What was read from these very bytes the last time; null when they are others.</summary>
    public PbxResult<T>? Find(ReadOnlySpan<byte> bytes) => _read is not null && bytes.SequenceEqual(_bytes) ? _read : null;

    /// <summary>Keeps what was read, unless it is a failure.</summary>
    public PbxResult<T> Keep(ReadOnlySpan<byte> bytes, PbxResult<T> read)
    {
        _read = read.Succeeded ? read : null;
        if (_read is null)
        {
            _bytes = [];
        }
        else if (_bytes.Length == bytes.Length)
        {
            bytes.CopyTo(_bytes);
        }
        else
        {
            _bytes = bytes.ToArray();
        }

        return read;
    }
}
