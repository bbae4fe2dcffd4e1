using System.Buffers.Binary;

namespace PbxGrains.Grains.Tests.Recordings;

/// <summary>WAV files made to measure.</summary>
internal static class SampleAudio
{
    public static byte[] Wav(int bytesOfSound, ushort format = 1, int bytesPerSecond = 16000, int junk = 0)
    {
        byte[] junkChunk = junk == 0 ? [] : [.. "LIST"u8, .. Number(junk), .. new byte[junk + (junk & 1)]];
        byte[] formatChunk = [.. "fmt "u8, .. Number(16), (byte)format, (byte)(format >> 8), 1, 0, .. Number(8000), .. Number(bytesPerSecond), 2, 0, 16, 0];
        byte[] data = [.. "data"u8, .. Number(bytesOfSound), .. new byte[bytesOfSound]];
        return [.. "RIFF"u8, .. Number(4 + junkChunk.Length + formatChunk.Length + data.Length), .. "WAVE"u8, .. junkChunk, .. formatChunk, .. data];
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }
}
