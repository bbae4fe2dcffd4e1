namespace PbxGrains.Storage.Recordings;

/// <summary>States of a recording, as stored and shown.</summary>
public static class RecordingState
{
    /// <summary>The PBX has it, or will have it.</summary>
    public const string Pending = "pending";

    /// <summary>It lies in the vault.</summary>
    public const string Ready = "ready";

    /// <summary>The PBX does not hand it out; the reason says why.</summary>
    public const string Absent = "absent";

    /// <summary>Its time is over; the file is gone, its hash stays.</summary>
    public const string Expired = "expired";
}

/// <summary>Why a recording is not there, as stored and shown.</summary>
public static class RecordingReason
{
    /// <summary>The PBX does not know it yet: it saves a recording some time after the call.</summary>
    public const string NotYetSaved = "notYetSaved";

    /// <summary>The PBX says for so long that it does not have it that it must have been deleted.</summary>
    public const string DeletedOnPbx = "deletedOnPbx";

    /// <summary>The PBX does not let us have recordings at all.</summary>
    public const string PermissionMissing = "permissionMissing";

    /// <summary>The PBX cannot be reached.</summary>
    public const string SiteDown = "siteDown";

    /// <summary>The PBX is overloaded.</summary>
    public const string PbxBusy = "pbxBusy";

    /// <summary>What the PBX sent is no whole recording: a page, nothing, or only a part.</summary>
    public const string Damaged = "damaged";

    /// <summary>Our own vault cannot take it: disk full, or object store down.</summary>
    public const string VaultUnavailable = "vaultUnavailable";

    /// <summary>It was too old when it was named, or its time was over before it could be had.</summary>
    public const string NeverFetched = "neverFetched";
}

/// <summary>A recording that the ledger names, and what is known of it. Instants are UTC; null is unknown or never.</summary>
public sealed record RecordingRow
{
    /// <summary><see cref="Recordings.RecordingId.Of" /> of site and name; also its name in the vault.</summary>
    public required string RecordingId { get; init; }

    /// <summary>The site whose PBX made it.</summary>
    public required string SiteId { get; init; }

    /// <summary>The call of the record that named it first.</summary>
    public required string CallId { get; init; }

    /// <summary>The PBX's file name: data, never a path. Null: taken out for its age.</summary>
    public string? Name { get; init; }

    /// <summary>One of <see cref="RecordingState" />.</summary>
    public required string State { get; init; }

    /// <summary>One of <see cref="RecordingReason" />; null when there is nothing to explain.</summary>
    public string? Reason { get; init; }

    /// <summary>One English sentence about the reason.</summary>
    public string? Detail { get; init; }

    /// <summary>Length of the file.</summary>
    public long? Bytes { get; init; }

    /// <summary>SHA-256 of the file, also after it expired.</summary>
    public byte[]? Sha256 { get; init; }

    /// <summary>Media type of the file.</summary>
    public string? ContentType { get; init; }

    /// <summary>How long it plays, by its header.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>How often the PBX was asked for it.</summary>
    public int Tries { get; init; }

    /// <summary>How often the PBX said that it does not have it.</summary>
    public int Refusals { get; init; }

    /// <summary>From when its age counts: the start of the call, unless the PBX's clock was absurd.</summary>
    public required DateTimeOffset AgesFrom { get; init; }

    /// <summary>When a record named it first.</summary>
    public required DateTimeOffset FirstNamedAt { get; init; }

    /// <summary>When the PBX was asked for it last.</summary>
    public DateTimeOffset? LastTriedAt { get; init; }

    /// <summary>When the PBX is asked for it next; null = not any more.</summary>
    public DateTimeOffset? NextTryAt { get; init; }

    /// <summary>When it came into the vault.</summary>
    public DateTimeOffset? FetchedAt { get; init; }

    /// <summary>When it expires or expired, by what its site wants now.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>What came of asking a PBX for a recording without getting it.</summary>
/// <param name="State"><see cref="RecordingState.Pending" /> or <see cref="RecordingState.Absent" />.</param>
/// <param name="Reason">One of <see cref="RecordingReason" />.</param>
/// <param name="Detail">One English sentence.</param>
/// <param name="NextTryAt">When to ask again; null = not any more.</param>
/// <param name="Refused">True when the PBX said that it does not have it.</param>
public sealed record RecordingSetback(string State, string Reason, string Detail, DateTimeOffset? NextTryAt, bool Refused);

/// <summary>A recording that lies in the vault.</summary>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Sha256">SHA-256 of the file.</param>
/// <param name="ContentType">Media type.</param>
/// <param name="DurationSeconds">How long it plays; null = unknown.</param>
public sealed record FetchedRecording(long Bytes, byte[] Sha256, string ContentType, double? DurationSeconds);
