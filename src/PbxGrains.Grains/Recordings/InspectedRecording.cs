namespace PbxGrains.Grains.Recordings;

/// <summary>What came is no whole recording. The message says what is wrong with it, in one English sentence.</summary>
internal sealed class NotARecordingException(string message) : IOException(message);

/// <summary>
/// A recording on its way into the vault, looked at in passing: reading its end throws when it was none or not all of it, so
/// that nobody keeps it. Forward only; does not own what it reads from.
/// </summary>
/// <param name="content">The recording as it comes.</param>
/// <param name="name">The PBX's name for it, for the ending alone.</param>
internal sealed class InspectedRecording(Stream content, string name) : Stream
{
    /// <summary>Longest recording taken: a day of plain samples fits well.</summary>
    public const long LongestFile = 2L * 1024 * 1024 * 1024;

    private const string PcmType = "audio/wav";

    // RFC 2361: the codec in hexadecimal.
    private const string OtherWavType = "audio/vnd.wave; codec=";
    private const string YswavType = "audio/x-yswav";

    private readonly byte[] _start = new byte[WavHeader.SearchLimit];
    private int _started;
    private long _length;
    private bool _ended;

    /// <summary>Media type, after the end was read.</summary>
    public string ContentType { get; private set; } = "";

    /// <summary>How long it plays, after the end was read; null = unknown.</summary>
    public double? DurationSeconds { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException("The length of a recording on its way is known at its end.");

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException("A recording on its way is read forward only.");
    }

    /// <inheritdoc />
    /// <exception cref="NotARecordingException">The end came, and what came before is no whole recording.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await content.ReadAsync(buffer, cancellationToken);
        if (read > 0)
        {
            See(buffer.Span[..read]);
        }
        else if (buffer.Length > 0 && !_ended)
        {
            _ended = true;
            Judge();
        }

        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read a recording asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A recording on its way is read forward only.");

    public override void SetLength(long value) => throw new NotSupportedException("A recording on its way is not written.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("A recording on its way is not written.");

    public override void Flush()
    {
    }

    private void See(ReadOnlySpan<byte> bytes)
    {
        _length += bytes.Length;
        if (_length > LongestFile)
        {
            throw new NotARecordingException("What the PBX sends does not end.");
        }

        var front = bytes[..Math.Min(bytes.Length, _start.Length - _started)];
        front.CopyTo(_start.AsSpan(_started));
        _started += front.Length;
    }

    private void Judge()
    {
        var start = _start.AsSpan(0, _started);
        if (_length == 0)
        {
            throw new NotARecordingException("The PBX sent an empty file.");
        }

        if (!WavHeader.IsRiff(start))
        {
            // Old and cloud systems have a format of their own, about which nothing is written anywhere: its length is what HTTP says.
            ContentType = name.EndsWith(".yswav", StringComparison.OrdinalIgnoreCase)
                ? YswavType
                : throw new NotARecordingException("What the PBX sent is no audio.");
            return;
        }

        if (WavHeader.Read(start) is not { } header)
        {
            throw new NotARecordingException("The header of the recording is cut or damaged.");
        }

        if (_length < header.FileLength)
        {
            throw new NotARecordingException($"The recording should have {header.FileLength} bytes, but {_length} came.");
        }

        ContentType = header.Format == WavHeader.Pcm ? PcmType : $"{OtherWavType}{header.Format:X}";
        DurationSeconds = header.DurationSeconds;
    }
}
