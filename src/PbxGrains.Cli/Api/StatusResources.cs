namespace PbxGrains.Cli.Api;

/// <summary>The whole installation at one glance. Instants are UTC. Enums stay text: a newer front may know more of them than this binary.</summary>
internal sealed record StatusResource
{
    public DateTimeOffset? At { get; init; }

    public string? Version { get; init; }

    /// <summary>The cluster's silos; null when it did not answer.</summary>
    public IReadOnlyList<SiloResource>? Silos { get; init; }

    public SitesGlance? Sites { get; init; }

    public ReportsGlance? Reports { get; init; }

    public WebhooksGlance? Webhooks { get; init; }
}

/// <summary>A silo and the number of sites on it.</summary>
internal sealed record SiloResource(string? Address, int Sites);

/// <summary>The sites: how many, how they do, and those somebody should look at, the worst first.</summary>
internal sealed record SitesGlance(int Total, IReadOnlyDictionary<string, int>? Health, IReadOnlyList<SiteProblem>? Problems, int MoreProblems);

/// <summary>A site somebody should look at; without health when its actor did not answer.</summary>
internal sealed record SiteProblem
{
    public string? SiteId { get; init; }

    public string? Name { get; init; }

    public string? Health { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    public DateTimeOffset? Since { get; init; }

    public IReadOnlyList<SiteWarningResource>? Warnings { get; init; }
}

/// <summary>Whether the PBXs that are online push.</summary>
internal sealed record ReportsGlance(int Proven, int Silent, DateTimeOffset? LastAt);

/// <summary>What the CRM is sent, and what waits for it.</summary>
internal sealed record WebhooksGlance(int Subscriptions, int Failing, int SwitchedOff, long Waiting, DateTimeOffset? OldestAt);
