using Npgsql;

namespace PbxGrains.Storage.Checklists;

/// <summary>How the call records of a site came in since a time.</summary>
/// <param name="Records">Records of calls that began since then.</param>
/// <param name="Pushed">Those of them the PBX pushed.</param>
/// <param name="CaughtUp">Those of them only catch-up found.</param>
/// <param name="LastPushedAt">When the PBX last pushed one of them; null when never.</param>
/// <param name="MedianDelay">From the end of the call to its record's arrival, the middle one; null when none tells.</param>
/// <param name="LongDelay">The same of the slowest tenth.</param>
public sealed record SiteArrivals(int Records, int Pushed, int CaughtUp, DateTimeOffset? LastPushedAt, TimeSpan? MedianDelay, TimeSpan? LongDelay);

/// <summary>How the recordings of a site's last calls stand.</summary>
/// <param name="Named">Recordings that records name.</param>
/// <param name="Ready">Those that lie in the vault.</param>
/// <param name="Waiting">Those that should have been fetched by now.</param>
/// <param name="Absent">Those the PBX does not hand out.</param>
/// <param name="Reason">Why most of the waiting ones do; null when none does.</param>
public sealed record SiteRecordings(int Named, int Ready, int Waiting, int Absent, string? Reason);

/// <summary>What the ledger says of a site's last day, for its checklist.</summary>
/// <param name="database">The migrated database.</param>
public sealed class SiteEvidence(NpgsqlDataSource database)
{
    /// <summary>How the records of calls that began since a time came in, not counting what an import brought.</summary>
    public async Task<SiteArrivals> ArrivalsAsync(string siteId, DateTimeOffset since, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            WITH known AS (
                -- greatest passes over nulls, so a record that was never pushed would count as prompt.
                SELECT pushed_at, CASE WHEN pushed_at IS NOT NULL AND total_seconds IS NOT NULL
                    THEN greatest(pushed_at - started_at - total_seconds * interval '1 second', interval '0') END AS delay
                FROM pbx.call_record WHERE site_id = $1 AND started_at >= $2 AND (pushed_at IS NOT NULL OR caught_up_at IS NOT NULL))
            SELECT count(*)::int, count(pushed_at)::int, (count(*) - count(pushed_at))::int, max(pushed_at),
                percentile_disc(0.5) WITHIN GROUP (ORDER BY delay), percentile_disc(0.9) WITHIN GROUP (ORDER BY delay)
            FROM known
            """);
        command.Parameters.Text(siteId).Instant(since);
        var rows = await command.ListAsync(
            row => new SiteArrivals(row.GetInt32(0), row.GetInt32(1), row.GetInt32(2), row.InstantOrNull(3), SpanOrNull(row, 4), SpanOrNull(row, 5)), ct);
        return rows[0];
    }

    /// <summary>How the recordings named since a time stand; those named after <paramref name="settledBy" /> may still be on their way.</summary>
    public async Task<SiteRecordings> RecordingsAsync(string siteId, DateTimeOffset since, DateTimeOffset settledBy, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            SELECT count(*)::int, (count(*) FILTER (WHERE state = 'ready'))::int, (count(*) FILTER (WHERE state = 'pending' AND first_named_at <= $3))::int,
                (count(*) FILTER (WHERE state = 'absent'))::int, mode() WITHIN GROUP (ORDER BY reason) FILTER (WHERE state = 'pending' AND first_named_at <= $3)
            FROM pbx.recording WHERE site_id = $1 AND first_named_at >= $2
            """);
        command.Parameters.Text(siteId).Instant(since).Instant(settledBy);
        var rows = await command.ListAsync(row => new SiteRecordings(row.GetInt32(0), row.GetInt32(1), row.GetInt32(2), row.GetInt32(3), row.TextOrNull(4)), ct);
        return rows[0];
    }

    /// <summary>The PBX's name of the newest recording a record names; null when there is none.</summary>
    public async Task<string?> NewestRecordingAsync(string siteId, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "SELECT name FROM pbx.recording WHERE site_id = $1 AND name IS NOT NULL AND state <> 'expired' ORDER BY ages_from DESC, recording_id LIMIT 1");
        command.Parameters.Text(siteId);
        return await command.ExecuteScalarAsync(ct) as string;
    }

    /// <summary>Other sites whose PBX has this serial number.</summary>
    public async Task<IReadOnlyList<string>> SitesWithSerialNumberAsync(string serialNumber, string except, CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT site_id FROM pbx.site WHERE lower(serial_number) = lower($1) AND site_id <> $2 ORDER BY site_id");
        command.Parameters.Text(serialNumber).Text(except);
        return await command.ListAsync(row => row.GetString(0), ct);
    }

    /// <summary>When a site was registered; null when it is not.</summary>
    public async Task<DateTimeOffset?> RegisteredAtAsync(string siteId, CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT min(created_at) FROM pbx.site WHERE site_id = $1");
        command.Parameters.Text(siteId);
        var rows = await command.ListAsync(row => row.InstantOrNull(0), ct);
        return rows[0];
    }

    private static TimeSpan? SpanOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<TimeSpan>(column);
}
