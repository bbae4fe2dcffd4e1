using System.Net;
using Microsoft.Extensions.Options;
using PbxGrains.Grains.Sites;
using PbxGrains.Yeastar.Network;

namespace PbxGrains.Grains.Checklists;

/// <summary>The way to the PBX: name, VPN, ports.</summary>
internal sealed class NetworkChecks(IOptions<SiteSettings> settings, TimeProvider time)
{
    public const string Address = "network.address";
    public const string Vpn = "network.vpn";
    public const string Tcp = "network.tcp";
    public const string Ports = "network.ports";

    private const int Tries = 5;
    private const int TriesOfOthers = 2;

    /// <summary>Ports a PBX's web interface may be found on (fact sheet S-Series §1).</summary>
    private static readonly int[] KnownPorts = [443, 8088, 80];

    public IEnumerable<Check> All =>
    [
        new(Address, [], AddressAsync),
        Check.Judging(Vpn, [Address], round => JudgeVpn(round.Addresses, settings.Value.VpnRanges)),
        new(Tcp, [Address], TcpAsync),
        new(Ports, [Address], PortsAsync),
    ];

    /// <summary>Whether the addresses lie in the operator's ranges. Pure.</summary>
    public static Measured JudgeVpn(IReadOnlyList<IPAddress> addresses, IReadOnlyList<string> ranges)
    {
        var networks = ranges.Select(text => IPNetwork.TryParse(text, out var network) ? network : (IPNetwork?)null).OfType<IPNetwork>().ToList();
        if (networks.Count == 0)
        {
            return NetworkFindings.VpnRangesUnset.With(("addresses", addresses.Select(a => a.ToString())));
        }

        var outside = addresses.Select(Plain).Where(address => !networks.Exists(network => network.Contains(address))).Select(a => a.ToString()).ToList();
        return outside.Count == 0
            ? NetworkFindings.AddressInVpn.With(("addresses", addresses.Select(a => a.ToString())), ("ranges", ranges))
            : NetworkFindings.AddressOutsideVpn.With(("outside", outside), ("ranges", ranges));
    }

    /// <summary>What connections to the site's own port say. Pure.</summary>
    public static Measured JudgeTcp(PortMeasurement port, string host) => (port switch
    {
        { IsOpen: true, Loss: > 0 } => NetworkFindings.PortLossy,
        { IsOpen: true } => NetworkFindings.PortAnswers,
        { Failure: PortFailure.Refused } => NetworkFindings.PortRefused,
        { Failure: PortFailure.Unroutable } => NetworkFindings.PortUnroutable,
        _ => NetworkFindings.PortSilent,
    }).With(
        ("host", host),
        ("port", port.Port),
        ("tries", port.Tries),
        ("answered", port.Answered),
        ("medianMs", port.Median?.TotalMilliseconds),
        ("longestMs", port.Longest?.TotalMilliseconds));

    /// <summary>What the other ports say, given whether the site's own one answers. Pure.</summary>
    public static Measured JudgePorts(IReadOnlyList<PortMeasurement> others, int own, bool ownAnswers)
    {
        var open = others.Where(other => other.IsOpen).Select(other => other.Port).ToList();
        var finding = ownAnswers ? NetworkFindings.PortsSeen : open.Count > 0 ? NetworkFindings.OtherPortAnswers : NetworkFindings.NoPortAnswers;
        return finding.With(
            ("own", own),
            ("open", open.Count == 0 ? null : open.Select(port => port.ToString(System.Globalization.CultureInfo.InvariantCulture))),
            ("refused", PortsWith(others, PortFailure.Refused)),
            ("silent", PortsWith(others, PortFailure.TimedOut)));
    }

    private static List<string>? PortsWith(IReadOnlyList<PortMeasurement> ports, PortFailure failure)
    {
        var such = ports.Where(port => !port.IsOpen && port.Failure == failure).Select(port => port.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToList();
        return such.Count == 0 ? null : such;
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private async Task<Measured> AddressAsync(CheckRound round, CancellationToken ct)
    {
        if (round.Configuration.Connection is not { } connection)
        {
            return NetworkFindings.SettingsIncomplete.With(("detail", round.Configuration.Obstacle?.Message));
        }

        var host = connection.Address.IdnHost;
        round.Addresses = await NameLookup.FindAsync(host, connection.ConnectTimeout, time, ct);
        return round.Addresses.Count == 0
            ? NetworkFindings.NameUnknown.With(("host", host))
            : NetworkFindings.AddressKnown.With(("host", host), ("addresses", round.Addresses.Select(a => a.ToString())));
    }

    private async Task<Measured> TcpAsync(CheckRound round, CancellationToken ct)
    {
        var connection = round.Configuration.Connection!;
        var port = await PortProbe.MeasureAsync(connection.Address.IdnHost, connection.Address.Port, Tries, connection.ConnectTimeout, time, ct);
        round.LocalAddress = port.LocalAddress;
        round.PortAnswers = port.IsOpen;
        return JudgeTcp(port, connection.Address.IdnHost);
    }

    private async Task<Measured> PortsAsync(CheckRound round, CancellationToken ct)
    {
        var connection = round.Configuration.Connection!;
        var others = await Task.WhenAll(KnownPorts.Where(port => port != connection.Address.Port)
            .Select(port => PortProbe.MeasureAsync(connection.Address.IdnHost, port, TriesOfOthers, connection.ConnectTimeout, time, ct)));
        round.Port80Answers = others.Any(other => other is { Port: 80, IsOpen: true });
        return JudgePorts(others, connection.Address.Port, round.PortAnswers);
    }
}
