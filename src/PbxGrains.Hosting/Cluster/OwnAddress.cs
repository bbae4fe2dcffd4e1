using System.Net;
using System.Net.NetworkInformation;

namespace PbxGrains.Hosting.Cluster;

/// <summary>Reads <c>Cluster:Address</c>: an address, or a network in which this machine has one.</summary>
internal static class OwnAddress
{
    /// <summary>The address it means on this machine.</summary>
    /// <exception cref="StartRefusedException">It means none.</exception>
    public static IPAddress Find(string setting) => Find(setting, OfThisMachine);

    /// <summary>The address it means on a machine; the lowest one where the machine has several in that network.</summary>
    /// <param name="setting">An address or a network in CIDR form.</param>
    /// <param name="own">The machine's addresses; asked only for a network.</param>
    /// <exception cref="StartRefusedException">It means none.</exception>
    public static IPAddress Find(string setting, Func<IEnumerable<IPAddress>> own)
    {
        if (IPAddress.TryParse(setting, out var address))
        {
            return address;
        }

        if (!IPNetwork.TryParse(setting, out var network))
        {
            throw new StartRefusedException($"Cluster:Address is '{setting}': use an address of this machine, 10.20.0.5 for example, or a network it has one in, 10.20.0.0/24.");
        }

        return own().Where(network.Contains).OrderBy(one => Convert.ToHexString(one.GetAddressBytes()), StringComparer.Ordinal).FirstOrDefault()
            ?? throw new StartRefusedException($"Cluster:Address is the network {network}, and this machine has no address in it.");
    }

    private static IEnumerable<IPAddress> OfThisMachine() =>
        NetworkInterface.GetAllNetworkInterfaces()
            .Where(link => link.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
            .SelectMany(link => link.GetIPProperties().UnicastAddresses)
            .Select(one => one.Address);
}
