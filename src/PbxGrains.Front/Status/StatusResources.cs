using PbxGrains.Contracts.Sites;

namespace PbxGrains.Front.Status;

/// <summary>The whole installation at one glance. Instants are UTC.</summary>
/// <param name="At">When this was put together.</param>
/// <param name="Version">Version of the front that answers.</param>
/// <param name="Silos">The cluster's silos; null when it did not answer in time.</param>
/// <param name="Sites">The sites.</param>
/// <param name="Reports">Whether PBXs push.</param>
/// <param name="Webhooks">What the CRM is sent.</param>
internal sealed record StatusResource(DateTimeOffset At, string Version, IReadOnlyList<SiloResource>? Silos, SitesGlance Sites, ReportsGlance Reports, WebhooksGlance Webhooks);

/// <summary>A silo of the cluster.</summary>
/// <param name="Address">Its address, as sites name the silo they live on.</param>
/// <param name="Sites">Number of sites whose actors said that they live there.</param>
internal sealed record SiloResource(string Address, int Sites);

/// <summary>The sites at one glance.</summary>
/// <param name="Total">Registered sites.</param>
/// <param name="Health">Number of sites by health; <c>unknown</c> for those whose actor did not answer in time.</param>
/// <param name="Problems">Sites somebody should look at, the worst first, at most 100. Those that are switched off on purpose are not among them.</param>
/// <param name="MoreProblems">How many more there are.</param>
internal sealed record SitesGlance(int Total, IReadOnlyDictionary<string, int> Health, IReadOnlyList<SiteProblem> Problems, int MoreProblems);

/// <summary>A site somebody should look at: out of order, or with warnings.</summary>
/// <param name="SiteId">The site.</param>
/// <param name="Name">Its name.</param>
/// <param name="Health">How it does; null when its actor did not answer in time.</param>
/// <param name="Reason">Why, as a stable value.</param>
/// <param name="Message">Why, as an English sentence.</param>
/// <param name="Since">Since when.</param>
/// <param name="Warnings">What to look at.</param>
internal sealed record SiteProblem(
    string SiteId, string Name, SiteHealth? Health, SiteHealthReason? Reason, string? Message, DateTimeOffset? Since, IReadOnlyList<SiteWarning> Warnings);

/// <summary>Whether PBXs push.</summary>
/// <param name="Proven">Online sites whose pushes are proven to arrive.</param>
/// <param name="Silent">Online sites that push nothing, or not everything.</param>
/// <param name="LastAt">When a report last arrived from any site; null for never.</param>
internal sealed record ReportsGlance(int Proven, int Silent, DateTimeOffset? LastAt);

/// <summary>What the CRM is sent.</summary>
/// <param name="Subscriptions">Subscriptions that are switched on.</param>
/// <param name="Failing">Those of them whose target takes nothing at the moment.</param>
/// <param name="SwitchedOff">Subscriptions that were switched off because their target wanted nothing more or took nothing for days.</param>
/// <param name="Waiting">Deliveries that wait.</param>
/// <param name="OldestAt">When the oldest of them was enqueued; null when none waits.</param>
internal sealed record WebhooksGlance(int Subscriptions, int Failing, int SwitchedOff, long Waiting, DateTimeOffset? OldestAt);
