using System.Globalization;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using PbxGrains.Front.Listeners;
using PbxGrains.Storage.Sites;

namespace PbxGrains.Front.Webhooks;

/// <summary>The address to paste into a PBX.</summary>
internal sealed class WebhookAddress(IConfiguration configuration, FrontListeners listeners)
{
    private const string Setting = "Pbx:ReportAddress";

    /// <summary>Where a site's PBX pushes to, secret included: its own report address, else the installation's, else this machine's.</summary>
    public string Of(SiteRow site, string secret)
    {
        var hostAndPort = site.ReportAddress ?? (configuration[Setting] is { Length: > 0 } configured ? configured : ThisMachine());
        return $"http://{hostAndPort}/api/pbx/webhook/{site.SiteId}/{secret}";
    }

    private string ThisMachine()
    {
        var port = listeners.ReportPort ?? listeners.ApiPort;
        return string.Create(CultureInfo.InvariantCulture, $"{FirstAddress() ?? "127.0.0.1"}:{port}");
    }

    private static string? FirstAddress() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(card => card.OperationalStatus == OperationalStatus.Up && card.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(card => card.GetIPProperties().UnicastAddresses)
        .FirstOrDefault(a => a.Address.AddressFamily == AddressFamily.InterNetwork)?.Address.ToString();
}
