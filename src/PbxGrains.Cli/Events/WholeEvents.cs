using PbxGrains.Cli.Api;

namespace PbxGrains.Cli.Events;

/// <summary>
/// Hands on server-sent events that have come whole, up to the empty line behind them. The parser takes over an id as soon
/// as it has read its line; of an event whose second half a broken connection swallowed, it would say that it was seen.
/// </summary>
/// <param name="source">The answer.</param>
internal sealed class WholeEvents(StreamedAnswer source) : Stream
{
    private const int PieceSize = 16 * 1024;

    private byte[] _bytes = new byte[PieceSize];
    private int _start;
    private int _whole;
    private int _end;
    private bool _atLineStart;

    /// <inheritdoc />
    public override bool CanRead => true;

    /// <inheritdoc />
    public override bool CanSeek => false;

    /// <inheritdoc />
    public override bool CanWrite => false;

    /// <inheritdoc />
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc />
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc />
    /// <exception cref="AnswerBrokenException">The connection broke or fell silent.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_whole == _start)
        {
            MakeRoom();
            var read = await source.ReadAsync(_bytes.AsMemory(_end), cancellationToken);
            if (read == 0)
            {
                return 0;
            }

            LookAt(read);
        }

        var handed = Math.Min(buffer.Length, _whole - _start);
        _bytes.AsMemory(_start, handed).CopyTo(buffer);
        _start += handed;
        return handed;
    }

    /// <inheritdoc />
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc />
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void Flush()
    {
    }

    /// <inheritdoc />
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void MakeRoom()
    {
        var held = _bytes.AsSpan(_start, _end - _start);
        if (held.Length > _bytes.Length - PieceSize)
        {
            var larger = new byte[_bytes.Length * 2];
            held.CopyTo(larger);
            _bytes = larger;
        }
        else
        {
            held.CopyTo(_bytes);
        }

        (_start, _whole, _end) = (0, 0, held.Length);
    }

    private void LookAt(int read)
    {
        for (var i = 0; i < read; i++)
        {
            var b = _bytes[_end++];
            if (b == '\n')
            {
                _whole = _atLineStart ? _end : _whole;
                _atLineStart = true;
            }
            else if (b != '\r')
            {
                _atLineStart = false;
            }
        }
    }
}
