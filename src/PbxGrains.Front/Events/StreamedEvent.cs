using System.Buffers;
using System.Text.Json;
using PbxGrains.Storage.Events;

namespace PbxGrains.Front.Events;

/// <summary>An event of the log with its CloudEvent, written once for all who read it.</summary>
/// <param name="Logged">The event as it stands in the log.</param>
/// <param name="Json">The CloudEvent 1.0 in JSON, one line of UTF-8.</param>
internal sealed record StreamedEvent(LoggedEvent Logged, ReadOnlyMemory<byte> Json)
{
    /// <summary>The place behind it.</summary>
    public EventCursor Cursor => Logged.Cursor;

    /// <summary>Writes the CloudEvent of a logged event.</summary>
    public static StreamedEvent Of(LoggedEvent logged)
    {
        var told = logged.Event;
        var buffer = new ArrayBufferWriter<byte>(512 + told.Data.Length);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("specversion", "1.0");
            json.WriteString("id", told.Id);
            json.WriteString("source", $"/api/pbx/sites/{told.SiteId}");
            json.WriteString("type", told.Type);
            if (told.Subject.Length > 0)
            {
                // CloudEvents forbids an empty subject.
                json.WriteString("subject", told.Subject);
            }

            json.WriteString("time", told.OccurredAt.UtcDateTime);
            json.WriteString("datacontenttype", "application/json");
            json.WriteString("dataschema", EventSchemas.AddressOf(told.Type));
            json.WriteString("site", told.SiteId);
            json.WriteString("cursor", logged.Cursor.ToString());
            if (logged.CallSequence is { } sequence)
            {
                json.WriteNumber("callsequence", sequence);
            }

            if (told.AgentId is { } agent)
            {
                json.WriteString("agentid", agent);
            }

            json.WritePropertyName("data");
            using var data = JsonDocument.Parse(told.Data);
            data.RootElement.WriteTo(json);
            json.WriteEndObject();
        }

        return new StreamedEvent(logged, buffer.WrittenMemory);
    }
}
