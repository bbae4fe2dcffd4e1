using Npgsql;
using NpgsqlTypes;

namespace PbxGrains.Storage.Checklists;

/// <summary>The last runs of each site's checklist.</summary>
/// <param name="database">The migrated database.</param>
public sealed class ChecklistRuns(NpgsqlDataSource database)
{
    /// <summary>Runs kept of a site; older ones go.</summary>
    public const int Kept = 50;

    private const string Summary = "run_id, site_id, trigger, started_at, finished_at, broken_off, verdict, passed, warned, failed, skipped, noticed";

    /// <summary>Writes down that a run begins. A run of the site that is open has lost its actor: it is marked broken off.</summary>
    public async Task BeginAsync(ChecklistRunRow row, CancellationToken ct)
    {
        _ = await BreakOffAsync(row.SiteId, except: row.RunId, row.StartedAt, ct);
        await using var insert = database.CreateCommand("INSERT INTO pbx.checklist_run (run_id, site_id, trigger, started_at) VALUES ($1, $2, $3, $4)");
        insert.Parameters.Id(row.RunId).Text(row.SiteId).Text(row.Trigger).Instant(row.StartedAt);
        await insert.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Writes down how a run ended, and lets the oldest of the site go.</summary>
    public async Task EndAsync(ChecklistRunRow row, CancellationToken ct)
    {
        await using var update = database.CreateCommand("""
            UPDATE pbx.checklist_run
            SET finished_at = $2, broken_off = $3, verdict = $4, passed = $5, warned = $6, failed = $7, skipped = $8, noticed = $9, items = $10
            WHERE run_id = $1
            """);
        update.Parameters.Id(row.RunId).Instant(row.FinishedAt).Flag(row.BrokenOff).Text(row.Verdict)
            .Bind(NpgsqlDbType.Integer, row.Counts.Passed).Bind(NpgsqlDbType.Integer, row.Counts.Warned).Bind(NpgsqlDbType.Integer, row.Counts.Failed)
            .Bind(NpgsqlDbType.Integer, row.Counts.Skipped).Bind(NpgsqlDbType.Integer, row.Counts.Noticed)
            .Bind(NpgsqlDbType.Jsonb, Sql.StorableJson(row.Items));
        await update.ExecuteNonQueryAsync(ct);

        await using var delete = database.CreateCommand($"""
            DELETE FROM pbx.checklist_run WHERE site_id = $1 AND run_id NOT IN (
                SELECT run_id FROM pbx.checklist_run WHERE site_id = $1 ORDER BY started_at DESC, run_id DESC LIMIT {Kept})
            """);
        delete.Parameters.Text(row.SiteId);
        await delete.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Marks the open runs of a site as broken off: their actor is gone.</summary>
    /// <param name="siteId">The site.</param>
    /// <param name="except">The one that does run; null when none does.</param>
    /// <param name="now">When this was noticed.</param>
    /// <param name="ct">Stops waiting for the database.</param>
    /// <returns>How many there were.</returns>
    public async Task<int> BreakOffAsync(string siteId, Guid? except, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            UPDATE pbx.checklist_run SET finished_at = $3, broken_off = true, verdict = 'fail'
            WHERE site_id = $1 AND finished_at IS NULL AND run_id IS DISTINCT FROM $2
            """);
        command.Parameters.Text(siteId).Bind(NpgsqlDbType.Uuid, except).Instant(now);
        return await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>A run of a site with its items; null when it has none of that id.</summary>
    public async Task<ChecklistRunRow?> FindAsync(string siteId, Guid runId, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"SELECT {Summary}, items FROM pbx.checklist_run WHERE site_id = $1 AND run_id = $2");
        command.Parameters.Text(siteId).Id(runId);
        return await command.FirstOrNullAsync(ReadWhole, ct);
    }

    /// <summary>The last run of a site that came to its end, with its items; null when there is none.</summary>
    public async Task<ChecklistRunRow?> LatestAsync(string siteId, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"""
            SELECT {Summary}, items FROM pbx.checklist_run WHERE site_id = $1 AND finished_at IS NOT NULL AND NOT broken_off
            ORDER BY started_at DESC, run_id DESC LIMIT 1
            """);
        command.Parameters.Text(siteId);
        return await command.FirstOrNullAsync(ReadWhole, ct);
    }

    /// <summary>The runs of a site that are over, newest first, without their items.</summary>
    public async Task<IReadOnlyList<ChecklistRunRow>> ListAsync(string siteId, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"""
            SELECT {Summary} FROM pbx.checklist_run WHERE site_id = $1 AND finished_at IS NOT NULL ORDER BY started_at DESC, run_id DESC LIMIT {Kept}
            """);
        command.Parameters.Text(siteId);
        return await command.ListAsync(Read, ct);
    }

    /// <summary>When a site's last run with a trigger began; null when there was none.</summary>
    public async Task<DateTimeOffset?> LastStartAsync(string siteId, string trigger, CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT max(started_at) FROM pbx.checklist_run WHERE site_id = $1 AND trigger = $2");
        command.Parameters.Text(siteId).Text(trigger);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? reader.InstantOrNull(0) : null;
    }

    private static ChecklistRunRow ReadWhole(NpgsqlDataReader row) => Read(row) with { Items = row.GetString(12) };

    private static ChecklistRunRow Read(NpgsqlDataReader row) => new()
    {
        RunId = row.GetGuid(0),
        SiteId = row.GetString(1),
        Trigger = row.GetString(2),
        StartedAt = row.Instant(3),
        FinishedAt = row.InstantOrNull(4),
        BrokenOff = row.GetBoolean(5),
        Verdict = row.TextOrNull(6),
        Counts = new ChecklistCounts(row.GetInt32(7), row.GetInt32(8), row.GetInt32(9), row.GetInt32(10), row.GetInt32(11)),
    };
}
