namespace PbxGrains.Storage.Cdrs;

/// <summary>How comparing a window with the PBX went.</summary>
public enum CatchUpOutcome
{
    /// <summary>Everything the PBX has of it was read and is in the ledger.</summary>
    Whole,

    /// <summary>Some or all of it was not read.</summary>
    Failed,

    /// <summary>Everything of it that can be read was; some rows cannot. The watermark may pass it, proven it is not.</summary>
    Damaged,
}

/// <summary>A span of a PBX's wall clock whose records were compared with the PBX.</summary>
public sealed record CatchUpWindow
{
    /// <summary>The site.</summary>
    public required string SiteId { get; init; }

    /// <summary>Start of the span, wall clock of the PBX; the kind is ignored.</summary>
    public required DateTime Start { get; init; }

    /// <summary>Its end, not included.</summary>
    public required DateTime End { get; init; }

    /// <summary>How it went.</summary>
    public required CatchUpOutcome Outcome { get; init; }

    /// <summary>
    /// When the PBX was asked: a record that appeared later may be missing. By the PBX's own clock where that one is behind,
    /// so that no hour counts as over before the PBX is done with it.
    /// </summary>
    public required DateTimeOffset ComparedAt { get; init; }

    /// <summary>Rows the PBX gave.</summary>
    public int RowsRead { get; init; }

    /// <summary>Those of them nobody had told before.</summary>
    public int RowsNew { get; init; }

    /// <summary>Why it failed, for people; null when it did not.</summary>
    public string? Detail { get; init; }
}

/// <summary>How far catch-up of a site has come.</summary>
/// <param name="Watermark">Wall clock of the PBX up to which everything readable was read; null before the first time.</param>
/// <param name="LastNight">Day of the last nightly comparison that came to its end, in the site's zone; null for never.</param>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
public readonly record struct CatchUpProgress(DateTime? Watermark, DateOnly? LastNight);

/// <summary>What is known about one hour of a site's records.</summary>
public sealed record HourCompleteness
{
    /// <summary>Start of the hour (UTC).</summary>
    public required DateTimeOffset Hour { get; init; }

    /// <summary>Records that push told, whether or not catch-up found them as well.</summary>
    public required int Pushed { get; init; }

    /// <summary>Records that only catch-up or an import knows.</summary>
    public required int OnlyCaughtUp { get; init; }

    /// <summary>
    /// When every part of the hour had last been compared with the PBX; null = some part never was. What the PBX wrote
    /// after that may be missing, so it should be later than the end of the longest call of that hour.
    /// </summary>
    public DateTimeOffset? LastComparedAt { get; init; }

    /// <summary>When comparing some part of the hour last failed; null = it did not.</summary>
    public DateTimeOffset? LastFailedAt { get; init; }

    /// <summary>Why it failed then, for people.</summary>
    public string? FailureDetail { get; init; }
}
