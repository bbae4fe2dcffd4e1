using System.Net;
using PbxGrains.Front.Sites;

namespace PbxGrains.Front.Subscriptions;

/// <summary>Settings of outgoing webhooks; configuration section <c>Subscriptions</c>.</summary>
public sealed record SubscriptionSettings
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Subscriptions";

    /// <summary>
    /// Addresses and networks in CIDR form that targets may have although they are not public: <c>10.0.0.0/8</c>. Plain
    /// HTTP goes to these only. Link-local addresses and metadata services stay refused. None by default.
    /// </summary>
    public IReadOnlyList<string> AllowedTargets { get; init; } = [];

    /// <summary>Requests to one target at a time, per front.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>Requests to all targets at a time, per front; each target has one more that is its own.</summary>
    public int OverallConcurrency { get; init; } = 256;

    /// <summary>How long a target may take for one request.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a front has deliveries to itself; those of one that was killed come back after this. Longer than <see cref="Timeout" />.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A target that takes nothing for so long is switched off.</summary>
    public TimeSpan DisableAfter { get; init; } = TimeSpan.FromDays(5);

    /// <summary>How long delivered ones stay in the log of deliveries.</summary>
    public TimeSpan KeepDelivered { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long failed ones stay there.</summary>
    public TimeSpan KeepFailed { get; init; } = TimeSpan.FromDays(30);

    /// <summary>The allow-list as networks.</summary>
    /// <exception cref="InvalidOperationException">An entry is neither an address nor a network.</exception>
    internal IReadOnlyList<IPNetwork> Allowed() =>
        [.. AllowedTargets.Select(target => SourceAddress.Read(target)
            ?? throw new InvalidOperationException($"Subscriptions:AllowedTargets names '{target}': use an address, or a network such as 10.0.0.0/8."))];

    /// <summary>Says what cannot be used; null when all can.</summary>
    internal string? Complaint() => this switch
    {
        { Concurrency: < 1 or > 1000 } => "Subscriptions:Concurrency takes 1 to 1000.",
        { OverallConcurrency: < 0 or > 100_000 } => "Subscriptions:OverallConcurrency takes 0 to 100000.",
        _ when Timeout <= TimeSpan.Zero || Lease <= Timeout => "Subscriptions:Lease must be longer than Subscriptions:Timeout, and that more than nothing.",
        _ when DisableAfter <= TimeSpan.Zero || KeepDelivered < TimeSpan.Zero || KeepFailed < TimeSpan.Zero => "Subscriptions:DisableAfter, KeepDelivered and KeepFailed are spans of time.",
        _ => null,
    };
}
