using System.Text.Json.Serialization;

namespace PbxGrains.Cli.Api;

/// <summary>A wish to read a PBX's history back to a date, in the site's zone.</summary>
internal sealed record ImportInput(string Since, string? Until);

/// <summary>An import of a PBX's history as the API shows it.</summary>
internal sealed record ImportResource
{
    [JsonConverter(typeof(TextOrNumber))]
    public string? ImportId { get; init; }

    public string? Site { get; init; }

    public string? Since { get; init; }

    public string? Until { get; init; }

    /// <summary>waiting, running, done, failed or cancelled.</summary>
    public string? State { get; init; }

    /// <summary>The wall clock of the PBX up to which it has come.</summary>
    public string? Position { get; init; }

    /// <summary>0 to 1.</summary>
    public double? Progress { get; init; }

    public long RowsRead { get; init; }

    public long RowsNew { get; init; }

    public int WindowsFailed { get; init; }

    public string? Detail { get; init; }
}

/// <summary>What is known of a span of time: whether the ledger was compared with the PBX.</summary>
internal sealed record CompletenessResource
{
    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    /// <summary>Numbers of hours by state.</summary>
    public int Verified { get; init; }

    public int Pending { get; init; }

    public int Unverifiable { get; init; }

    public IReadOnlyList<CompletenessHour>? Hours { get; init; }
}

/// <summary>One hour of it.</summary>
internal sealed record CompletenessHour
{
    public DateTimeOffset Hour { get; init; }

    /// <summary>Records that push told.</summary>
    public long Pushed { get; init; }

    /// <summary>Records that only catch-up found.</summary>
    public long OnlyCaughtUp { get; init; }

    public DateTimeOffset? LastComparedAt { get; init; }

    /// <summary>verified, pending or unverifiable.</summary>
    public string? State { get; init; }

    public string? Reason { get; init; }

    public string? Detail { get; init; }
}

/// <summary>How many days things are kept. Written whole: a null has a meaning, so it is never left out.</summary>
internal sealed record RetentionResource
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int? RecordDays { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int? RawDays { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int? AnonymiseAfterDays { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int? RecordingDays { get; init; }

    /// <summary>What holds for a site in the end; null when all sites are meant, and when writing.</summary>
    public RetentionResource? Effective { get; init; }
}

/// <summary>A recording as the API shows it.</summary>
internal sealed record RecordingResource
{
    public string? Id { get; init; }

    public string? Site { get; init; }

    public string? CallId { get; init; }

    /// <summary>The PBX's file name: data, never a path.</summary>
    public string? Name { get; init; }

    /// <summary>pending, ready, absent or expired.</summary>
    public string? State { get; init; }

    public string? Reason { get; init; }

    public string? Detail { get; init; }

    public long? Bytes { get; init; }

    public string? Sha256 { get; init; }

    public string? ContentType { get; init; }

    public double? DurationSeconds { get; init; }

    public DateTimeOffset? FirstNamedAt { get; init; }

    public DateTimeOffset? FetchedAt { get; init; }

    public DateTimeOffset? LastTriedAt { get; init; }

    public DateTimeOffset? NextTryAt { get; init; }

    public int? Tries { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }
}
