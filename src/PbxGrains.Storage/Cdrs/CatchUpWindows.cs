using Npgsql;
using NpgsqlTypes;

namespace PbxGrains.Storage.Cdrs;

/// <summary>Remembers which spans of each PBX's records were compared with the ledger, which is how completeness is proven.</summary>
/// <param name="database">The migrated database.</param>
/// <param name="time">Dates the movements of watermarks.</param>
public sealed class CatchUpWindows(NpgsqlDataSource database, TimeProvider time)
{
    private const string Columns = "site_id, window_start, window_end, outcome, compared_at, rows_read, rows_new, detail";

    /// <summary>
    /// Notes a comparison. Of the same window the last of each outcome is kept; earlier ones read whole that lie within one
    /// read whole now say nothing any more and go.
    /// </summary>
    /// <exception cref="PostgresException">The window is empty.</exception>
    public async Task RecordAsync(CatchUpWindow window, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"""
            WITH outdone AS (
                DELETE FROM pbx.catch_up_window
                WHERE site_id = $1 AND window_start >= $2 AND window_end <= $3 AND (window_start, window_end) <> ($2, $3)
                  AND outcome = 'whole' AND $4 = 'whole' AND compared_at <= $5)
            INSERT INTO pbx.catch_up_window AS known ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (site_id, window_start, window_end, outcome) DO UPDATE
            SET compared_at = excluded.compared_at, rows_read = excluded.rows_read, rows_new = excluded.rows_new, detail = excluded.detail
            WHERE known.compared_at <= excluded.compared_at
            """);
        command.Parameters.Text(window.SiteId).WallClock(window.Start).WallClock(window.End).Text(WordOf(window.Outcome)).Instant(window.ComparedAt)
            .Bind(NpgsqlDbType.Integer, window.RowsRead).Bind(NpgsqlDbType.Integer, window.RowsNew).Text(CallRecordText.StorableOrNull(window.Detail));
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The windows of a site that overlap a span of its PBX's wall clock, by start.</summary>
    public async Task<IReadOnlyList<CatchUpWindow>> ListAsync(string siteId, DateTime from, DateTime to, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"""
            SELECT {Columns} FROM pbx.catch_up_window WHERE site_id = $1 AND window_end > $2 AND window_start < $3
            ORDER BY window_start, window_end, outcome
            """);
        command.Parameters.Text(siteId).WallClock(from).WallClock(to);
        return await command.ListAsync(Read, ct);
    }

    /// <summary>Wall clock of the PBX up to which every window was read whole; null when there is none yet.</summary>
    public async Task<DateTime?> GetWatermarkAsync(string siteId, CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT watermark FROM pbx.catch_up_watermark WHERE site_id = $1");
        command.Parameters.Text(siteId);
        return await command.ExecuteScalarAsync(ct) as DateTime?;
    }

    /// <summary>How far catch-up of a site has come.</summary>
    public async Task<CatchUpProgress> GetProgressAsync(string siteId, CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT watermark, last_night FROM pbx.catch_up_watermark WHERE site_id = $1");
        command.Parameters.Text(siteId);
        var rows = await command.ListAsync(row => new CatchUpProgress(row.IsDBNull(0) ? null : row.GetDateTime(0), row.IsDBNull(1) ? null : row.GetFieldValue<DateOnly>(1)), ct);
        return rows is [var progress] ? progress : default;
    }

    /// <summary>Notes that the nightly comparison of a day came to its end.</summary>
    /// <param name="siteId">The site.</param>
    /// <param name="night">The day, in the site's zone.</param>
    /// <param name="ct">Stops waiting.</param>
    public async Task SetLastNightAsync(string siteId, DateOnly night, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            INSERT INTO pbx.catch_up_watermark (site_id, last_night, updated_at) VALUES ($1, $2, $3)
            ON CONFLICT (site_id) DO UPDATE SET last_night = excluded.last_night, updated_at = excluded.updated_at
            """);
        command.Parameters.Text(siteId).Bind(NpgsqlDbType.Date, night).Instant(time.GetUtcNow());
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>
    /// Moves the watermark forward, no further than windows read as far as they can be reach from where it stands.
    /// The first one may be set at the end of, or inside, any of them.
    /// </summary>
    /// <param name="siteId">The site.</param>
    /// <param name="watermark">Where it shall stand, wall clock of the PBX.</param>
    /// <param name="ct">Stops waiting for the database.</param>
    /// <returns>Where it stands now; null when there is still none.</returns>
    public async Task<DateTime?> SetWatermarkAsync(string siteId, DateTime watermark, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var take = new NpgsqlCommand("""
            INSERT INTO pbx.catch_up_watermark AS known (site_id, updated_at) VALUES ($1, $2)
            ON CONFLICT (site_id) DO UPDATE SET updated_at = known.updated_at
            RETURNING watermark
            """, connection);
        take.Parameters.Text(siteId).Instant(time.GetUtcNow());
        var before = await take.ExecuteScalarAsync(ct) as DateTime?;

        await using var list = new NpgsqlCommand($"""
            SELECT {Columns} FROM pbx.catch_up_window
            WHERE site_id = $1 AND outcome IN ('whole', 'damaged') AND window_start < $2 AND window_end >= coalesce($3, $2)
            ORDER BY window_start
            """, connection);
        list.Parameters.Text(siteId).WallClock(watermark).Bind(NpgsqlDbType.Timestamp, before);
        var now = CatchUpCoverage.Reach(before, CallRecordText.Microseconds(watermark), await list.ListAsync(Read, ct));

        await using var set = new NpgsqlCommand("UPDATE pbx.catch_up_watermark SET watermark = $2, updated_at = $3 WHERE site_id = $1 AND watermark IS DISTINCT FROM $2", connection);
        set.Parameters.Text(siteId).Bind(NpgsqlDbType.Timestamp, now).Instant(time.GetUtcNow());
        await set.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        return now;
    }

    /// <summary>
    /// Hour by hour, what is known of a site's records and when it was last compared with the PBX. The PBX's wall clock is
    /// taken to be the site's zone as configured now; UTC when the site has gone or its zone is unknown here.
    /// </summary>
    /// <param name="siteId">The site.</param>
    /// <param name="from">First hour; cut to the full hour.</param>
    /// <param name="to">End, not included.</param>
    /// <param name="ct">Stops reading.</param>
    /// <returns>One for every hour, also those without records.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The span is longer than 366 days.</exception>
    public async Task<IReadOnlyList<HourCompleteness>> CompletenessAsync(string siteId, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((to - from).TotalDays, 366, nameof(to));
        var first = new DateTimeOffset(from.UtcTicks - (from.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
        var counts = await CountAsync(siteId, first, to, ct);
        var zone = await ZoneAsync(siteId, ct);
        var (earliest, latest) = (first.UtcDateTime.AddDays(-1), to.UtcDateTime.AddDays(1));
        var windows = CatchUpCoverage.ByHour(earliest, latest, await ListAsync(siteId, earliest, latest, ct));

        var hours = new List<HourCompleteness>();
        for (var hour = first; hour < to; hour = hour.AddHours(1))
        {
            var start = DateTime.SpecifyKind(TimeZoneInfo.ConvertTime(hour, zone).DateTime, DateTimeKind.Unspecified);

            // Where clocks jump, an hour shows more of the wall clock than an hour; where they are set back, at least the repeated part.
            var shown = DateTime.SpecifyKind(TimeZoneInfo.ConvertTime(hour.AddHours(1), zone).DateTime, DateTimeKind.Unspecified);
            var end = shown > start.AddHours(1) ? shown : start.AddHours(1);
            var overlapping = CatchUpCoverage.Hours(start, end).SelectMany(full => windows[full]).Distinct()
                .Where(window => window.Start < end && window.End > start).ToList();
            var failed = overlapping.Where(window => window.Outcome != CatchUpOutcome.Whole).MaxBy(window => window.ComparedAt);
            var (pushed, onlyCaughtUp) = counts.GetValueOrDefault(hour);
            hours.Add(new HourCompleteness
            {
                Hour = hour,
                Pushed = pushed,
                OnlyCaughtUp = onlyCaughtUp,
                LastComparedAt = CatchUpCoverage.LastCompared(start, end, overlapping),
                LastFailedAt = failed?.ComparedAt,
                FailureDetail = failed?.Detail,
            });
        }

        return hours;
    }

    private async Task<Dictionary<DateTimeOffset, (int Pushed, int OnlyCaughtUp)>> CountAsync(string siteId, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            SELECT date_trunc('hour', started_at, 'UTC'), (count(pushed_at))::int, (count(*) - count(pushed_at))::int
            FROM pbx.call_record WHERE site_id = $1 AND started_at >= $2 AND started_at < $3 GROUP BY 1
            """);
        command.Parameters.Text(siteId).Instant(from).Instant(to);
        var hours = await command.ListAsync(row => (Hour: row.Instant(0), Pushed: row.GetInt32(1), OnlyCaughtUp: row.GetInt32(2)), ct);
        return hours.ToDictionary(hour => hour.Hour, hour => (hour.Pushed, hour.OnlyCaughtUp));
    }

    private async Task<TimeZoneInfo> ZoneAsync(string siteId, CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT time_zone FROM pbx.site WHERE site_id = $1");
        command.Parameters.Text(siteId);
        return await command.ExecuteScalarAsync(ct) is string name && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;
    }

    private static CatchUpWindow Read(NpgsqlDataReader row) => new()
    {
        SiteId = row.GetString(0),
        Start = row.GetDateTime(1),
        End = row.GetDateTime(2),
        Outcome = OutcomeOf(row.GetString(3)),
        ComparedAt = row.Instant(4),
        RowsRead = row.GetInt32(5),
        RowsNew = row.GetInt32(6),
        Detail = row.TextOrNull(7),
    };

    private static string WordOf(CatchUpOutcome outcome) => outcome switch
    {
        CatchUpOutcome.Whole => "whole",
        CatchUpOutcome.Damaged => "damaged",
        _ => "failed",
    };

    private static CatchUpOutcome OutcomeOf(string word) => word switch
    {
        "whole" => CatchUpOutcome.Whole,
        "damaged" => CatchUpOutcome.Damaged,
        _ => CatchUpOutcome.Failed,
    };
}
