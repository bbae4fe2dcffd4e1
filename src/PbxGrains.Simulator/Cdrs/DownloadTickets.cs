using System.Net;
using System.Security.Cryptography;
using PbxGrains.Simulator.Fleet;

namespace PbxGrains.Simulator.Cdrs;

/// <summary>The <c>random</c> of a download: 32 hex digits, good once, for thirty seconds, from one address. Used under the PBX's gate.</summary>
internal sealed class DownloadTickets(Timeline timeline)
{
    /// <summary>How long a ticket is good.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, Ticket> _tickets = new(StringComparer.Ordinal);

    /// <summary>Makes a ticket for one download.</summary>
    public string Issue(string subject, IPAddress allowed)
    {
        foreach (var stale in _tickets.Where(ticket => ticket.Value.Until <= timeline.Now).Select(ticket => ticket.Key).ToList())
        {
            _ = _tickets.Remove(stale);
        }

        var random = RandomNumberGenerator.GetHexString(32, lowercase: true);
        _tickets.Add(random, new Ticket(subject, allowed, timeline.Now + Life));
        return random;
    }

    /// <summary>Whether this ticket opens this download for this caller; if so it is used up.</summary>
    public bool Redeem(string random, string subject, IPAddress caller) =>
        _tickets.TryGetValue(random, out var ticket) && ticket.Subject == subject && ticket.Allowed.Equals(caller) && ticket.Until > timeline.Now && _tickets.Remove(random);

    private sealed record Ticket(string Subject, IPAddress Allowed, DateTimeOffset Until);
}
