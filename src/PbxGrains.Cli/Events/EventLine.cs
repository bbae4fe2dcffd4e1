using System.Globalization;
using PbxGrains.Cli.Api;
using PbxGrains.Cli.Terminals;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Events;

/// <summary>An event in one line: <c>14:03:07 demo-1 call ringing 0612345678 → 1003 (jana)</c>. Pure.</summary>
internal static class EventLine
{
    private const string Prefix = "pbx.";

    /// <summary>The parts of the line with their colours; what is not known is left out.</summary>
    /// <param name="told">The event.</param>
    /// <param name="at">When it happened, as it is to be written.</param>
    public static IReadOnlyList<(string Text, string? Colour)> Of(EventResource told, string at)
    {
        var particulars = told.Particulars();
        return
        [
            (at, "grey"),
            (told.Site ?? string.Empty, "bold"),
            (What(told, particulars), ColourOf(told.Type, particulars)),
            (Details(told, particulars), null),
        ];
    }

    private static string What(EventResource told, EventParticulars particulars)
    {
        var type = told.Type ?? string.Empty;
        var name = (type.StartsWith(Prefix, StringComparison.Ordinal) ? type[Prefix.Length..] : type).Replace('.', '_');
        return type switch
        {
            "pbx.extension.status" => Sentence.Of(Text.Event_extension_status, Sentence.OfValue("Extension", particulars.Status)),
            "pbx.site.health" => Sentence.Of(Text.Event_site_health, Sentence.OfValue("Health", particulars.Health)),
            "pbx.site.warning" when particulars.Settled is true => Text.Event_site_warning_settled,
            _ => Sentence.OfValue("Event", name, type),
        };
    }

    // What it is stands in words beside it: colours only help the eye.
    private static string? ColourOf(string? type, EventParticulars particulars) => type switch
    {
        "pbx.call.ringing" => "yellow",
        "pbx.call.answered" or "pbx.originate.accepted" or "pbx.recording.ready" => "green",
        "pbx.call.held" or "pbx.call.resumed" or "pbx.call.transferred" => "aqua",
        "pbx.call.ended" => particulars.FailureReason is null ? "blue" : "red",
        "pbx.originate.failed" or "pbx.recording.absent" => "red",
        "pbx.site.warning" => particulars.Settled is true ? "green" : "yellow",
        "pbx.site.health" => particulars.Health switch
        {
            "online" => "green",
            "connecting" or "suspended" or "degraded" => "yellow",
            _ => "red",
        },
        _ => null,
    };

    private static string Details(EventResource told, EventParticulars particulars) => told.Type switch
    {
        "pbx.extension.status" => Join(WithAgent(particulars.Extension, told.AgentId), particulars.TalkingTo is { } other ? "– " + other : null),
        "pbx.site.health" => Sentence.ReaderKnowsApiLanguage && particulars.Message is not null
            ? particulars.Message
            : Sentence.OfValue("Reason", particulars.Reason, particulars.Message),
        "pbx.site.warning" => particulars.Message ?? string.Empty,
        "pbx.cdr.recorded" or "pbx.cdr.revised" => OfRecord(particulars.Record, told.AgentId),
        "pbx.recording.ready" or "pbx.recording.absent" or "pbx.recording.expired" => OfRecording(particulars.Recording),
        "pbx.originate.accepted" or "pbx.originate.failed" or "pbx.originate.resolved" =>
            Join(Parties(particulars.Extension, particulars.Destination, particulars.Extension, told.AgentId), particulars.Message),
        _ => Join(Parties(particulars.Caller, particulars.Callee, particulars.Extension, told.AgentId), particulars.FailureReason),
    };

    private static string OfRecord(CallRecordResource? record, string? agent) => Join(
        Parties(record?.Caller, record?.Callee, record?.AnsweredBy, agent),
        Sentence.OfValue("Disposition", record?.Disposition),
        record?.TalkSeconds is { } talk and > 0 ? LocalTime.Duration(talk) : null);

    private static string OfRecording(RecordingResource? recording) => Join(
        recording?.Name ?? recording?.Id,
        recording?.DurationSeconds is { } seconds ? LocalTime.Duration((long)seconds) : null,
        Sentence.OfValue("Recording_reason", recording?.Reason));

    /// <summary>Who with whom, the agent beside the extension it happened to; in a group that is neither of the two numbers.</summary>
    private static string Parties(string? caller, string? callee, string? extension, string? agent)
    {
        if (extension is null || extension == callee)
        {
            return Arrow(caller, WithAgent(callee, agent));
        }

        return extension == caller ? Arrow(WithAgent(caller, agent), callee)
            : callee is null ? Arrow(caller, WithAgent(extension, agent))
            : Arrow(caller, $"{callee}, {WithAgent(extension, agent)}");
    }

    private static string Arrow(string? from, string? to) =>
        from is null && to is null ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"{from ?? LocalTime.Unknown} → {to ?? LocalTime.Unknown}");

    private static string? WithAgent(string? number, string? agent) => agent is null ? number : $"{number ?? LocalTime.Unknown} ({agent})";

    private static string Join(params IEnumerable<string?> parts) => string.Join(' ', parts.Where(part => !string.IsNullOrEmpty(part)));
}
