namespace PbxGrains.Contracts.Checklists;

/// <summary>Who wanted a run.</summary>
[GenerateSerializer, Alias("pbx.ChecklistTrigger")]
public enum ChecklistTrigger
{
    /// <summary>A person or a script.</summary>
    Manual = 0,

    /// <summary>The night.</summary>
    Nightly = 1,

    /// <summary>The registration of the site.</summary>
    Onboarding = 2,
}

/// <summary>A run of the checklist.</summary>
[GenerateSerializer, Immutable, Alias("pbx.ChecklistRun")]
public sealed record ChecklistRun
{
    /// <summary>Its id.</summary>
    [Id(0)] public required Guid RunId { get; init; }

    /// <summary>The site.</summary>
    [Id(1)] public required SiteId Site { get; init; }

    /// <summary>Who wanted it.</summary>
    [Id(2)] public required ChecklistTrigger Trigger { get; init; }

    /// <summary>When it began, UTC.</summary>
    [Id(3)] public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended, UTC; null while it runs.</summary>
    [Id(4)] public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>True when the site's actor moved, died or got other settings midway: what is missing was never measured.</summary>
    [Id(5)] public bool BrokenOff { get; init; }

    /// <summary>The items, in the order of the list.</summary>
    [Id(6)] public IReadOnlyList<ChecklistItem> Items { get; init; } = [];

    /// <summary>The worst of the items; a run that broke off proves nothing and counts as failed.</summary>
    public ChecklistVerdict Verdict => BrokenOff || Items.Any(i => i.Verdict == ChecklistVerdict.Fail) ? ChecklistVerdict.Fail
        : Items.Any(i => i.Verdict == ChecklistVerdict.Warn) ? ChecklistVerdict.Warn
        : ChecklistVerdict.Pass;

    /// <summary>Number of items with a verdict.</summary>
    public int Count(ChecklistVerdict verdict) => Items.Count(i => i.Verdict == verdict);
}

/// <summary>The wish to run the checklist.</summary>
[GenerateSerializer, Immutable, Alias("pbx.ChecklistRequest")]
public sealed record ChecklistRequest
{
    /// <summary>Who wants it.</summary>
    [Id(0)] public ChecklistTrigger Trigger { get; init; }

    /// <summary>The short call that proves the way back; null when nobody asked for one.</summary>
    [Id(1)] public ReturnPathCall? ReturnPath { get; init; }
}

/// <summary>A short call between two extensions of the site, to see its record arrive.</summary>
/// <param name="Caller">The extension that rings first.</param>
/// <param name="Callee">The extension it calls.</param>
[GenerateSerializer, Immutable, Alias("pbx.ReturnPathCall")]
public sealed record ReturnPathCall([property: Id(0)] ExtensionNumber Caller, [property: Id(1)] ExtensionNumber Callee);

/// <summary>Why a run was not started.</summary>
[GenerateSerializer, Alias("pbx.ChecklistRefusal")]
public enum ChecklistRefusal
{
    /// <summary>No such site.</summary>
    SiteUnknown = 0,

    /// <summary>An operator switched the site off.</summary>
    SiteSuspended = 1,
}

/// <summary>What became of the wish.</summary>
/// <param name="RunId">The run, new or joined; null when it was refused.</param>
/// <param name="Refusal">Why not; null when there is a run.</param>
/// <param name="Joined">True when it was running already.</param>
[GenerateSerializer, Immutable, Alias("pbx.ChecklistStart")]
public sealed record ChecklistStart([property: Id(0)] Guid? RunId, [property: Id(1)] ChecklistRefusal? Refusal = null, [property: Id(2)] bool Joined = false);

/// <summary>How far a run is.</summary>
/// <param name="Items">Items finished since those the reader has, in the order in which they finished.</param>
/// <param name="Run">The whole run once it is over; null until then.</param>
[GenerateSerializer, Immutable, Alias("pbx.ChecklistProgress")]
public sealed record ChecklistProgress([property: Id(0)] IReadOnlyList<ChecklistItem> Items, [property: Id(1)] ChecklistRun? Run);
