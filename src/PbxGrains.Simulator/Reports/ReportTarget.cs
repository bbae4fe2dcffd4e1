using System.Globalization;
using System.Net;

namespace PbxGrains.Simulator.Reports;

/// <summary>The shape of reports, selected by <c>version</c> at login (sheet, section 2.1).</summary>
internal enum ReportFormat
{
    /// <summary>No version: parties as repeated keys of one object.</summary>
    Default,

    /// <summary><c>1.0.2</c>: parties in a <c>call</c> array.</summary>
    V102,

    /// <summary><c>2.0.0</c>: events with <c>members</c>.</summary>
    V200,
}

/// <summary>Where reports go.</summary>
/// <param name="Host">Address as the login wrote it.</param>
/// <param name="Port">TCP port.</param>
/// <param name="Path">Path and query, with the leading slash.</param>
internal sealed record ReportTarget(string Host, int Port, string Path)
{
    /// <summary>Reads the address from a login or heartbeat.</summary>
    /// <param name="caller">Who asks; or the address the heartbeat names.</param>
    /// <param name="port">The <c>port</c> member.</param>
    /// <param name="url">The <c>url</c> member, empty when absent: the root of the caller.</param>
    /// <param name="isAbsolute"><c>urltag</c> is 1: <paramref name="url" /> is host, port and path, without a scheme.</param>
    /// <returns>Null when no report can be sent there.</returns>
    public static ReportTarget? Read(string caller, int port, string url, bool isAbsolute)
    {
        if (!isAbsolute || url.Length == 0)
        {
            return port == 0 ? null : new ReportTarget(caller, port, "/" + url.TrimStart('/'));
        }

        var rest = url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? url["http://".Length..] : url;
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var authority = slash < 0 ? rest : rest[..slash];
        var colon = authority.LastIndexOf(':');
        var host = colon < 0 ? authority : authority[..colon];
        if (colon >= 0 && !int.TryParse(authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port))
        {
            return null;
        }

        return host.Length == 0 || port is <= 0 or > IPEndPoint.MaxPort ? null : new ReportTarget(host, port, slash < 0 ? "/" : rest[slash..]);
    }

    /// <summary>The format a <c>version</c> selects; firmware without the v2 dialect does not know <c>2.0.0</c>.</summary>
    public static ReportFormat FormatOf(string version, bool speaksV2) => version switch
    {
        "1.0.2" => ReportFormat.V102,
        "2.0.0" when speaksV2 => ReportFormat.V200,
        _ => ReportFormat.Default,
    };
}
