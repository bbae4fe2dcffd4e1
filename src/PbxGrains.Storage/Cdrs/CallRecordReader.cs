using System.Runtime.CompilerServices;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

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

        // Behind OFFSET 0 the planner cannot bet on meeting the number soon on its way back through time; it loses for all
        // but the commonest numbers.
        var source = filter.Numbers is null ? $"pbx.call_record AS r WHERE {conditions}" : $"(SELECT * FROM pbx.call_record AS r WHERE {conditions} OFFSET 0) AS r";
        command.CommandText = $"""
            SELECT {CallRecordColumns.Read} FROM {source}
            ORDER BY r.started_at DESC, r.record_id DESC LIMIT {limit}
            """;
        return await command.ListAsync(CallRecordColumns.ReadRow, ct);
    }

    /// <summary>The page before: the nearest newer records, newest first as ever.</summary>
    /// <param name="filter">Which records.</param>
    /// <param name="before">The first record of the page behind it.</param>
    /// <param name="limit">How many at most; at least 1.</param>
    /// <param name="ct">Stops reading.</param>
    public async Task<IReadOnlyList<CallRecordRow>> ListNewerAsync(CallRecordFilter filter, CallRecordCursor before, int limit, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        await using var command = database.CreateCommand();
        var conditions = CallRecordConditions.Of(filter, after: null, command.Parameters);
        conditions.AddNewerThan(before);
        command.CommandText = $"""
            SELECT {CallRecordColumns.Read} FROM pbx.call_record AS r WHERE {conditions}
            ORDER BY r.started_at, r.record_id LIMIT {limit}
            """;
        return [.. (await command.ListAsync(CallRecordColumns.ReadRow, ct)).Reverse()];
    }

    /// <summary>Every record that fits, in the order of <see cref="ListAsync" />, in constant memory and without keeping a transaction open.</summary>
    /// <param name="filter">Which records.</param>
    /// <param name="ct">Stops reading.</param>
    public IAsyncEnumerable<CallRecordRow> StreamAsync(CallRecordFilter filter, CancellationToken ct) => StreamAsync(filter, after: null, long.MaxValue, ct);

    /// <summary>The same, behind a record and no more than so many.</summary>
    /// <param name="filter">Which records.</param>
    /// <param name="after">Where to go on; null for the newest.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="ct">Stops reading.</param>
    public async IAsyncEnumerable<CallRecordRow> StreamAsync(CallRecordFilter filter, CallRecordCursor? after, long limit, [EnumeratorCancellation] CancellationToken ct)
    {
        while (limit > 0)
        {
            var wanted = (int)Math.Min(StreamedPage, limit);
            var page = await ListAsync(filter, after, wanted, ct);
            foreach (var row in page)
            {
                yield return row;
            }

            if (page.Count < wanted)
            {
                break;
            }

            after = CallRecordCursor.After(page[^1]);
            limit -= wanted;
        }
    }

    /// <summary>The record of this number; null when there is none, or no more.</summary>
    public async Task<CallRecordRow?> FindAsync(long recordId, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"SELECT {CallRecordColumns.Read} FROM pbx.call_record AS r WHERE r.record_id = $1");
        command.Parameters.Bind(NpgsqlDbType.Bigint, recordId);
        return await command.FirstOrNullAsync(CallRecordColumns.ReadRow, ct);
    }

    /// <summary>How records changed, record by record, the first change first.</summary>
    /// <param name="recordIds">The ledger's numbers of the records.</param>
    /// <param name="ct">Stops reading.</param>
    public async Task<IReadOnlyList<CallRecordRevision>> ListRevisionsAsync(IEnumerable<long> recordIds, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            SELECT record_id, revision, changed_at, source, before FROM pbx.call_record_revision
            WHERE record_id = ANY ($1) ORDER BY record_id, revision
            """);
        command.Parameters.Bind(NpgsqlDbType.Array | NpgsqlDbType.Bigint, recordIds.ToArray());
        return await command.ListAsync(
            row => new CallRecordRevision(
                row.GetInt64(0),
                row.GetInt32(1),
                row.Instant(2),
                row.GetString(3),
                JsonSerializer.Deserialize(row.GetString(4), CallRecordJson.Default.CallRecordRow)!),
            ct);
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
