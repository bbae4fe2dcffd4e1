using System.Net;
using System.Net.Sockets;

namespace PbxGrains.Front.Subscriptions;

/// <summary>Tells addresses of the public Internet from all others (IANA's special-purpose registries).</summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] NotPublic = Networks(
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "2001::/23", "2001:db8::/32", "3fff::/20");

    /// <summary>All other IPv6 is local, multicast or not given out.</summary>
    private static readonly IPNetwork Unicast6 = IPNetwork.Parse("2000::/3");

    // Link-local, unspecified and multicast, and where clouds answer questions about credentials.
    private static readonly IPNetwork[] Never = Networks(
        "0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "::/128", "fe80::/10", "ff00::/8",
        "fd00:ec2::254/128", "fd20:ce::254/128", "100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32");

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Compatible = IPNetwork.Parse("::/96");

    /// <summary>The address that is reached in the end: the IPv4 address that an IPv6 address carries, where it does.</summary>
    public static IPAddress Meant(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        // A zone says which link; the networks know none.
        var bytes = address.GetAddressBytes();
        var plain = new IPAddress(bytes);
        return Nat64.Contains(plain) || (Compatible.Contains(plain) && !plain.Equals(IPAddress.IPv6Any) && !plain.Equals(IPAddress.IPv6Loopback)) ? new IPAddress(bytes.AsSpan(12))
            : SixToFour.Contains(plain) ? new IPAddress(bytes.AsSpan(2, 4))
            : plain;
    }

    /// <summary>Whether everybody on the Internet means the same by it.</summary>
    /// <param name="meant">What <see cref="Meant" /> told.</param>
    public static bool IsPublic(IPAddress meant) =>
        !Array.Exists(NotPublic, network => network.Contains(meant)) && (meant.AddressFamily == AddressFamily.InterNetwork || Unicast6.Contains(meant));

    /// <summary>Whether it is refused whatever is configured.</summary>
    /// <param name="meant">What <see cref="Meant" /> told.</param>
    public static bool IsNever(IPAddress meant) => Array.Exists(Never, network => network.Contains(meant));

    private static IPNetwork[] Networks(params string[] texts) => [.. texts.Select(text => IPNetwork.Parse(text))];
}
