using Npgsql;
using NpgsqlTypes;

namespace PbxGrains.Storage.Cdrs;

/// <summary>The imports of older call records: at most one at a time per site, each remembering where it is.</summary>
/// <param name="database">The migrated database.</param>
/// <param name="time">Dates what becomes of them.</param>
public sealed class HistoryImports(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>Imports of a site that are listed.</summary>
    public const int Listed = 20;

    private const string Open = "state IN ('waiting', 'running')";
    private const string Columns = """
        import_id, site_id, since, until, state, position, ends, rows_read, rows_new, windows_failed, detail, created_at, updated_at, finished_at
        """;

    /// <summary>Writes a new import down, unless one of the site is open.</summary>
    /// <returns>Null when it was written; else the open one.</returns>
    public async Task<HistoryImportRow?> BeginAsync(HistoryImportRow row, CancellationToken ct)
    {
        while (true)
        {
            await using var insert = database.CreateCommand($"""
                INSERT INTO pbx.history_import ({Columns}) VALUES ($1, $2, $3, $4, 'waiting', $5, $6, 0, 0, 0, NULL, $7, $7, NULL)
                ON CONFLICT (site_id) WHERE {Open} DO NOTHING
                """);
            insert.Parameters.Id(row.ImportId).Text(row.SiteId).Bind(NpgsqlDbType.Date, row.Since).Bind(NpgsqlDbType.Date, row.Until)
                .WallClock(row.Position).WallClock(row.Ends).Instant(row.CreatedAt);
            if (await insert.ExecuteNonQueryAsync(ct) > 0)
            {
                return null;
            }

            if (await FindOpenAsync(row.SiteId, ct) is { } open)
            {
                return open;
            }

            // It ended between the two statements: the place is free.
        }
    }

    /// <summary>The import of a site that is neither done nor called off; null when there is none.</summary>
    public async Task<HistoryImportRow?> FindOpenAsync(string siteId, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM pbx.history_import WHERE site_id = $1 AND {Open}");
        command.Parameters.Text(siteId);
        return await command.FirstOrNullAsync(Read, ct);
    }

    /// <summary>An import of a site; null when it has none of that id.</summary>
    public async Task<HistoryImportRow?> FindAsync(string siteId, Guid importId, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM pbx.history_import WHERE site_id = $1 AND import_id = $2");
        command.Parameters.Text(siteId).Id(importId);
        return await command.FirstOrNullAsync(Read, ct);
    }

    /// <summary>The last imports of a site, newest first.</summary>
    public async Task<IReadOnlyList<HistoryImportRow>> ListAsync(string siteId, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM pbx.history_import WHERE site_id = $1 ORDER BY created_at DESC, import_id LIMIT {Listed}");
        command.Parameters.Text(siteId);
        return await command.ListAsync(Read, ct);
    }

    /// <summary>It reads now, or waits.</summary>
    /// <param name="importId">The import.</param>
    /// <param name="state"><see cref="HistoryImportState.Running"/> or <see cref="HistoryImportState.Waiting"/>.</param>
    /// <param name="detail">Why it waits; null when it does not.</param>
    /// <param name="ct">Stops waiting for the database.</param>
    /// <returns>The import as it stands; null when it was called off meanwhile.</returns>
    public Task<HistoryImportRow?> SetStateAsync(Guid importId, HistoryImportState state, string? detail, CancellationToken ct) =>
        UpdateAsync(importId, "state = $3, detail = $4", parameters => parameters.Text(WordOf(state)).Text(CallRecordText.StorableOrNull(detail)), ct);

    /// <summary>Notes that a window is done.</summary>
    /// <param name="importId">The import.</param>
    /// <param name="position">End of the window: what is before it is never read again.</param>
    /// <param name="rows">Rows the PBX gave.</param>
    /// <param name="found">Those of them nobody had told before.</param>
    /// <param name="whole">False when not every row could be read.</param>
    /// <param name="ct">Stops waiting for the database.</param>
    /// <returns>The import as it stands; null when it was called off meanwhile.</returns>
    public Task<HistoryImportRow?> AdvanceAsync(Guid importId, DateTime position, int rows, int found, bool whole, CancellationToken ct) =>
        UpdateAsync(
            importId,
            "position = greatest(position, $3), rows_read = rows_read + $4, rows_new = rows_new + $5, windows_failed = windows_failed + $6",
            parameters => parameters.WallClock(position).Bind(NpgsqlDbType.Bigint, (long)rows).Bind(NpgsqlDbType.Bigint, (long)found).Bind(NpgsqlDbType.Integer, whole ? 0 : 1),
            ct);

    /// <summary>It is over. One that is over already stays as it is.</summary>
    /// <param name="importId">The import.</param>
    /// <param name="state">How it ended.</param>
    /// <param name="detail">Why; null when there is nothing to say.</param>
    /// <param name="ct">Stops waiting for the database.</param>
    /// <returns>The import as it ended now; null when it had ended before or never was.</returns>
    public Task<HistoryImportRow?> EndAsync(Guid importId, HistoryImportState state, string? detail, CancellationToken ct) =>
        UpdateAsync(importId, "state = $3, detail = $4, finished_at = $2", parameters => parameters.Text(WordOf(state)).Text(CallRecordText.StorableOrNull(detail)), ct);

    private async Task<HistoryImportRow?> UpdateAsync(Guid importId, string changes, Action<NpgsqlParameterCollection> bind, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"UPDATE pbx.history_import SET updated_at = $2, {changes} WHERE import_id = $1 AND {Open} RETURNING {Columns}");
        command.Parameters.Id(importId).Instant(time.GetUtcNow());
        bind(command.Parameters);
        return await command.FirstOrNullAsync(Read, ct);
    }

    private static HistoryImportRow Read(NpgsqlDataReader row) => new()
    {
        ImportId = row.GetGuid(0),
        SiteId = row.GetString(1),
        Since = row.GetFieldValue<DateOnly>(2),
        Until = row.GetFieldValue<DateOnly>(3),
        State = StateOf(row.GetString(4)),
        Position = row.GetDateTime(5),
        Ends = row.GetDateTime(6),
        RowsRead = row.GetInt64(7),
        RowsNew = row.GetInt64(8),
        WindowsFailed = row.GetInt32(9),
        Detail = row.TextOrNull(10),
        CreatedAt = row.Instant(11),
        UpdatedAt = row.Instant(12),
        FinishedAt = row.InstantOrNull(13),
    };

    private static string WordOf(HistoryImportState state) => state switch
    {
        HistoryImportState.Waiting => "waiting",
        HistoryImportState.Running => "running",
        HistoryImportState.Done => "done",
        HistoryImportState.Failed => "failed",
        HistoryImportState.Cancelled => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, message: null),
    };

    private static HistoryImportState StateOf(string word) => word switch
    {
        "waiting" => HistoryImportState.Waiting,
        "running" => HistoryImportState.Running,
        "done" => HistoryImportState.Done,
        "failed" => HistoryImportState.Failed,
        "cancelled" => HistoryImportState.Cancelled,
        _ => throw new InvalidDataException($"'{word}' is not a state of an import."),
    };
}
