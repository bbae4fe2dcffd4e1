namespace PbxGrains.Cli.Tests.Cdrs;

/// <summary>Call records as the API's contract describes them.</summary>
internal static class CdrSamples
{
    public const string RecordingId = "3f1c00aa3f1c00aa3f1c00aa3f1c00aa";

    public static readonly string Answered = Record(4711, "Anne", "answered", talk: "62");

    public static readonly string Missed = Record(4710, "0612345678", "noAnswer", talk: "null");

    public static string Record(long id, string caller, string disposition, string talk) => $$"""
        {"recordId":{{id}},"site":"paris","callId":"1544613634.107","startedAt":"2026-11-22T09:30:05Z","startWallClock":"2026-11-22T10:30:05",
         "totalSeconds":75,"ringSeconds":13,"talkSeconds":{{talk}},"direction":"inbound","rawType":"Inbound","caller":"{{caller}}","callerE164":"+33612345678",
         "callee":"6200","calleeE164":null,"calledGroup":"6200","answeredBy":"4002","did":"0123456789","sourceTrunk":"sip1","destinationTrunk":null,
         "disposition":"{{disposition}}","rawStatus":"ANSWERED","recording":{"id":"{{RecordingId}}","name":"20261122.wav","url":"/api/pbx/recordings/{{RecordingId}}"},
         "extensions":["4002"],"agentId":"a1","reference":"case-9","source":"push","firstSource":"catchUp","firstSeenAt":"2026-11-22T09:31:20Z",
         "pushedAt":"2026-11-22T09:31:21Z","caughtUpAt":"2026-11-22T09:31:20Z","importedAt":null,"revision":2,"anonymisedAt":null}
        """.ReplaceLineEndings("");

    public static string Page(string? next, params string[] records) =>
        $$"""{"items":[{{string.Join(',', records)}}],"next":{{(next is null ? "null" : $"\"{next}\"")}} }""";
}
