using System.Text.Json;
using PbxGrains.Contracts.Sites;
using PbxGrains.Front.Sites;
using PbxGrains.Storage.Subscriptions;

namespace PbxGrains.Front.Status;

/// <summary>Sums up what each part of the installation said.</summary>
internal static class StatusGlance
{
    private const int MostProblems = 100;
    private const string Unknown = "unknown";

    /// <summary>The silos with the number of sites on each; null when nobody said which there are.</summary>
    public static IReadOnlyList<SiloResource>? Silos(IReadOnlyCollection<SiloAddress>? silos, IReadOnlyList<SiteResource> sites)
    {
        var onEach = sites.CountBy(site => site.Status?.Silo ?? "", StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        return silos is null
            ? null
            : [.. silos.Select(silo => silo.ToParsableString()).Order(StringComparer.Ordinal).Select(silo => new SiloResource(silo, onEach.GetValueOrDefault(silo)))];
    }

    /// <summary>The sites by health, and those somebody should look at.</summary>
    public static SitesGlance Sites(IReadOnlyList<SiteResource> sites)
    {
        var health = Enum.GetValues<SiteHealth>().Select(NameOf).Append(Unknown).ToDictionary(name => name, _ => 0, StringComparer.Ordinal);
        foreach (var site in sites)
        {
            health[site.Status is { } status ? NameOf(status.Health) : Unknown]++;
        }

        var problems = sites.Where(IsProblem).OrderBy(Rank).ThenBy(site => site.SiteId, StringComparer.Ordinal).ToList();
        return new SitesGlance(sites.Count, health, [.. problems.Take(MostProblems).Select(Problem)], Math.Max(0, problems.Count - MostProblems));
    }

    /// <summary>Whether the online sites push.</summary>
    public static ReportsGlance Reports(IReadOnlyList<SiteResource> sites)
    {
        var online = sites.Select(site => site.Status).Where(status => status?.Health == SiteHealth.Online).ToList();
        var proven = online.Count(status => status!.Push == PushState.Proven);
        return new ReportsGlance(proven, online.Count - proven, sites.Max(site => site.Status?.LastReportAt));
    }

    /// <summary>The subscriptions and what waits for them.</summary>
    public static WebhooksGlance Webhooks(IReadOnlyList<SubscriptionRow> subscriptions, DeliveryBacklog backlog)
    {
        var on = subscriptions.Where(subscription => subscription.Terms.Enabled).ToList();
        return new WebhooksGlance(
            on.Count,
            on.Count(subscription => subscription.FailingSince is not null),
            subscriptions.Count(subscription => subscription.DisabledReason is DisabledReason.Gone or DisabledReason.Failing),
            backlog.Waiting,
            backlog.OldestAt);
    }

    // A site that was just registered is no problem yet, and one that was switched off on purpose is none.
    private static bool IsProblem(SiteResource site) => site.Status switch
    {
        null => true,
        { Health: SiteHealth.Suspended } => false,
        { Health: SiteHealth.Online or SiteHealth.Connecting, Warnings: var warnings } => warnings.Count > 0,
        _ => true,
    };

    private static int Rank(SiteResource site) => site.Status?.Health switch
    {
        SiteHealth.Unreachable => 0,
        SiteHealth.CredentialsRejected => 1,
        SiteHealth.Degraded => 2,
        null => 3,
        _ => 4,
    };

    private static SiteProblem Problem(SiteResource site) => new(
        site.SiteId, site.Name, site.Status?.Health, site.Status?.Reason, site.Status?.Message, site.Status?.Since, site.Status?.Warnings ?? []);

    private static string NameOf(SiteHealth health) => JsonNamingPolicy.CamelCase.ConvertName(health.ToString());
}
