using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using PbxGrains.Storage.Events;
using PbxGrains.Storage.Recordings;

namespace PbxGrains.Storage.Cdrs;

/// <summary>What the event log is told of records: that one is new, and that one says something else now.</summary>
internal static class CallRecordEvents
{
    /// <summary>A record became known.</summary>
    public const string Recorded = "pbx.cdr.recorded";

    /// <summary>A known record says something more or better.</summary>
    public const string Revised = "pbx.cdr.revised";

    /// <summary>The events of one commit, each with the record as that step left it and with the source that told it.</summary>
    /// <param name="steps">The steps in their order. Those of an import of history are no news to anybody.</param>
    /// <param name="now">When.</param>
    public static IReadOnlyList<EventRow> Of(IEnumerable<(string Type, CallRecordRow Record)> steps, DateTimeOffset now) =>
        [.. steps.Where(step => step.Record.Source != RecordedSource.Import).Select(step => Of(step.Type, step.Record, now))];

    private static EventRow Of(string type, CallRecordRow record, DateTimeOffset now) => new()
    {
        Id = EventName.Of(now, Convert.ToHexString(record.Identity), record.Revision.ToString(CultureInfo.InvariantCulture)),
        Type = type,
        SiteId = record.SiteId,
        Subject = string.Create(CultureInfo.InvariantCulture, $"cdrs/{record.RecordId}"),
        OccurredAt = now,
        CallId = record.CallId,
        AgentId = record.AgentId,
        Extensions = record.Extensions,
        Data = JsonSerializer.Serialize(new CallRecordToldEvent(ToldCallRecord.Of(CallRecordMerge.Seen(record))), ToldCallRecordJson.Default.CallRecordToldEvent),
    };
}

/// <summary>The particulars of both events.</summary>
internal sealed record CallRecordToldEvent(ToldCallRecord Record);

/// <summary>A record with the names and values that the API answers with, without the PBX's own words.</summary>
internal sealed record ToldCallRecord(
    long RecordId,
    string Site,
    string CallId,
    DateTimeOffset StartedAt,
    string StartWallClock,
    int? TotalSeconds,
    int? RingSeconds,
    int? TalkSeconds,
    string Direction,
    string? RawType,
    string? Caller,
    string? CallerE164,
    string? Callee,
    string? CalleeE164,
    string? CalledGroup,
    string? AnsweredBy,
    string? Did,
    string? SourceTrunk,
    string? DestinationTrunk,
    string Disposition,
    string? RawStatus,
    ToldRecording? Recording,
    IReadOnlyList<string> Extensions,
    string? AgentId,
    string? Reference,
    string Source,
    string FirstSource,
    DateTimeOffset FirstSeenAt,
    DateTimeOffset? PushedAt,
    DateTimeOffset? CaughtUpAt,
    DateTimeOffset? ImportedAt,
    int Revision,
    DateTimeOffset? AnonymisedAt)
{
    public static ToldCallRecord Of(CallRecordRow row) => new(
        row.RecordId,
        row.SiteId,
        row.CallId,
        row.StartedAt,
        row.StartWallClock.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        row.TotalSeconds,
        row.RingSeconds,
        row.TalkSeconds,
        row.Direction,
        row.RawType,
        row.Caller,
        row.CallerE164,
        row.Callee,
        row.CalleeE164,
        row.CalledGroup,
        row.AnsweredBy,
        row.Did,
        row.SourceTrunk,
        row.DestinationTrunk,
        row.Disposition,
        row.RawStatus,
        row.Recording is { } name ? ToldRecording.Of(row.SiteId, name) : null,
        row.Extensions,
        row.AgentId,
        row.Reference,
        row.Source,
        row.FirstSource,
        row.FirstSeenAt,
        row.PushedAt,
        row.CaughtUpAt,
        row.ImportedAt,
        row.Revision,
        row.AnonymisedAt);
}

/// <summary>Where a record's recording is.</summary>
internal sealed record ToldRecording(string Id, string Name, string Url)
{
    public static ToldRecording Of(string siteId, string name)
    {
        var id = RecordingId.Of(siteId, name);
        return new ToldRecording(id, name, $"/api/pbx/recordings/{id}");
    }
}

/// <summary>How it is written: camel case, unknown as null.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CallRecordToldEvent))]
internal sealed partial class ToldCallRecordJson : JsonSerializerContext;
