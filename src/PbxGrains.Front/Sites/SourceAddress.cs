using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace PbxGrains.Front.Sites;

/// <summary>
/// An address or network in CIDR form, in the notation everybody reads alike: no octal, hexadecimal or shortened parts,
/// no brackets, port or zone. IPv4 written as IPv6 (<c>::ffff:10.1.0.254</c>) is IPv4.
/// </summary>
internal static class SourceAddress
{
    private const int BitsOfMapping = 96;

    /// <summary>The network the text means (a single address is a network of one); null when it means none.</summary>
    public static IPNetwork? Read(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!TryReadAddress(slash < 0 ? text : text[..slash], out var address))
        {
            return null;
        }

        var most = address.GetAddressBytes().Length * 8;
        var bits = most;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out bits) || bits > most))
        {
            return null;
        }

        if (!address.IsIPv4MappedToIPv6)
        {
            return Of(address, bits);
        }

        return bits >= BitsOfMapping ? Of(address.MapToIPv4(), bits - BitsOfMapping) : null;
    }

    private static bool TryReadAddress(string text, out IPAddress address)
    {
        if (!IPAddress.TryParse(text, out var read))
        {
            address = IPAddress.None;
            return false;
        }

        address = read;
        return read.AddressFamily == AddressFamily.InterNetwork
            ? string.Equals(read.ToString(), text, StringComparison.Ordinal)
            : !text.AsSpan().ContainsAny("[]%");
    }

    /// <summary>A network whose address may have bits below the prefix.</summary>
    private static IPNetwork Of(IPAddress address, int bits)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = bits; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPNetwork(new IPAddress(bytes), bits);
    }
}
