using System.Globalization;
using PbxGrains.Storage.Cdrs;

namespace PbxGrains.Front.Cdrs;

/// <summary>Call records as a flat table of texts that a spreadsheet can open: the columns of the JSON, the recording taken apart.</summary>
internal static class CallRecordTable
{
    private static readonly (string Name, Func<CallRecordResource, string?> Cell)[] All =
    [
        ("recordId", r => r.RecordId.ToString(CultureInfo.InvariantCulture)),
        ("site", r => r.Site),
        ("callId", r => r.CallId),
        ("startedAt", r => Instant(r.StartedAt)),
        ("startWallClock", r => r.StartWallClock),
        ("totalSeconds", r => Number(r.TotalSeconds)),
        ("ringSeconds", r => Number(r.RingSeconds)),
        ("talkSeconds", r => Number(r.TalkSeconds)),
        ("direction", r => r.Direction),
        ("rawType", r => r.RawType),
        ("caller", r => r.Caller),
        ("callerE164", r => r.CallerE164),
        ("callee", r => r.Callee),
        ("calleeE164", r => r.CalleeE164),
        ("calledGroup", r => r.CalledGroup),
        ("answeredBy", r => r.AnsweredBy),
        ("did", r => r.Did),
        ("sourceTrunk", r => r.SourceTrunk),
        ("destinationTrunk", r => r.DestinationTrunk),
        ("disposition", r => r.Disposition),
        ("rawStatus", r => r.RawStatus),
        ("recordingId", r => r.Recording?.Id),
        ("recordingName", r => r.Recording?.Name),
        ("recordingUrl", r => r.Recording?.Url),
        ("extensions", r => string.Join(' ', r.Extensions)),
        ("agentId", r => r.AgentId),
        ("reference", r => r.Reference),
        ("source", r => r.Source),
        ("firstSource", r => r.FirstSource),
        ("firstSeenAt", r => Instant(r.FirstSeenAt)),
        ("pushedAt", r => Instant(r.PushedAt)),
        ("caughtUpAt", r => Instant(r.CaughtUpAt)),
        ("importedAt", r => Instant(r.ImportedAt)),
        ("revision", r => Number(r.Revision)),
        ("anonymisedAt", r => Instant(r.AnonymisedAt)),
    ];

    // They follow from others, or tell of the record and not of the call.
    private static readonly HashSet<string> Bookkeeping = new(StringComparer.Ordinal)
    {
        "recordId", "recordingId", "recordingUrl", "source", "firstSource", "firstSeenAt", "pushedAt", "caughtUpAt", "importedAt", "revision", "anonymisedAt",
    };

    /// <summary>The header row.</summary>
    public static IReadOnlyList<string> Columns { get; } = [.. All.Select(column => column.Name)];

    /// <summary>One row, cell by cell; null for what is unknown.</summary>
    public static string?[] RowOf(CallRecordRow row)
    {
        var record = CallRecordResource.Of(row);
        return Array.ConvertAll(All, column => column.Cell(record) is { } cell ? FormulaGuard.Neutral(cell) : null);
    }

    /// <summary>Names of the columns in which two versions of a record say different things about the call.</summary>
    public static IReadOnlyList<string> Differences(CallRecordRow before, CallRecordRow after)
    {
        var (a, b) = (CallRecordResource.Of(before), CallRecordResource.Of(after));
        return [.. All.Where(column => !Bookkeeping.Contains(column.Name) && column.Cell(a) != column.Cell(b)).Select(column => column.Name)];
    }

    private static string? Number(int? value) => value?.ToString(CultureInfo.InvariantCulture);

    private static string? Instant(DateTimeOffset? value) => value?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture);
}
