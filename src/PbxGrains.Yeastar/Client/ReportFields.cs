using System.Globalization;
using System.Net;

namespace PbxGrains.Yeastar.Client;

/// <summary>A report target in the fields of login and heartbeat (fact sheet S-Series §3.1, §3.4).</summary>
internal static class ReportFields
{
    /// <summary>The port a PBX must be given even when it shall not report.</summary>
    public const int DefaultPort = 8260;

    /// <summary>Port of the receiver, as text.</summary>
    public static string Port(ReportTarget? reports) => (reports?.Port ?? DefaultPort).ToString(CultureInfo.InvariantCulture);

    /// <summary>How the PBX shall read the address; null without one.</summary>
    public static string? UrlKind(ReportTarget? reports) => reports switch
    {
        null => null,
        { Absolute: true } => "1",
        _ => "0",
    };

    /// <summary>Address of the receiver: the one an absolute target names, else ours as the PBX sees it.</summary>
    public static string? Address(ReportTarget? reports, IPAddress? local) =>
        reports is { Absolute: true } && Uri.TryCreate($"http://{reports.Url}", UriKind.Absolute, out var url) && IPAddress.TryParse(url.Host, out var named)
            ? named.ToString()
            : local?.ToString();
}
