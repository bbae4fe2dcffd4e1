using Npgsql;
using PbxGrains.Grains.Calls;
using PbxGrains.Grains.Sites;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Yeastar.Cdrs;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Cdrs;

/// <summary>What reading one window brought.</summary>
/// <param name="AskedAt">When the PBX was asked.</param>
/// <param name="Rows">Rows the PBX gave.</param>
/// <param name="New">Those of them nobody had told before.</param>
/// <param name="Unread">Rows that could not be read or kept: with any of them the window counts as damaged.</param>
public sealed record WindowRead(DateTimeOffset AskedAt, int Rows, int New, int Unread);

/// <summary>Reads one window of a PBX's own records into the ledger, whole or not at all as far as anybody relies on it.</summary>
public sealed class WindowReader(SiteSession session, CallRecordLedger ledger, DialledCalls calls, OriginateFollowUp dials, TimeProvider time)
{
    private const int RowsAtOnce = 1000;

    /// <summary>While some rows are committed, the next are made ready.</summary>
    private const int AppendsAtOnce = 2;

    /// <summary>Downloads a window and appends what is in it. Everything readable is committed when this returns.</summary>
    /// <param name="configuration">The site.</param>
    /// <param name="span">The window.</param>
    /// <param name="source">Whose reading it is, one of <see cref="RecordedSource"/>.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="LedgerUnavailableException">Some rows may have been kept. Read the window again.</exception>
    /// <exception cref="NpgsqlException">The database does not answer. Read the window again.</exception>
    public async Task<PbxResult<WindowRead>> ReadAsync(SiteConfiguration configuration, WallSpan span, string source, CancellationToken ct)
    {
        var askedAt = time.GetUtcNow();
        var file = await DownloadAsync(span, ct);
        return file.Succeeded ? await KeepAsync(configuration, file.Value, source, askedAt, ct) : file.Failure;
    }

    private async Task<PbxResult<CallRecordFile>> DownloadAsync(WallSpan span, CancellationToken ct)
    {
        if (session.Client is not { } client)
        {
            return new PbxFailure(PbxFailureKind.SessionEnded, "There is no session with the PBX.");
        }

        var opened = await client.OpenCallRecordsAsync(span.From, span.To, ct);
        if (opened.Succeeded)
        {
            await using var file = opened.Value;
            return await CallRecordCsv.ReadAsync(file, ct);
        }

        if (opened.Failure.Kind == PbxFailureKind.SessionEnded)
        {
            session.Drop(client);
        }

        // A PBX without a record in the window says that there are none (fact sheet S-Series §6).
        return opened.Failure.Code == PbxErrorCode.CallRecordsNotFound ? new CallRecordFile([], Damaged: 0) : opened.Failure;
    }

    private async Task<WindowRead> KeepAsync(SiteConfiguration configuration, CallRecordFile file, string source, DateTimeOffset askedAt, CancellationToken ct)
    {
        await dials.RecordsReadAsync([.. file.Rows.Select(line => line.Record)], ct);
        var context = new CallRecordContext(configuration.Site, configuration.Zone, configuration.Country);
        var appends = new Queue<Task<(int Recorded, int Refused)>>();
        var (found, unread) = (0, file.Damaged);
        try
        {
            foreach (var lines in Portions(file.Rows))
            {
                var rows = lines.Select(line => CallRecordNormaliser.Row(line.Record, raw: null, source, askedAt, context)).OfType<CallRecordRow>().ToList();
                unread += lines.Count - rows.Count;
                if (appends.Count == AppendsAtOnce)
                {
                    await CountAsync();
                }

                appends.Enqueue(AppendAsync(calls.Named(rows), ct));
            }

            while (appends.Count > 0)
            {
                await CountAsync();
            }
        }
        finally
        {
            // Whatever one of them came to, none goes on when this has ended.
            await Task.WhenAll(appends).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        return new WindowRead(askedAt, file.Rows.Count, found, unread);

        async Task CountAsync()
        {
            var (recorded, refused) = await appends.Dequeue();
            found += recorded;
            unread += refused;
        }
    }

    /// <summary>Some rows at a time, those of one call together: its events keep their order.</summary>
    private static IEnumerable<List<CallRecordLine>> Portions(IReadOnlyList<CallRecordLine> rows)
    {
        List<CallRecordLine> portion = [];
        foreach (var row in rows)
        {
            if (portion.Count >= RowsAtOnce && row.Record.CallId != portion[^1].Record.CallId)
            {
                yield return portion;
                portion = [];
            }

            portion.Add(row);
        }

        if (portion.Count > 0)
        {
            yield return portion;
        }
    }

    private async Task<(int Recorded, int Refused)> AppendAsync(IReadOnlyList<CallRecordRow> rows, CancellationToken ct)
    {
        try
        {
            return ((await ledger.AppendAsync(rows, ct)).Count(outcome => outcome == LedgerOutcome.Recorded), 0);
        }
        catch (CallRecordRejectedException) when (rows.Count > 1)
        {
            // All others were committed; which ones are refused only each of them can tell.
            var refused = 0;
            foreach (var row in rows)
            {
                refused += (await AppendAsync([row], ct)).Refused;
            }

            return (0, refused);
        }
        catch (CallRecordRejectedException)
        {
            return (0, 1);
        }
    }
}
