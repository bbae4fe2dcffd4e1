namespace PbxGrains.Storage.Checklists;

/// <summary>A run of a site's checklist. Instants are UTC.</summary>
public sealed record ChecklistRunRow
{
    /// <summary>Its id.</summary>
    public required Guid RunId { get; init; }

    /// <summary>The site.</summary>
    public required string SiteId { get; init; }

    /// <summary><c>manual</c>, <c>nightly</c> or <c>onboarding</c>.</summary>
    public required string Trigger { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>True when it ended before its end.</summary>
    public bool BrokenOff { get; init; }

    /// <summary><c>pass</c>, <c>warn</c> or <c>fail</c>; null while it runs.</summary>
    public string? Verdict { get; init; }

    /// <summary>How many items had which verdict.</summary>
    public ChecklistCounts Counts { get; init; } = new(0, 0, 0, 0, 0);

    /// <summary>The items as a JSON array; empty in lists.</summary>
    public string Items { get; init; } = "[]";
}

/// <summary>How many items of a run had which verdict.</summary>
/// <param name="Passed">Passed.</param>
/// <param name="Warned">Want a look.</param>
/// <param name="Failed">Failed.</param>
/// <param name="Skipped">Not measured.</param>
/// <param name="Noticed">Cannot be seen from outside.</param>
public sealed record ChecklistCounts(int Passed, int Warned, int Failed, int Skipped, int Noticed);
