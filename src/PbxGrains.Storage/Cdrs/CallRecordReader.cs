using System.Runtime.CompilerServices;
using Npgsql;

namespace PbxGrains.Storage.Cdrs;

/// <summary>Reads the ledger.</summary>
/// <param name="database">The migrated database.</param>
public sealed class CallRecordReader(NpgsqlDataSource database)
{
    /// <summary>Records read at a time while streaming: all that is ever held.</summary>
    private const int StreamedPage = 1000;

    /// <summary>Records of one call at most; a PBX writes a handful.</summary>
    private const int LongestCall = 1000;

    /// <summary>
    /// A page, newest first: by start, then by number, downwards. What is recorded while paging neither repeats nor hides
    /// a record.
    /// </summary>
    /// <param name="filter">Which records.</param>
    /// <param name="after">Where the page before ended; null for the first.</param>
    /// <param name="limit">How many at most; at least 1.</param>
    /// <param name="ct">Stops reading.</param>
    public async Task<IReadOnlyList<CallRecordRow>> ListAsync(CallRecordFilter filter, CallRecordCursor? after, int limit, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        await using var command = database.CreateCommand();
        var conditions = CallRecordConditions.Of(filter, after, command.Parameters);
        command.CommandText = $"""
            SELECT {CallRecordColumns.Read} FROM pbx.call_record AS r
            WHERE {conditions}
            ORDER BY r.started_at DESC, r.record_id DESC LIMIT {limit}
            """;
        return await command.ListAsync(CallRecordColumns.ReadRow, ct);
    }

    /// <summary>Every record that fits, in the order of <see cref="ListAsync" />, in constant memory and without keeping a transaction open.</summary>
    /// <param name="filter">Which records.</param>
    /// <param name="ct">Stops reading.</param>
    public async IAsyncEnumerable<CallRecordRow> StreamAsync(CallRecordFilter filter, [EnumeratorCancellation] CancellationToken ct)
    {
        CallRecordCursor? after = null;
        IReadOnlyList<CallRecordRow> page;
        do
        {
            page = await ListAsync(filter, after, StreamedPage, ct);
            foreach (var row in page)
            {
                yield return row;
            }

            after = page is [.., var last] ? CallRecordCursor.After(last) : null;
        }
        while (page.Count == StreamedPage);
    }

    /// <summary>The records of one call, oldest first.</summary>
    /// <param name="siteId">The site; null to look at all, for PBXs number their calls alike only by chance.</param>
    /// <param name="callId">The PBX's name for the call.</param>
    /// <param name="ct">Stops reading.</param>
    public async Task<IReadOnlyList<CallRecordRow>> FindByCallAsync(string? siteId, string callId, CancellationToken ct)
    {
        var records = await ListAsync(new CallRecordFilter { SiteIds = siteId is null ? null : [siteId], CallId = callId }, after: null, LongestCall, ct);
        return [.. records.Reverse()];
    }

    /// <summary>
    /// Missed calls from outside that nobody has made good: no record of the call was answered, and afterwards nobody
    /// answered that number or reached it. One record, the first, stands for each call; newest first. The same number is the
    /// same E.164 anywhere, or the same digits at the same site. Calls that withheld their number stay; anonymised ones go.
    /// </summary>
    /// <param name="filter">Which records; direction and disposition are given. An extension means that it took part in the call.</param>
    /// <param name="after">Where the page before ended; null for the first.</param>
    /// <param name="limit">How many at most; at least 1.</param>
    /// <param name="ct">Stops reading.</param>
    public async Task<IReadOnlyList<CallRecordRow>> MissedAsync(CallRecordFilter filter, CallRecordCursor? after, int limit, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        await using var command = database.CreateCommand();
        var conditions = CallRecordConditions.Of(filter with { Direction = RecordedDirection.Inbound, Disposition = null, Extension = null }, after, command.Parameters);
        if (filter.Extension is { } extension)
        {
            conditions.AddExtensionOfCall(extension);
        }

        command.CommandText = $"""
            SELECT {CallRecordColumns.Read} FROM pbx.call_record AS r
            WHERE {conditions} AND {MissedCalls.AreMissed("r")} AND r.anonymised_at IS NULL
              AND NOT EXISTS ({MissedCalls.OtherRecordOfCall}) AND NOT EXISTS ({MissedCalls.MadeGood})
            ORDER BY r.started_at DESC, r.record_id DESC LIMIT {limit}
            """;
        return await command.ListAsync(CallRecordColumns.ReadRow, ct);
    }
}
