using System.Globalization;
using Npgsql;
using PbxGrains.Contracts.Events;
using PbxGrains.Simulator;

namespace PbxGrains.EndToEnd.Tests.Faults;

/// <summary>Compares the ledger with what the PBXs wrote, every field that a PBX knows.</summary>
/// <param name="database">The ledger's database.</param>
/// <param name="pbxs">The PBXs, in order of their sites.</param>
internal sealed class LedgerAudit(NpgsqlDataSource database, IReadOnlyList<SimulatedPbx> pbxs)
{
    /// <summary>All differences, one a line, and how records became known.</summary>
    public async Task<Finding> CompareAsync(CancellationToken ct)
    {
        var wanted = pbxs.SelectMany((pbx, i) => pbx.Cdrs.Select(row => Wanted(FaultInstallation.SiteOf(i), row, pbx.TimeZone))).ToList();
        var found = await ReadAsync(ct);
        var differences = new List<string>();
        var byWords = found.ToLookup(record => record.Words, StringComparer.Ordinal);
        foreach (var record in wanted.GroupBy(record => record.Words, StringComparer.Ordinal))
        {
            var stored = byWords[record.Key].ToList();
            if (stored.Count < record.Count())
            {
                differences.Add($"missing  {record.Key}");
            }
            else if (stored.Count > record.Count())
            {
                differences.Add($"doubled  {record.Key}");
            }
            else if (stored.Zip(record).FirstOrDefault(pair => !RingIsRight(pair.First, pair.Second.RingSeconds)) is { First: { } odd, Second: var simulated })
            {
                differences.Add($"altered  {record.Key}: rang {odd.RingSeconds} s and not {simulated.RingSeconds} s");
            }
        }

        var known = wanted.Select(record => record.Words).ToHashSet(StringComparer.Ordinal);
        differences.AddRange(found.Where(record => !known.Contains(record.Words)).Select(record => $"extra    {record.Words}"));
        differences.Sort(StringComparer.Ordinal);
        return new Finding(
            wanted.Count,
            found.Count,
            found.Count(record => record is { Pushed: true, CaughtUp: true }),
            found.Count(record => record is { Pushed: true, CaughtUp: false }),
            found.Count(record => record is { Pushed: false, CaughtUp: true }),
            differences);
    }

    /// <summary>Records told by push that are not marked so.</summary>
    public async Task<IReadOnlyList<string>> NotPushedAsync(IEnumerable<RecordKey> acknowledged, CancellationToken ct)
    {
        var pushed = (await ReadAsync(ct)).Where(record => record.Pushed).Select(record => record.Key).ToHashSet();
        return [.. acknowledged.Where(record => !pushed.Contains(record)).Select(record => $"acknowledged and not pushed  {record}")];
    }

    /// <summary>What is in the ledger although no PBX wrote it, or more often than a PBX wrote it; may be asked at any time.</summary>
    public async Task<IReadOnlyList<string>> TooManyAsync(CancellationToken ct)
    {
        // The PBXs are asked afterwards: what the ledger has by now, they have written before.
        var found = (await ReadAsync(ct)).ToLookup(record => record.Key);
        var written = pbxs.SelectMany((pbx, i) => pbx.Cdrs.Select(row => RecordKey.Of(FaultInstallation.SiteOf(i), row))).ToLookup(key => key);
        return [.. found.Where(record => record.Count() > written[record.Key].Count()).Select(record => $"{record.Count()} times, written {written[record.Key].Count()} times  {record.Key}")];
    }

