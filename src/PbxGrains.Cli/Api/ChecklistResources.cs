namespace PbxGrains.Cli.Api;

/// <summary>A wish to run a site's checklist.</summary>
/// <param name="Trigger">Why: <c>onboarding</c> right after registration; null for a run somebody asked for.</param>
/// <param name="ReturnPath">Two extensions for a short proving call; null for none.</param>
internal sealed record ChecklistWish(string? Trigger, ReturnPathWish? ReturnPath);

/// <summary>The two extensions of a proving call.</summary>
internal sealed record ReturnPathWish(string Caller, string Callee);

/// <summary>One line of a checklist; its sentences are in the language that was asked for.</summary>
internal sealed record ChecklistItem
{
    public string? Id { get; init; }

    public string? Section { get; init; }

    /// <summary><c>pass</c>, <c>warn</c>, <c>fail</c>, <c>skipped</c> or <c>notice</c>.</summary>
    public string? Verdict { get; init; }

    public string? Title { get; init; }

    /// <summary>What was measured, or why nothing was.</summary>
    public string? Evidence { get; init; }

    /// <summary>What to do; null when nothing is to be done.</summary>
    public string? Remedy { get; init; }
}

/// <summary>How many items had which verdict.</summary>
internal sealed record ChecklistCounts(int Pass, int Warn, int Fail, int Skipped, int Notice);

/// <summary>A run of a site's checklist. Instants are UTC.</summary>
internal sealed record ChecklistRun
{
    public string? RunId { get; init; }

    public string? SiteId { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public string? Trigger { get; init; }

    /// <summary><c>pass</c>, <c>warn</c> or <c>fail</c>.</summary>
    public string? Verdict { get; init; }

    public ChecklistCounts? Counts { get; init; }

    /// <summary>Its items; null where only the run is told.</summary>
    public IReadOnlyList<ChecklistItem>? Items { get; init; }
}
