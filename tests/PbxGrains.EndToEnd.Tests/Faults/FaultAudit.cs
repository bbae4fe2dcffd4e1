using System.Globalization;
using Npgsql;
using PbxGrains.Testing;

namespace PbxGrains.EndToEnd.Tests.Faults;

/// <summary>Looks at the invariants: in between at what may be wrong at any time, at the end at everything.</summary>
/// <param name="installation">The product and its PBXs.</param>
/// <param name="readers">Readers of the event stream.</param>
/// <param name="dialler">Who dialled.</param>
/// <param name="violations">Told of what does not hold.</param>
/// <param name="patience">How long it may take until everything is as it should.</param>
internal sealed class FaultAudit(FaultInstallation installation, IReadOnlyList<CrmReader> readers, CrmDialler dialler, Violations violations, TimeSpan patience)
{
    /// <summary>Requests of one round: heartbeat, extensions, calls, and one it asks after.</summary>
    private const int LastWords = 4;

    private readonly LedgerAudit _ledger = new(installation.Database, installation.Pbxs);
    private readonly List<string> _remarks = [];

    /// <summary>What else is worth knowing.</summary>
    public IReadOnlyList<string> Remarks => _remarks;

    /// <summary>Looks at what must hold at any time.</summary>
    public async Task LookAsync(CancellationToken ct)
    {
        LookAtSessions();
        dialler.CheckTwice();
        try
        {
            violations.Add(Invariant.EachRecordOnce, await _ledger.TooManyAsync(ct));
            violations.Checked(Invariant.EachRecordOnce);
        }
        catch (NpgsqlException)
        {
            // The database is away just now.
        }
    }

    /// <summary>Waits until everything is as it should, and compares it.</summary>
    public async Task CompareAsync(CancellationToken ct)
    {
        var healed = installation.Relay.Now;
        await CompareLedgerAsync(ct);
        _remarks.Add(string.Create(CultureInfo.InvariantCulture, $"The ledger was exact {(installation.Relay.Now - healed).TotalSeconds:0.0} s after everything worked again, a further comparison included."));
        await CompareEventsAsync(ct);
        LookAtSessions();
        var reports = installation.Relay.Counts;
        violations.Checked(Invariant.TroubleIsForeseen, reports.Values.Sum());
        Expect(Invariant.TroubleIsForeseen, !reports.TryGetValue("500", out var failed), $"{failed} reports were answered 500");
        dialler.CheckOutcomes();
        _remarks.Add(string.Create(CultureInfo.InvariantCulture, $"Logins {installation.Pbxs.Sum(pbx => pbx.Counters.LoginsTried)}; {installation.Pbxs.Sum(pbx => pbx.Counters.OldSessionsUsed)} requests came with a session before the last: last words of silos whose sites others had taken over."));
    }

    private void LookAtSessions()
    {
        for (var i = 0; i < installation.Pbxs.Count; i++)
        {
            var counters = installation.Pbxs[i].Counters;
            violations.Checked(Invariant.OneSessionPerPbx, counters.LoginsTried);
            violations.Checked(Invariant.NoLockOut, counters.LoginsTried);

            // The round that runs on a silo whose site another one takes over at this moment, because the first one stops or
            // cannot be reached, is not yet a second client: that would go on.
            Expect(Invariant.OneSessionPerPbx, counters.OldSessionsUsed <= LastWords + counters.LoginsTried, $"{FaultInstallation.SiteOf(i)}: {counters.OldSessionsUsed} requests with a session before the last, {counters.LoginsTried} logins");
            Expect(Invariant.NoLockOut, counters.LoginsFailed == 0, $"{FaultInstallation.SiteOf(i)}: {counters.LoginsFailed} wrong logins");
            Expect(Invariant.NoLockOut, counters.LockOuts == 0, $"{FaultInstallation.SiteOf(i)}: locked out");
        }

        var wrong = installation.Misregistered.Counters;
        Expect(Invariant.NoLockOut, wrong.LoginsTried <= 2, $"a wrong password was tried {wrong.LoginsTried} times");
    }

    private void Expect(Invariant invariant, bool holds, string words)
    {
        if (!holds)
        {
            violations.Add(invariant, words);
        }
    }

