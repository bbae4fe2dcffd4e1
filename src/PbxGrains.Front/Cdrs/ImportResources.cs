using System.Globalization;
using PbxGrains.Storage.Cdrs;

namespace PbxGrains.Front.Cdrs;

/// <summary>The wish to read older call records from a PBX.</summary>
internal sealed record ImportInput
{
    /// <summary>First day, in the site's zone: <c>2026-01-01</c>.</summary>
    public string? Since { get; init; }

    /// <summary>Last day, included; leave it out for today.</summary>
    public string? Until { get; init; }
}

/// <summary>An import of older call records.</summary>
/// <param name="ImportId">Our id of it.</param>
/// <param name="Site">The site.</param>
/// <param name="Since">First day.</param>
/// <param name="Until">Last day, included.</param>
/// <param name="State"><c>waiting</c> (not begun, or the PBX is out of reach: it goes on by itself), <c>running</c>, <c>done</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Position">The PBX's wall clock up to which it has come; it walks from the oldest day to the newest.</param>
/// <param name="Progress">How much of its span is done, 0 to 1.</param>
/// <param name="RowsRead">Records the PBX gave.</param>
/// <param name="RowsNew">Those of them nobody had told before.</param>
/// <param name="WindowsFailed">Windows of which not every row could be read.</param>
/// <param name="Detail">Why it waits or failed; null when there is nothing to say.</param>
/// <param name="CreatedAt">When it was asked for, UTC.</param>
/// <param name="UpdatedAt">When it last went on, UTC.</param>
/// <param name="FinishedAt">When it ended, UTC; null until then.</param>
internal sealed record ImportResource(
    Guid ImportId,
    string Site,
    DateOnly Since,
    DateOnly Until,
    HistoryImportState State,
    string Position,
    double Progress,
    long RowsRead,
    long RowsNew,
    int WindowsFailed,
    string? Detail,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? FinishedAt)
{
    public static ImportResource Of(HistoryImportRow row) => new(
        row.ImportId,
        row.SiteId,
        row.Since,
        row.Until,
        row.State,
        row.Position.ToString("s", CultureInfo.InvariantCulture),
        Math.Round(row.Progress, 4),
        row.RowsRead,
        row.RowsNew,
        row.WindowsFailed,
        row.Detail,
        row.CreatedAt,
        row.UpdatedAt,
        row.FinishedAt);
}
