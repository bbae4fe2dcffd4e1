using System.Text;
using Microsoft.Extensions.Logging;
using Npgsql;
using PbxGrains.Contracts;
using PbxGrains.Grains.Sites;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Yeastar.Reports;

namespace PbxGrains.Grains.Cdrs;

/// <summary>
/// Pushed records that the ledger could not hold are kept as they came. They are tried again after every start, which may
/// be that of a newer version, and every few hours, when what stood in the way may be gone. How many are left is shown.
/// </summary>
public sealed partial class KeptRecords(SiteId site, CallRecordInbox inbox, DialledCalls calls, SiteHealthBook health, TimeProvider time, ILogger logger)
{
    /// <summary>Code of the warning about records that are kept as they came.</summary>
    public const string Warning = "call-records-kept";

    /// <summary>Most records kept for a site; beyond it the oldest go.</summary>
    public const int KeptAtMost = 10_000;

    /// <summary>Time between two tries.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromHours(6);

    private const int AtOnce = 100;

    private DateTimeOffset _dueAt = DateTimeOffset.MinValue;
    private long _tried;
    private bool _counted;

    /// <summary>One more is kept.</summary>
    public void Added() => _counted = false;

    /// <summary>Tries some of them when it is time; the others with the next round. Then says how many are left.</summary>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public async Task RetryIfDueAsync(SiteConfiguration configuration, CancellationToken ct)
    {
        if (time.GetUtcNow() >= _dueAt)
        {
            await RetryAsync(configuration, ct);
        }
        else if (!_counted)
        {
            await TellAsync(ct);
        }
    }

    private async Task RetryAsync(SiteConfiguration configuration, CancellationToken ct)
    {
        var reports = await inbox.ListAsync(site.Value, _tried, AtOnce, ct);
        List<long> done = [];
        try
        {
            foreach (var report in reports)
            {
                if (await TryAsync(report, configuration, ct))
                {
                    done.Add(report.Id);
                }
            }
        }
        catch (LedgerUnavailableException e)
        {
            Log.NotStored(logger, site, e.Message);
            return;
        }
        finally
        {
            // Also those before a ledger that went away: they are committed.
            if (done.Count > 0)
            {
                _ = await inbox.DeleteAsync(done, ct);
                Log.Recovered(logger, site, done.Count);
            }
        }

        _tried = reports is [.., var last] ? last.Id : _tried;
        if (reports.Count < AtOnce)
        {
            (_tried, _dueAt) = (0, time.GetUtcNow() + Every);
            _ = await inbox.TrimAsync(site.Value, KeptAtMost, ct);
            await TellAsync(ct);
        }
    }

    private async Task<bool> TryAsync(InboxReport report, SiteConfiguration configuration, CancellationToken ct)
    {
        var context = new CallRecordContext(site, configuration.Zone, configuration.Country);
        if (ReportParser.Parse(Encoding.UTF8.GetBytes(report.Body)) is not CallRecordReport { Record: var record }
            || CallRecordNormaliser.Row(record, report.Body, RecordedSource.Push, report.ReceivedAt, context) is not { } row)
        {
            return false;
        }

        try
        {
            _ = await calls.AppendAsync(row, ct);
            return true;
        }
        catch (CallRecordRejectedException)
        {
            return false;
        }
    }

    private async Task TellAsync(CancellationToken ct)
    {
        var left = await inbox.CountAsync(site.Value, ct);
        _counted = true;
        if (left > 0)
        {
            health.Warn(Warning, $"Call records the PBX pushed that cannot be read into the history: {left}. They are kept as they came and tried again by every newer version.", time.GetUtcNow());
        }
        else
        {
            health.Settle(Warning);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(55, LogLevel.Information, "Site {Site}: {Count} call records that were kept as they came are in the history now")]
        public static partial void Recovered(ILogger logger, SiteId site, int count);

        [LoggerMessage(56, LogLevel.Warning, "Site {Site}: records that were kept as they came could not be tried: {Why}")]
        public static partial void NotStored(ILogger logger, SiteId site, string why);
    }
}
