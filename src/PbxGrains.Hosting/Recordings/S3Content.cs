using Amazon.S3.Model;

namespace PbxGrains.Hosting.Recordings;

/// <summary>An object as it comes from the store: forward only, no read waits longer than the limit. Owns the answer.</summary>
internal sealed class S3Content(GetObjectResponse answer, TimeSpan limit) : Stream
{
    private readonly Stream _content = answer.ResponseStream;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException("An object is read to its end.");

    public override long Position
    {
        get => throw new NotSupportedException("An object is read forward only.");
        set => throw new NotSupportedException("An object is read forward only.");
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var timer = new CancellationTokenSource(limit);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return await _content.ReadAsync(buffer, either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException("The object store broke off in the middle of a recording.", e);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read an object asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("An object is read forward only.");

    public override void SetLength(long value) => throw new NotSupportedException("An object is not written here.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("An object is not written here.");

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
            answer.Dispose();
        }

        base.Dispose(disposing);
    }
}