    private async Task CompareLedgerAsync(CancellationToken ct)
    {
        var records = installation.Relay.Records!;
        var finding = await _ledger.CompareAsync(ct);
        try
        {
            _ = await Eventually.Holds(async () => (finding = await _ledger.CompareAsync(ct)).Differences.Count == 0, "the ledger holds what the PBXs wrote", patience);

            // Nor does it change when it is compared once more.
            var now = TimeProvider.System.GetUtcNow();
            _ = await Eventually.Holds(() => _ledger.WasComparedAfterAsync(now, ct), "each site is compared once more", patience);
            _ = await Eventually.Holds(records.RecheckAsync, "all that was acknowledged is looked for", patience);
            finding = await _ledger.CompareAsync(ct);
        }
        catch (TimeoutException e)
        {
            await AddVainAsync(Invariant.Recovers, e, ct);
        }

        violations.Checked(Invariant.EachRecordOnce, finding.Wanted);
        violations.Checked(Invariant.AcknowledgedIsKept, records.All.Count);
        violations.Add(Invariant.EachRecordOnce, finding.Differences);
        violations.Add(Invariant.AcknowledgedIsKept, records.Missing.Select(record => $"acknowledged before it was committed  {record}"));
        violations.Add(Invariant.AcknowledgedIsKept, await _ledger.NotPushedAsync(records.All, ct));
        violations.Add(Invariant.EachEventOnceInOrder, await _ledger.NotToldOnceAsync(ct));
        Expect(Invariant.EachRecordOnce, await _ledger.CountAsync("pbx.call_record_inbox", ct) == 0, "records were kept as they came");
        _remarks.Add(string.Create(CultureInfo.InvariantCulture, $"Records {finding.Wanted}, in the ledger {finding.Found}: {finding.BothWays} told by push and catch-up, {finding.OnlyPushed} by push alone, {finding.OnlyCaughtUp} by catch-up alone; {records.All.Count} acknowledged."));
    }

    private async Task CompareEventsAsync(CancellationToken ct)
    {
        var log = await ReadLogAsync(ct);
        foreach (var reader in readers)
        {
            await WaitAsync(Invariant.EachEventOnceInOrder, () => reader.Ids.Count >= log.Count, $"{reader.Name} has as many events as the log", ct);
            var read = reader.Ids.Take(log.Count).ToList();
            var place = Enumerable.Range(0, Math.Min(read.Count, log.Count)).FirstOrDefault(i => read[i] != log[i], -1);
            Expect(Invariant.EachEventOnceInOrder, place < 0 && read.Count == log.Count, $"{reader.Name} has {read.Count} of {log.Count} events and departs from the log at place {place}");
        }

        violations.Checked(Invariant.EachEventDelivered, log.Count);
        var wanted = log.ToHashSet(StringComparer.Ordinal);
        await WaitAsync(Invariant.EachEventDelivered, () => wanted.IsSubsetOf(installation.Sink.Got), "the webhook target has every event", ct);
        var got = installation.Sink.Got.ToList();
        _remarks.Add(string.Create(CultureInfo.InvariantCulture, $"Events {log.Count}; webhooks {got.Count}, {got.Count - got.Distinct(StringComparer.Ordinal).Count()} of them repeated."));
    }

    private async Task WaitAsync(Invariant invariant, Func<bool> condition, string what, CancellationToken ct)
    {
        try
        {
            _ = await Eventually.Holds(condition, what, patience);
        }
        catch (TimeoutException e)
        {
            await AddVainAsync(invariant, e, ct);
        }
    }

    /// <summary>With what the database is busy, which is nearly always why.</summary>
    private async Task AddVainAsync(Invariant invariant, TimeoutException vain, CancellationToken ct)
    {
        violations.Add(invariant, vain.Message);
        violations.Add(invariant, await DatabaseSessions.InTransactionAsync(installation.Database, ct));
    }

    private async Task<IReadOnlyList<string>> ReadLogAsync(CancellationToken ct)
    {
        await using var command = installation.Database.CreateCommand("SELECT event_id FROM pbx.event ORDER BY era, tx, position");
        await using var row = await command.ExecuteReaderAsync(ct);
        var ids = new List<string>();
        while (await row.ReadAsync(ct))
        {
            ids.Add(row.GetGuid(0).ToString());
        }

        return ids;
    }
}
