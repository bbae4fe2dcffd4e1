using System.Net;
using PbxGrains.Simulator.Reports;

namespace PbxGrains.Simulator.Sessions;

/// <summary>One token, how long it lives, and where its reports go. Changed under the PBX's gate only.</summary>
internal sealed class Session(string token, IPAddress caller, DateTimeOffset now)
{
    public string Token { get; } = token;

    /// <summary>Who logged in.</summary>
    public IPAddress Caller { get; } = caller;

    /// <summary>The last request or delivered report: the half hour counts from here.</summary>
    public DateTimeOffset LastUse { get; set; } = now;

    /// <summary>Logged out, or forgotten by a reboot.</summary>
    public bool IsEnded { get; set; }

    /// <summary>Where reports go; null when the caller wants none (port 0).</summary>
    public ReportTarget? Target { get; set; }

    /// <summary>The shape of the reports.</summary>
    public ReportFormat Format { get; set; }
}
