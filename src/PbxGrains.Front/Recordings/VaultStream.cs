using PbxGrains.Storage.Recordings;

namespace PbxGrains.Front.Recordings;

/// <summary>
/// A recording in the vault as the platform's range processing wants it: it can be moved about in, and is opened where the
/// reading starts. Nothing is opened, and nothing counts as listened to, for a request that is answered without audio.
/// </summary>
/// <param name="vault">The vault.</param>
/// <param name="recordingId">The recording.</param>
/// <param name="length">Its length.</param>
/// <param name="opening">Called before the first byte is read.</param>
internal sealed class VaultStream(IRecordingVault vault, string recordingId, long length, Func<CancellationToken, Task> opening) : Stream
{
    private Stream? _content;
    private long _position;

    /// <summary>Bytes read so far.</summary>
    public long Handed { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= length || buffer.IsEmpty)
        {
            return 0;
        }

        if (_content is null)
        {
            await opening(cancellationToken);
            _content = await vault.OpenAsync(recordingId, _position, cancellationToken) ?? throw new RecordingLostException();
        }

        var read = await _content.ReadAsync(buffer, cancellationToken);
        if (read == 0)
        {
            throw new IOException("The vault's copy of the recording is shorter than it was.");
        }

        _position += read;
        Handed += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read a recording asynchronously.");

    public override long Seek(long offset, SeekOrigin origin)
    {
        var target = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => length + offset,
        };
        ArgumentOutOfRangeException.ThrowIfNegative(target, nameof(offset));
        if (target != _position)
        {
            _content?.Dispose();
            _content = null;
            _position = target;
        }

        return _position;
    }

    public override void SetLength(long value) => throw new NotSupportedException("A recording is not written.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("A recording is not written.");

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content?.Dispose();
        }

        base.Dispose(disposing);
    }
}

/// <summary>The vault does not have what it should have.</summary>
internal sealed class RecordingLostException() : IOException("The vault does not have this recording any more.");
