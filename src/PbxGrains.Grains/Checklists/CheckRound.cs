using System.Net;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Checklists;
using PbxGrains.Grains.Sites;
using PbxGrains.Storage.Agents;
using PbxGrains.Storage.Checklists;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Checklists;

/// <summary>One run under way: the site, and what its checks hand to those that come after them.</summary>
/// <param name="configuration">The site as it was when the run began.</param>
/// <param name="request">What was asked for.</param>
/// <param name="work">The working parts of the site's actor.</param>
/// <param name="loop">Its poll loop; null when it rests.</param>
internal sealed class CheckRound(SiteConfiguration configuration, ChecklistRequest request, SiteWork work, Func<SiteLoop?> loop)
{
    public SiteId Site => configuration.Site;

    public SiteConfiguration Configuration => configuration;

    public ChecklistRequest Request => request;

    public SiteWork Work => work;

    public SiteLoop? Loop => loop();

    /// <summary>Where the PBX's name leads; empty before it was looked up.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; set; } = [];

    /// <summary>Our address on a connection to the PBX; null before there was one.</summary>
    public IPAddress? LocalAddress { get; set; }

    /// <summary>True when the site's own port took a connection.</summary>
    public bool PortAnswers { get; set; }

    /// <summary>True when port 80 took a connection.</summary>
    public bool Port80Answers { get; set; }

    /// <summary>What the PBX says of itself; null before it was asked.</summary>
    public DeviceInformation? Device { get; set; }

    /// <summary>When it was asked, and when the answer was here.</summary>
    public (DateTimeOffset AskedAt, DateTimeOffset AnsweredAt) DeviceAsked { get; set; }

    /// <summary>What the login came to; null when it succeeded or was not tried.</summary>
    public PbxFailure? LoginFailure { get; set; }

    /// <summary>Why its extensions could not be listed; null when they could.</summary>
    public PbxFailure? ExtensionsFailure { get; set; }

    /// <summary>How records came in lately; null before the ledger was asked.</summary>
    public SiteArrivals? Arrivals { get; set; }

    /// <summary>The CRM's agents of this site; null before they were read.</summary>
    public IReadOnlyList<AgentRow>? Agents { get; set; }

    /// <summary>The PBX's extensions; null before it was asked.</summary>
    public IReadOnlyList<PbxExtension>? Extensions { get; set; }

    /// <summary>Asks the PBX over the session there is; a session that is gone is opened again by the poll loop, not here.</summary>
    public async Task<PbxResult<T>> AskAsync<T>(Func<IPbxClient, CancellationToken, Task<PbxResult<T>>> ask, CancellationToken ct)
        where T : notnull
    {
        if (work.Session.Client is not { } client)
        {
            return new PbxFailure(PbxFailureKind.SessionEnded, "The session with the PBX is over.");
        }

        var answer = await ask(client, ct);
        if (answer.Failure?.Kind == PbxFailureKind.SessionEnded)
        {
            work.Session.Drop(client);
        }

        return answer;
    }
}
