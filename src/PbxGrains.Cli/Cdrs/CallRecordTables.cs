using System.Text.Json;
using PbxGrains.Cli.Api;
using PbxGrains.Cli.Terminals;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Cdrs;

/// <summary>Call records as rows; times are in the terminal's zone, what is not known is a dash.</summary>
internal static class CallRecordTables
{
    /// <summary>Headings of <see cref="Row" />.</summary>
    public static IReadOnlyList<string> Headings(TimeProvider time) =>
    [
        Sentence.Of(Text.Column_time, LocalTime.Zone(time)), Text.Column_site, Text.Column_direction, Text.Column_caller, Text.Column_callee,
        Text.Column_answered_by, Text.Column_duration, Text.Column_talk, Text.Column_disposition, Text.Column_record,
    ];

    /// <summary>A record in one row.</summary>
    public static IReadOnlyList<string> Row(CallRecordResource record, TimeProvider time) =>
    [
        LocalTime.Of(record.StartedAt, time),
        Or(record.Site),
        Or(Sentence.OfValue("Direction", record.Direction)),
        Or(record.Caller),
        Or(record.Callee),
        Or(record.AnsweredBy),
        LocalTime.Duration(record.TotalSeconds),
        LocalTime.Duration(record.TalkSeconds),
        Or(Sentence.OfValue("Disposition", record.Disposition)),
        Or(record.RecordId),
    ];

    /// <summary>Everything about one record, a row per property, then what it said before.</summary>
    public static void One(Terminal terminal, CallRecordResource record, TimeProvider time)
    {
        terminal.Rows(
            [Text.Column_property, Text.Column_value],
            [
                [Text.Column_record, Or(record.RecordId)],
                [Text.Column_site, Or(record.Site)],
                [Text.Column_call, Or(record.CallId)],
                [Sentence.Of(Text.Column_time, LocalTime.Zone(time)), LocalTime.Of(record.StartedAt, time)],
                [Text.Column_wall_clock, Or(record.StartWallClock)],
                [Text.Column_direction, WithRaw(Sentence.OfValue("Direction", record.Direction), record.RawType)],
                [Text.Column_caller, WithRaw(record.Caller, record.CallerE164)],
                [Text.Column_callee, WithRaw(record.Callee, record.CalleeE164)],
                [Text.Column_group, Or(record.CalledGroup)],
                [Text.Column_answered_by, Or(record.AnsweredBy)],
                [Text.Column_disposition, WithRaw(Sentence.OfValue("Disposition", record.Disposition), record.RawStatus)],
                [Text.Column_duration, LocalTime.Duration(record.TotalSeconds)],
                [Text.Column_ring, LocalTime.Duration(record.RingSeconds)],
                [Text.Column_talk, LocalTime.Duration(record.TalkSeconds)],
                [Text.Column_did, Or(record.Did)],
                [Text.Column_source_trunk, Or(record.SourceTrunk)],
                [Text.Column_destination_trunk, Or(record.DestinationTrunk)],
                [Text.Column_recording, WithRaw(record.Recording?.Id, record.Recording?.Name)],
                [Text.Column_agent, Or(record.AgentId)],
                [Text.Column_reference, Or(record.Reference)],
                [Text.Column_source, Or(Sentence.OfValue("Source", record.Source))],
                [Text.Column_first_seen, LocalTime.Of(record.FirstSeenAt, time)],
                [Text.Column_pushed, LocalTime.Of(record.PushedAt, time)],
                [Text.Column_caught_up, LocalTime.Of(record.CaughtUpAt, time)],
                [Text.Column_imported, LocalTime.Of(record.ImportedAt, time)],
                [Text.Column_anonymised, LocalTime.Of(record.AnonymisedAt, time)],
                [Text.Column_raw, record.Raw is { } raw ? Plain(raw) : LocalTime.Unknown],
            ]);
        if (record.Revisions is { Count: > 0 } revisions)
        {
            terminal.Say(Text.Cdr_revisions);
            terminal.Rows(
                [Text.Column_revision, Sentence.Of(Text.Column_time, LocalTime.Zone(time)), Text.Column_source, Text.Column_before],
                [.. revisions.Select(revision => (IReadOnlyList<string>)
                [
                    revision.Revision?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? LocalTime.Unknown,
                    LocalTime.Of(revision.ChangedAt, time),
                    Or(Sentence.OfValue("Source", revision.Source)),
                    string.Join(", ", (revision.Before ?? new Dictionary<string, JsonElement>()).Select(field => $"{field.Key}: {Plain(field.Value)}")),
                ])]);
        }
    }

    private static string Or(string? text) => string.IsNullOrEmpty(text) ? LocalTime.Unknown : text;

    private static string WithRaw(string? text, string? raw) =>
        string.IsNullOrEmpty(raw) || raw == text ? Or(text) : $"{Or(text)} ({raw})";

    private static string Plain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => LocalTime.Unknown,
        JsonValueKind.String => value.GetString()!,
        _ => value.GetRawText(),
    };
}
