using System.Net;

namespace PbxGrains.Front.Sites;

/// <summary>An address or network in CIDR form.</summary>
internal static class SourceAddress
{
    /// <summary>The network the text means (a single address is a network of one); null when it means none.</summary>
    public static IPNetwork? Read(string text)
    {
        if (IPNetwork.TryParse(text, out var network))
        {
            return network;
        }

        if (!IPAddress.TryParse(text, out var address))
        {
            return null;
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return new IPNetwork(address, address.GetAddressBytes().Length * 8);
    }
}
