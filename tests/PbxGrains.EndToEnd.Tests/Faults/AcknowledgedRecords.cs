using System.Collections.Concurrent;
using Npgsql;

namespace PbxGrains.EndToEnd.Tests.Faults;

/// <summary>
/// Looks into the ledger at the very moment a record was acknowledged: by then it must be committed, as pushed. When the
/// database is away at that moment, as soon as it is back.
/// </summary>
/// <param name="database">The ledger's database.</param>
internal sealed class AcknowledgedRecords(NpgsqlDataSource database)
{
    private readonly ConcurrentDictionary<RecordKey, bool> _acknowledged = new();
    private readonly ConcurrentQueue<RecordKey> _unchecked = new();
    private readonly ConcurrentBag<RecordKey> _missing = [];

    /// <summary>Records that were acknowledged at least once.</summary>
    public IReadOnlyCollection<RecordKey> All => [.. _acknowledged.Keys];

    /// <summary>Records that were acknowledged and not in the ledger.</summary>
    public IReadOnlyCollection<RecordKey> Missing => _missing;

    /// <summary>A record was acknowledged just now.</summary>
    public async Task CheckAsync(RecordKey record)
    {
        _acknowledged[record] = true;
        if (!await TryCheckAsync(record))
        {
            _unchecked.Enqueue(record);
        }
    }

    /// <summary>Looks for those that could not be looked for, now that the database is back.</summary>
    /// <returns>False when it is away again.</returns>
    public async Task<bool> RecheckAsync()
    {
        while (_unchecked.TryPeek(out var record))
        {
            if (!await TryCheckAsync(record))
            {
                return false;
            }

            _ = _unchecked.TryDequeue(out _);
        }

        return true;
    }

    private async Task<bool> TryCheckAsync(RecordKey record)
    {
        try
        {
            await using var command = database.CreateCommand("""
                SELECT EXISTS (
                    SELECT FROM pbx.call_record
                    WHERE site_id = $1 AND call_id = $2 AND start_wall_clock = $3 AND coalesce(caller, '') = $4 AND coalesce(callee, '') = $5
                        AND raw_type = $6 AND raw_status = $7 AND pushed_at IS NOT NULL)
                """);
            foreach (object value in (object[])[record.Site, record.CallId, record.WallClock, record.From, record.To, record.Type, record.Status])
            {
                _ = command.Parameters.Add(new NpgsqlParameter { Value = value });
            }

            if (!(bool)(await command.ExecuteScalarAsync())!)
            {
                _missing.Add(record);
            }

            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
