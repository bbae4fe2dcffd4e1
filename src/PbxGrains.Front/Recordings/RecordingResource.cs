using PbxGrains.Storage.Recordings;

namespace PbxGrains.Front.Recordings;

/// <summary>A recording and how it stands.</summary>
/// <param name="Id">Its address, made of site and name.</param>
/// <param name="Site">The site.</param>
/// <param name="CallId">The call it is of.</param>
/// <param name="Name">The PBX's file name; null once it was taken out for its age.</param>
/// <param name="State"><c>pending</c>, <c>ready</c>, <c>absent</c> or <c>expired</c>.</param>
/// <param name="Reason">Why it is not there, as a stable word; null when there is nothing to explain.</param>
/// <param name="Detail">One sentence about the reason.</param>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Sha256">SHA-256 of the file in lower-case hexadecimal, also after it expired.</param>
/// <param name="ContentType">Media type of the file.</param>
/// <param name="DurationSeconds">How long it plays.</param>
/// <param name="FirstNamedAt">When a call record named it first.</param>
/// <param name="FetchedAt">When it came from the PBX.</param>
/// <param name="LastTriedAt">When the PBX was asked for it last.</param>
/// <param name="NextTryAt">When the PBX is asked for it next; null = not any more.</param>
/// <param name="Tries">How often the PBX was asked for it.</param>
/// <param name="ExpiresAt">When it expires or expired.</param>
/// <param name="Url">Where it can be heard.</param>
public sealed record RecordingResource(
    string Id,
    string Site,
    string CallId,
    string? Name,
    string State,
    string? Reason,
    string? Detail,
    long? Bytes,
    string? Sha256,
    string? ContentType,
    double? DurationSeconds,
    DateTimeOffset FirstNamedAt,
    DateTimeOffset? FetchedAt,
    DateTimeOffset? LastTriedAt,
    DateTimeOffset? NextTryAt,
    int Tries,
    DateTimeOffset ExpiresAt,
    string Url)
{
    /// <summary>Shows a row.</summary>
    public static RecordingResource Of(RecordingRow row) => new(
        row.RecordingId,
        row.SiteId,
        row.CallId,
        row.Name,
        row.State,
        row.Reason,
        row.Detail,
        row.Bytes,
        row.Sha256 is { } hash ? Convert.ToHexStringLower(hash) : null,
        row.ContentType,
        row.DurationSeconds,
        row.FirstNamedAt,
        row.FetchedAt,
        row.LastTriedAt,
        row.NextTryAt,
        row.Tries,
        row.ExpiresAt,
        UrlOf(row.RecordingId));

    /// <summary>Where a recording can be heard.</summary>
    public static string UrlOf(string recordingId) => $"/api/pbx/recordings/{recordingId}";
}

/// <summary>One time that audio was handed out.</summary>
/// <param name="Id">Number, growing with time.</param>
/// <param name="KeyId">The API key it was asked for with.</param>
/// <param name="KeyName">That key's name.</param>
/// <param name="Address">Address of the listener.</param>
/// <param name="At">When.</param>
/// <param name="Range">The range asked for; null = all of it.</param>
/// <param name="Bytes">How many bytes were handed over; null = not known.</param>
public sealed record ListeningResource(long Id, string KeyId, string? KeyName, string? Address, DateTimeOffset At, string? Range, long? Bytes)
{
    /// <summary>Shows a row.</summary>
    public static ListeningResource Of(ListeningRow row) => new(row.ListeningId, row.KeyId, row.KeyName, row.Address, row.At, row.ByteRange, row.Bytes);
}

/// <summary>A page of listenings, newest first.</summary>
/// <param name="Items">The page.</param>
/// <param name="Next">Give it as <c>after</c> for the next page; null at the end.</param>
public sealed record ListeningPage(IReadOnlyList<ListeningResource> Items, string? Next);
