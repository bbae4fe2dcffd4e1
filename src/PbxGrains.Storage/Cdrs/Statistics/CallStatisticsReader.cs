using Npgsql;
using NpgsqlTypes;

namespace PbxGrains.Storage.Cdrs.Statistics;

/// <summary>Counts calls of the ledger.</summary>
/// <param name="database">The migrated database.</param>
public sealed class CallStatisticsReader(NpgsqlDataSource database)
{
    /// <summary>
    /// Every call once, with all its records: those a little outside the span decide whether a call began in it and what
    /// came of it. When it was answered is the time line's reckoning; it counts only when every answered record knows it,
    /// for the unknown one may have been the first.
    /// </summary>
    private const string Calls = """
        SELECT r.site_id, min(r.started_at) AS started_at,
            max(CASE r.direction WHEN 'inbound' THEN 3 WHEN 'outbound' THEN 2 WHEN 'internal' THEN 1 ELSE 0 END) AS direction,
            max(CASE r.disposition WHEN 'answered' THEN 5 WHEN 'voicemail' THEN 4 WHEN 'noAnswer' THEN 3 WHEN 'busy' THEN 2 WHEN 'failed' THEN 1 ELSE 0 END) AS outcome,
            CASE WHEN count(*) FILTER (WHERE r.disposition = 'answered' AND wait.seconds IS NULL) = 0
                THEN extract(epoch FROM min(r.started_at + wait.seconds * interval '1 second') FILTER (WHERE r.disposition = 'answered') - min(r.started_at))::integer
            END AS answered_after,
            sum(r.talk_seconds) FILTER (WHERE r.disposition = 'answered') AS talk_seconds
        FROM pbx.call_record AS r
        CROSS JOIN LATERAL (SELECT CASE WHEN r.talk_seconds <= r.total_seconds THEN r.total_seconds - r.talk_seconds ELSE r.ring_seconds END AS seconds) AS wait
        WHERE r.started_at >= $1 - interval '4 hours' AND r.started_at < $2 + interval '4 hours' AND ($3::text[] IS NULL OR r.site_id = ANY ($3))
        GROUP BY r.site_id, r.call_id
        HAVING min(r.started_at) >= $1 AND min(r.started_at) < $2
        """;

    private const string Figures = """
        count(*) FILTER (WHERE outcome = 5), count(*) FILTER (WHERE outcome = 4), count(*) FILTER (WHERE outcome = 3),
        count(*) FILTER (WHERE outcome = 2), count(*) FILTER (WHERE outcome = 1), count(*) FILTER (WHERE outcome = 0),
        percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY answered_after) FILTER (WHERE direction = 3), coalesce(sum(talk_seconds), 0)::bigint
        """;

    private const string Counting = $"""
        SELECT bucket, site_id, {Figures}
        FROM (SELECT call.*, date_trunc($4, call.started_at, $5) AS bucket FROM ({Calls}) AS call) AS call
        WHERE $6::integer IS NULL OR direction = $6
        GROUP BY GROUPING SETS ((bucket), (site_id), ())
        """;

    /// <summary>Steps of the wall clock for days, of time for hours; cut again, for zones whose summer is half an hour.</summary>
    private const string Starts = """
        SELECT DISTINCT start FROM (
            SELECT date_trunc('hour', step, $4) AS start
            FROM generate_series(date_trunc('hour', $1::timestamptz, $4), $2::timestamptz, interval '30 minutes') AS step WHERE $3 = 'hour'
            UNION ALL
            SELECT step AT TIME ZONE $4
            FROM generate_series(date_trunc('day', $1::timestamptz AT TIME ZONE $4), $2::timestamptz AT TIME ZONE $4, interval '1 day') AS step WHERE $3 = 'day') AS starts
        WHERE start < $2 ORDER BY start
        """;

    /// <summary>Counts the calls that are wished for.</summary>
    /// <param name="wish">Which calls, and how.</param>
    /// <param name="ct">Stops counting.</param>
    public async Task<CallStatistics> CountAsync(CallStatisticsWish wish, CancellationToken ct)
    {
        await using var command = database.CreateCommand(Counting);
        command.Parameters.Instant(wish.From).Instant(wish.To)
            .Bind(NpgsqlDbType.Array | NpgsqlDbType.Text, wish.SiteIds?.Select(CallRecordText.Storable).ToArray())
            .Text(UnitOf(wish.Length)).Text(wish.Zone).Bind(NpgsqlDbType.Integer, RankOf(wish.Direction));
        var rows = await command.ListAsync(row => (Bucket: row.InstantOrNull(0), Site: row.TextOrNull(1), Figures: ReadFigures(row)), ct);

        var buckets = rows.Where(row => row.Bucket is not null).ToDictionary(row => row.Bucket!.Value, row => row.Figures);
        return new CallStatistics(
            rows.First(row => row is { Bucket: null, Site: null }).Figures,
            [.. (await ListStartsAsync(wish, ct)).Select(start => new CallBucket(start, buckets.GetValueOrDefault(start, CallFigures.None)))],
            [.. rows.Where(row => row.Site is not null).Select(row => new SiteCallFigures(row.Site!, row.Figures)).OrderByDescending(site => site.Figures.Calls).ThenBy(site => site.SiteId, StringComparer.Ordinal)]);
    }

    private async Task<IReadOnlyList<DateTimeOffset>> ListStartsAsync(CallStatisticsWish wish, CancellationToken ct)
    {
        await using var command = database.CreateCommand(Starts);
        command.Parameters.Instant(wish.From).Instant(wish.To).Text(UnitOf(wish.Length)).Text(wish.Zone);
        return await command.ListAsync(row => row.Instant(0), ct);
    }

    private static string UnitOf(CallBucketLength length) => length == CallBucketLength.Hour ? "hour" : "day";

    private static int? RankOf(string? direction) => direction switch
    {
        null => null,
        RecordedDirection.Inbound => 3,
        RecordedDirection.Outbound => 2,
        RecordedDirection.Internal => 1,
        _ => 0,
    };

    private static CallFigures ReadFigures(NpgsqlDataReader row)
    {
        var waits = row.IsDBNull(8) ? [] : row.GetFieldValue<int?[]>(8);
        return new CallFigures
        {
            Answered = row.GetInt64(2),
            Voicemail = row.GetInt64(3),
            NoAnswer = row.GetInt64(4),
            Busy = row.GetInt64(5),
            Failed = row.GetInt64(6),
            Unknown = row.GetInt64(7),
            MedianAnswerSeconds = waits is [{ } median, _] ? median : null,
            NinetiethAnswerSeconds = waits is [_, { } ninetieth] ? ninetieth : null,
            TalkSeconds = row.GetInt64(9),
        };
    }
}
