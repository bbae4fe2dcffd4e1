using System.Buffers.Binary;
using System.Text;

namespace PbxGrains.Simulator.Cdrs;

/// <summary>A recording one can really play: a soft tone, 8 kHz, 16 bit, mono. Each name has its own pitch.</summary>
internal static class WavTone
{
    private const int Rate = 8000;
    private const int HeaderLength = 44;
    private const double Loudness = 6000;
    private const double LowestPitch = 300;
    private const int Pitches = 24;

    /// <summary>Recordings stay small: what is longer is cut.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    public static byte[] Make(string name, TimeSpan length)
    {
        var samples = (int)((length < Longest ? length : Longest).TotalSeconds * Rate);
        var file = new byte[HeaderLength + (samples * 2)];
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        "WAVEfmt "u8.CopyTo(file.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(24), Rate);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(28), Rate * 2);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(34), 16);
        "data"u8.CopyTo(file.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(40), samples * 2);
        var step = LowestPitch * Math.Pow(2, Encoding.UTF8.GetBytes(name).Sum(static letter => letter) % Pitches / 12.0) * Math.Tau / Rate;
        for (var i = 0; i < samples; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(HeaderLength + (i * 2)), (short)(Loudness * Math.Sin(i * step)));
        }

        return file;
    }
}
