namespace PbxGrains.Yeastar.Http;

/// <summary>
/// A file as it comes from the PBX: forward only, read asynchronously, each read bounded by an idle time limit. Owns the
/// response and its connection.
/// </summary>
internal sealed class PbxFileStream(HttpResponseMessage response, PbxLine line, Stream content, TimeSpan idleLimit, TimeProvider time) : Stream
{
    private const int PeekLimit = 512;

    private readonly byte[] _front = new byte[PeekLimit];
    private int _frontStart;
    private int _frontEnd;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException("The length of a PBX's file is known at its end.");

    public override long Position
    {
        get => throw new NotSupportedException("A PBX's file is read forward only.");
        set => throw new NotSupportedException("A PBX's file is read forward only.");
    }

    /// <summary>The first byte that is no white space (nor byte order mark), left unread; null when the file ends before.</summary>
    public async Task<byte?> PeekAsync(CancellationToken ct)
    {
        while (_frontEnd < PeekLimit)
        {
            var read = await content.ReadAsync(_front.AsMemory(_frontEnd), ct);
            if (read == 0)
            {
                break;
            }

            _frontEnd += read;
            if (FirstInFront() is { } first)
            {
                return first;
            }
        }

        return FirstInFront() ?? (_frontEnd > 0 ? _front[0] : null);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_frontStart < _frontEnd)
        {
            var count = Math.Min(buffer.Length, _frontEnd - _frontStart);
            _front.AsMemory(_frontStart, count).CopyTo(buffer);
            _frontStart += count;
            return count;
        }

        using var deadline = new Deadline(idleLimit, time, cancellationToken);
        try
        {
            return await content.ReadAsync(buffer, deadline.Token);
        }
        catch (OperationCanceledException e) when (!deadline.CallerGaveUp)
        {
            throw new IOException($"The PBX sent nothing of the file for {idleLimit.TotalSeconds:0.#} s.", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new IOException("The PBX broke off in the middle of the file.", e);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read a PBX's file asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A PBX's file is read forward only.");

    public override void SetLength(long value) => throw new NotSupportedException("A PBX's file is not written.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("A PBX's file is not written.");

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            content.Dispose();
            response.Dispose();
            line.Dispose();
        }

        base.Dispose(disposing);
    }

    private byte? FirstInFront()
    {
        var front = _front.AsSpan(0, _frontEnd);
        if ("\uFEFF"u8.StartsWith(front))
        {
            return null;
        }

        var text = (front.StartsWith("\uFEFF"u8) ? front[3..] : front).TrimStart(" \t\r\n"u8);
        return text.IsEmpty ? null : text[0];
    }
}
