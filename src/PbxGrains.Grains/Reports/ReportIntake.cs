using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Reports;
using PbxGrains.Grains.Cdrs;
using PbxGrains.Grains.Events;
using PbxGrains.Grains.Sites;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Webhooks;
using PbxGrains.Yeastar.Reports;

namespace PbxGrains.Grains.Reports;

/// <summary>What an incoming report came to.</summary>
/// <param name="Receipt">What the PBX is told.</param>
/// <param name="Report">The report when it is this site's; null otherwise.</param>
public readonly record struct Intake(ReportReceipt Receipt, Report? Report);

/// <summary>
/// Reads a report, refuses another PBX's, and keeps for good what must not be lost before the PBX is told that it
/// arrived: call records, and bodies that could not be read.
/// </summary>
public sealed partial class ReportIntake(
    SiteId site,
    DialledCalls calls,
    CallRecordInbox inbox,
    KeptRecords kept,
    SiteEvents events,
    UnreadableReports unreadable,
    SiteHealthBook health,
    TimeProvider time,
    ILogger logger)
{
    /// <summary>Code of the warning about reports with another PBX's serial number.</summary>
    public const string WrongSerialNumber = "serial-number-contradicts";

    /// <summary>Code of the warning about reports that cannot be read.</summary>
    public const string Unreadable = "unreadable-report";

    /// <summary>Code of the warning about reports that were refused for their size.</summary>
    public const string TooLarge = "report-too-large";

    private long _tooLarge;

    /// <summary>What arrived since the actor started.</summary>
    public ReportTally Tally { get; } = new();

    /// <summary>Notes that a report was refused for its size: whatever it told is known by polling and catch-up at best.</summary>
    public void NoteTooLarge(string? sourceAddress, DateTimeOffset now)
    {
        var reports = ++_tooLarge == 1 ? "1 report was" : string.Create(CultureInfo.InvariantCulture, $"{_tooLarge} reports were");
        health.Warn(TooLarge, $"{reports} refused, being larger than {IncomingReport.LargestBody / 1024} KiB; the last came from {sourceAddress ?? "an unknown address"}. Is that the PBX?", now);
    }

    /// <summary>Takes one report.</summary>
    /// <param name="incoming">The report as it came.</param>
    /// <param name="configuration">The site's configuration.</param>
    /// <param name="serialNumber">Serial number of the site's PBX; null when not known yet.</param>
    /// <param name="follow">Told of a report of this site before it is kept: what it brings to tell goes along in the same commit.</param>
    /// <param name="ct">Cancels storing.</param>
    public async Task<Intake> TakeAsync(IncomingReport incoming, SiteConfiguration configuration, string? serialNumber, Action<Report> follow, CancellationToken ct)
    {
        var body = incoming.Body.AsMemory();
        var report = ReportParser.Parse(body);
        if (report.SerialNumber is { } theirs && serialNumber is not null && !string.Equals(theirs, serialNumber, StringComparison.OrdinalIgnoreCase))
        {
            Tally.NoteForeign(incoming, theirs);
            health.Warn(WrongSerialNumber, $"A report of the PBX with serial number {theirs} arrived from {incoming.SourceAddress ?? "an unknown address"}, but this site's PBX is {serialNumber}. Correct the report address in that PBX.", incoming.ReceivedAt);
            return new Intake(ReportReceipt.WrongPbx, Report: null);
        }

        Tally.Note(incoming, report);
        follow(report);
        try
        {
            switch (report)
            {
                case UnreadableReport damaged:
                    await unreadable.AddAsync(site.Value, incoming.ReceivedAt, incoming.SourceAddress, damaged.Reason, body, ct);
                    health.Warn(Unreadable, $"A report could not be read: {damaged.Reason}", incoming.ReceivedAt);
                    return new Intake(ReportReceipt.Unreadable, damaged);
                case CallRecordReport record:
                    await RecordAsync(record.Record, incoming, configuration, ct);
                    break;
                default:
                    break;
            }
        }
        catch (NpgsqlException e)
        {
            Log.NotStored(logger, site, e.Message, e.IsTransient ? null : e);
            return new Intake(ReportReceipt.NotStored, Report: null);
        }
        catch (LedgerUnavailableException e)
        {
            Log.NotStored(logger, site, e.Message, exception: null);
            return new Intake(ReportReceipt.NotStored, Report: null);
        }

        return new Intake(ReportReceipt.Taken, report);
    }

    /// <summary>Puts a record into the ledger. One that no ledger can hold is kept as it came: no record is ever dropped.</summary>
    private async Task RecordAsync(PbxCallRecord record, IncomingReport incoming, SiteConfiguration configuration, CancellationToken ct)
    {
        var raw = ReportRedaction.WithoutPinCode(incoming.Body.AsMemory());
        var context = new CallRecordContext(site, configuration.Zone, configuration.Country);
        var row = CallRecordNormaliser.Row(record, raw, RecordedSource.Push, incoming.ReceivedAt, context);
        if (row is not null)
        {
            try
            {
                await AppendAsync(row, ct);
                LedgerMeter.ReportCommitted(time.GetUtcNow() - incoming.ReceivedAt);
                return;
            }
            catch (CallRecordRejectedException e)
            {
                Log.Rejected(logger, site, e.Message);
            }
        }

        await inbox.AppendAsync(site.Value, incoming.ReceivedAt, raw, ct);
        kept.Added();
    }

    private async Task AppendAsync(CallRecordRow row, CancellationToken ct)
    {
        try
        {
            _ = await events.CarryAsync(told => calls.AppendAsync(row, told, ct));
        }
        catch (CallRecordRejectedException)
        {
            // It may have been for the sake of what went along.
            _ = await calls.AppendAsync(row, ct);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(21, LogLevel.Warning, "Site {Site}: a call record is kept as it came: {Why}")]
        public static partial void Rejected(ILogger logger, SiteId site, string why);

        [LoggerMessage(20, LogLevel.Error, "Site {Site}: a report could not be stored, the PBX will send it again: {Why}")]
        public static partial void NotStored(ILogger logger, SiteId site, string why, Exception? exception);
    }
}