    /// <summary>Records that were not told by exactly one event.</summary>
    public async Task<IReadOnlyList<string>> NotToldOnceAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand($"""
            SELECT r.site_id, r.call_id, count(e.event_id) FROM pbx.call_record AS r
            LEFT JOIN pbx.event AS e ON e.type = '{EventTypes.CallRecordRecorded}' AND e.subject = 'cdrs/' || r.record_id
            GROUP BY r.site_id, r.call_id, r.record_id HAVING count(e.event_id) <> 1
            """);
        await using var row = await command.ExecuteReaderAsync(ct);
        var lines = new List<string>();
        while (await row.ReadAsync(ct))
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{row.GetString(0)} {row.GetString(1)}: told by {row.GetInt64(2)} events"));
        }

        return lines;
    }

    /// <summary>How many of a table's rows there are.</summary>
    public async Task<long> CountAsync(string table, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"SELECT count(*) FROM {table}");
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Whether every site was compared with its PBX after an instant, to the end.</summary>
    public async Task<bool> WasComparedAfterAsync(DateTimeOffset instant, CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT count(DISTINCT site_id) FROM pbx.catch_up_window WHERE outcome = 'whole' AND compared_at > $1");
        _ = command.Parameters.Add(new NpgsqlParameter { Value = instant });
        return (long)(await command.ExecuteScalarAsync(ct))! == pbxs.Count;
    }

    private static bool RingIsRight(Stored record, int simulated) =>
        (simulated > 0 ? simulated : (int?)null) is var rang && (record.RingSeconds == rang || (!record.Pushed && record.RingSeconds is null));

    /// <summary>A record as the ledger should hold it. The ring time is not in every way a PBX tells of a call.</summary>
    private static (string Words, int RingSeconds) Wanted(string site, CdrRow row, string zone)
    {
        var started = TimeZoneInfo.ConvertTimeToUtc(DateTime.SpecifyKind(row.TimeStart, DateTimeKind.Unspecified), TimeZoneInfo.FindSystemTimeZoneById(zone));
        var direction = row.SourceTrunk.Length > 0 ? "inbound" : row.DestinationTrunk.Length > 0 ? "outbound" : row.Type is "Internal" ? "internal" : "unknown";
        var disposition = row.Status switch
        {
            "ANSWERED" => "answered",
            "NO ANSWER" => "noAnswer",
            "BUSY" => "busy",
            "FAILED" => "failed",
            "VOICEMAIL" => "voicemail",
            _ => "unknown",
        };
        return (Words(RecordKey.Of(site, row), started, row.CallDuration, row.TalkDuration, row.SourceTrunk, row.DestinationTrunk, disposition, direction, row.Recording, row.Did), row.AgentRingTime);
    }

    private static string Words(RecordKey key, DateTime started, int? total, int? talk, string sourceTrunk, string destinationTrunk, string disposition, string direction, string recording, string did) =>
        string.Create(CultureInfo.InvariantCulture, $"{key} at {started:yyyy-MM-dd HH:mm:ss} UTC, {total?.ToString(CultureInfo.InvariantCulture) ?? "?"} s, talk {talk?.ToString(CultureInfo.InvariantCulture) ?? "?"} s, by [{sourceTrunk}] to [{destinationTrunk}], {disposition}, {direction}, recording [{recording}], DID [{did}]");

    private async Task<List<Stored>> ReadAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            SELECT site_id, call_id, start_wall_clock, coalesce(caller, ''), coalesce(callee, ''), coalesce(raw_type, ''), coalesce(raw_status, ''),
                started_at, total_seconds, talk_seconds, coalesce(source_trunk, ''), coalesce(destination_trunk, ''), disposition, direction,
                coalesce(recording, ''), coalesce(did, ''), ring_seconds, pushed_at IS NOT NULL, caught_up_at IS NOT NULL
            FROM pbx.call_record
            """);
        await using var row = await command.ExecuteReaderAsync(ct);
        var records = new List<Stored>();
        while (await row.ReadAsync(ct))
        {
            var key = new RecordKey(row.GetString(0), row.GetString(1), row.GetDateTime(2).ToString(RecordKey.WallFormat, CultureInfo.InvariantCulture), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6));
            var words = Words(key, row.GetFieldValue<DateTime>(7), Number(8), Number(9), row.GetString(10), row.GetString(11), row.GetString(12), row.GetString(13), row.GetString(14), row.GetString(15));
            records.Add(new Stored(key, words, Number(16), row.GetBoolean(17), row.GetBoolean(18)));
        }

        return records;

        int? Number(int column) => row.IsDBNull(column) ? null : row.GetInt32(column);
    }

    private sealed record Stored(RecordKey Key, string Words, int? RingSeconds, bool Pushed, bool CaughtUp);
}

/// <summary>What a comparison found.</summary>
/// <param name="Wanted">Records the PBXs wrote.</param>
/// <param name="Found">Records in the ledger.</param>
/// <param name="BothWays">Told by push and by catch-up.</param>
/// <param name="OnlyPushed">Told by push alone.</param>
/// <param name="OnlyCaughtUp">Found by catch-up alone.</param>
/// <param name="Differences">One a line; none when the ledger holds exactly what the PBXs wrote.</param>
internal sealed record Finding(int Wanted, int Found, int BothWays, int OnlyPushed, int OnlyCaughtUp, IReadOnlyList<string> Differences);
