using System.Buffers.Binary;

namespace PbxGrains.Grains.Recordings;

/// <summary>What the beginning of a WAV file says about the rest.</summary>
/// <param name="Format">Format tag: 1 is PCM, 0x31 is GSM 6.10.</param>
/// <param name="BytesPerSecond">Bytes of sound a second; 0 = it did not say.</param>
/// <param name="FileLength">Length the file must have.</param>
/// <param name="DataLength">Bytes of sound.</param>
public sealed record WavHeader(ushort Format, uint BytesPerSecond, long FileLength, long DataLength)
{
    /// <summary>Format tag of plain samples.</summary>
    public const ushort Pcm = 1;

    /// <summary>Format tag of GSM 6.10.</summary>
    public const ushort Gsm = 0x31;

    /// <summary>A header is found within this many bytes or not at all.</summary>
    public const int SearchLimit = 4096;

    private const int RiffLength = 12;
    private const int ChunkHeader = 8;
    private const int ShortestFormat = 16;

    /// <summary>How long it plays; null when the header does not say how many bytes make a second.</summary>
    public double? DurationSeconds => BytesPerSecond == 0 ? null : (double)DataLength / BytesPerSecond;

    /// <summary>Whether the bytes begin as a RIFF file does.</summary>
    public static bool IsRiff(ReadOnlySpan<byte> start) => start.StartsWith("RIFF"u8);

    /// <summary>Reads the header.</summary>
    /// <param name="start">The first bytes of the file, up to <see cref="SearchLimit" />.</param>
    /// <returns>Null when it is no WAV file, or its header is cut.</returns>
    public static WavHeader? Read(ReadOnlySpan<byte> start)
    {
        if (start.Length < RiffLength || !IsRiff(start) || !start[8..].StartsWith("WAVE"u8))
        {
            return null;
        }

        var fileLength = ChunkHeader + (long)BinaryPrimitives.ReadUInt32LittleEndian(start[4..]);
        (ushort Format, uint BytesPerSecond)? format = null;
        for (long at = RiffLength; at + ChunkHeader <= start.Length;)
        {
            var chunk = start[(int)at..];
            var length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            var body = chunk[ChunkHeader..];
            if (chunk.StartsWith("data"u8))
            {
                // The file may end after its sound, never in it.
                return format is { } found ? new WavHeader(found.Format, found.BytesPerSecond, Math.Max(fileLength, at + ChunkHeader + length), length) : null;
            }

            if (chunk.StartsWith("fmt "u8) && length >= ShortestFormat && body.Length >= ShortestFormat)
            {
                format = (BinaryPrimitives.ReadUInt16LittleEndian(body), BinaryPrimitives.ReadUInt32LittleEndian(body[8..]));
            }

            // Chunks begin at even places.
            at += ChunkHeader + length + (length & 1);
        }

        return null;
    }
}
