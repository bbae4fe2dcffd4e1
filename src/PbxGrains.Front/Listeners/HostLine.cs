using System.Buffers;
using System.Text;

namespace PbxGrains.Front.Listeners;

/// <summary>The <c>Host</c> line of a request head, line end included.</summary>
internal static class HostLine
{
    private const byte Colon = (byte)':';

    /// <summary>True when the line is a Host header, in any case, with or without blanks before its colon.</summary>
    public static bool IsHost(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf(Colon);
        return colon >= 4 && Ascii.EqualsIgnoreCase(line[..colon].TrimEnd(" \t"u8), "host"u8);
    }

    /// <summary>Writes the line without the blanks that may stand around its colons and at its ends.</summary>
    public static void WriteRepaired(ReadOnlySpan<byte> line, IBufferWriter<byte> output)
    {
        var value = line[(line.IndexOf(Colon) + 1)..].Trim(" \t\r\n"u8);
        output.Write("Host: "u8);
        while (value.IndexOf(Colon) is >= 0 and var colon)
        {
            output.Write(value[..colon].TrimEnd(" \t"u8));
            output.Write(":"u8);
            value = value[(colon + 1)..].TrimStart(" \t"u8);
        }

        output.Write(value);
        output.Write("\r\n"u8);
    }
}
