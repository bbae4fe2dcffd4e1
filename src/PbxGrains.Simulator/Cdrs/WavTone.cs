using System.Buffers.Binary;
using System.Text;

namespace PbxGrains.Simulator.Cdrs;

/// <summary>
/// Recordings. Plain ones can really be played: a soft tone, 8 kHz, 16 bit, mono; each name has its own pitch. The others are
/// right from outside and noise inside.
/// </summary>
internal static class WavTone
{
    private const int Rate = 8000;
    private const double Loudness = 6000;
    private const double LowestPitch = 300;
    private const int Pitches = 24;
    private const ushort PcmFormat = 1;
    private const ushort GsmFormat = 0x31;
    private const int GsmBlock = 65;
    private const int GsmSamplesPerBlock = 320;

    /// <summary>Recordings stay small: what is longer is cut.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>How names of a format end.</summary>
    public static string Ending(RecordingFormat format) => format is RecordingFormat.Yswav ? ".yswav" : ".wav";

    /// <summary>Makes a recording.</summary>
    public static byte[] Make(string name, TimeSpan length, RecordingFormat format = RecordingFormat.Pcm)
    {
        var samples = (int)((length < Longest ? length : Longest).TotalSeconds * Rate);
        return format switch
        {
            RecordingFormat.Gsm => Gsm(name, samples),
            RecordingFormat.Yswav => [.. "YSWAV\u0001"u8, .. Noise(name, samples / GsmSamplesPerBlock * GsmBlock)],
            _ => Pcm(name, samples),
        };
    }

    private static byte[] Pcm(string name, int samples)
    {
        var format = Format(PcmFormat, Rate * 2, blockAlign: 2, bits: 16);
        var sound = new byte[samples * 2];
        var step = LowestPitch * Math.Pow(2, Seed(name) % Pitches / 12.0) * Math.Tau / Rate;
        for (var i = 0; i < samples; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(sound.AsSpan(i * 2), (short)(Loudness * Math.Sin(i * step)));
        }

        return Riff([.. Chunk("fmt "u8, format), .. Chunk("data"u8, sound)]);
    }

    private static byte[] Gsm(string name, int samples)
    {
        var blocks = samples / GsmSamplesPerBlock;
        byte[] format = [.. Format(GsmFormat, Rate * GsmBlock / GsmSamplesPerBlock, GsmBlock, bits: 0), 2, 0, GsmSamplesPerBlock & 0xff, GsmSamplesPerBlock >> 8];
        var fact = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(fact, blocks * GsmSamplesPerBlock);
        return Riff([.. Chunk("fmt "u8, format), .. Chunk("fact"u8, fact), .. Chunk("data"u8, Noise(name, blocks * GsmBlock))]);
    }

    private static byte[] Format(ushort tag, int bytesPerSecond, ushort blockAlign, ushort bits)
    {
        var format = new byte[16];
        BinaryPrimitives.WriteUInt16LittleEndian(format, tag);
        BinaryPrimitives.WriteUInt16LittleEndian(format.AsSpan(2), 1);
        BinaryPrimitives.WriteInt32LittleEndian(format.AsSpan(4), Rate);
        BinaryPrimitives.WriteInt32LittleEndian(format.AsSpan(8), bytesPerSecond);
        BinaryPrimitives.WriteUInt16LittleEndian(format.AsSpan(12), blockAlign);
        BinaryPrimitives.WriteUInt16LittleEndian(format.AsSpan(14), bits);
        return format;
    }

    private static byte[] Riff(byte[] chunks) => Chunk("RIFF"u8, [.. "WAVE"u8, .. chunks]);

    /// <summary>Chunks begin at even places, so an odd one is followed by a byte that does not count.</summary>
    private static byte[] Chunk(ReadOnlySpan<byte> name, byte[] body)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, body.Length);
        byte[] padding = body.Length % 2 == 0 ? [] : [0];
        return [.. name, .. length, .. body, .. padding];
    }

    private static byte[] Noise(string name, int length)
    {
        var noise = new byte[length];
        var value = (uint)Seed(name);
        for (var i = 0; i < length; i++)
        {
            value = (value * 1664525) + 1013904223;
            noise[i] = (byte)(value >> 24);
        }

        return noise;
    }

    private static int Seed(string name) => Encoding.UTF8.GetBytes(name).Sum(static letter => letter);
}
