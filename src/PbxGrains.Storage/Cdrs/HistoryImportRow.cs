namespace PbxGrains.Storage.Cdrs;

/// <summary>Where an import stands.</summary>
public enum HistoryImportState
{
    /// <summary>It has not begun, or the PBX is out of reach: it goes on by itself.</summary>
    Waiting,

    /// <summary>It reads.</summary>
    Running,

    /// <summary>It came to its end.</summary>
    Done,

    /// <summary>The PBX will not give its records.</summary>
    Failed,

    /// <summary>Somebody called it off; what was read stays.</summary>
    Cancelled,
}

/// <summary>An import of a PBX's older records, from the oldest day to the newest.</summary>
public sealed record HistoryImportRow
{
    /// <summary>Our id of it.</summary>
    public required Guid ImportId { get; init; }

    /// <summary>The site.</summary>
    public required string SiteId { get; init; }

    /// <summary>First day, in the PBX's clock.</summary>
    public required DateOnly Since { get; init; }

    /// <summary>Last day, included.</summary>
    public required DateOnly Until { get; init; }

    /// <summary>Where it stands.</summary>
    public HistoryImportState State { get; init; }

    /// <summary>Wall clock of the PBX: everything before it is done.</summary>
    public required DateTime Position { get; init; }

    /// <summary>Wall clock of the PBX at which it is done.</summary>
    public required DateTime Ends { get; init; }

    /// <summary>Rows the PBX gave.</summary>
    public long RowsRead { get; init; }

    /// <summary>Those of them nobody had told before.</summary>
    public long RowsNew { get; init; }

    /// <summary>Windows of which not every row could be read.</summary>
    public int WindowsFailed { get; init; }

    /// <summary>Why it waits or failed, for people; null when there is nothing to say.</summary>
    public string? Detail { get; init; }

    /// <summary>When it was asked for (UTC).</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last went on (UTC).</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it ended (UTC); null until then.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>How much of its span is done, 0 to 1.</summary>
    public double Progress
    {
        get
        {
            var whole = Ends - Since.ToDateTime(TimeOnly.MinValue);
            return State == HistoryImportState.Done || whole <= TimeSpan.Zero ? 1 : Math.Clamp((Position - Since.ToDateTime(TimeOnly.MinValue)) / whole, 0, 1);
        }
    }
}
