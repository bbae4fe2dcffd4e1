using System.Buffers;
using System.Text.Json;
using PbxGrains.Storage.Events;

namespace PbxGrains.Front.Events;

/// <summary>An event of the log with its CloudEvent, written for the first who reads it and kept for all others.</summary>
/// <param name="logged">The event as it stands in the log.</param>
internal sealed class StreamedEvent(LoggedEvent logged)
{
    // Two readers may write it at the same moment: both write the same.
    private byte[]? _json;

    /// <summary>The event as it stands in the log.</summary>
    public LoggedEvent Logged => logged;

    /// <summary>The CloudEvent 1.0 in JSON, one line of UTF-8.</summary>
    public ReadOnlyMemory<byte> Json => _json ??= Write(logged.Event, logged.Cursor, logged.CallSequence).ToArray();

    /// <summary>The place behind it.</summary>
    public EventCursor Cursor => Logged.Cursor;

    /// <summary>A logged event, to be streamed.</summary>
    public static StreamedEvent Of(LoggedEvent logged) => new(logged);

    /// <summary>Writes a CloudEvent.</summary>
    /// <param name="told">The event.</param>
    /// <param name="cursor">The place behind it; null for one that is not in the log.</param>
    /// <param name="callSequence">Its number within its call; null when it is not about a call.</param>
    public static ReadOnlyMemory<byte> Write(EventRow told, EventCursor? cursor, int? callSequence = null)
    {
        var buffer = new ArrayBufferWriter<byte>(512 + told.Data.Length);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("specversion", "1.0");
        json.WriteString("id", told.Id);
        json.WriteString("source", told.SiteId.Length > 0 ? $"/api/pbx/sites/{told.SiteId}" : "/api/pbx");
        json.WriteString("type", told.Type);

        // CloudEvents forbids empty values: what is about the site itself has no subject, what is of no site no site.
        if (told.Subject.Length > 0)
        {
            json.WriteString("subject", told.Subject);
        }

        json.WriteString("time", told.OccurredAt.UtcDateTime);
        json.WriteString("datacontenttype", "application/json");
        json.WriteString("dataschema", EventSchemas.AddressOf(told.Type));
        if (told.SiteId.Length > 0)
        {
            json.WriteString("site", told.SiteId);
        }

        if (cursor is { } place)
        {
            json.WriteString("cursor", place.ToString());
        }

        if (callSequence is { } sequence)
        {
            json.WriteNumber("callsequence", sequence);
        }

        if (told.AgentId is { } agent)
        {
            json.WriteString("agentid", agent);
        }

        json.WritePropertyName("data");
        using (var data = JsonDocument.Parse(told.Data))
        {
            data.RootElement.WriteTo(json);
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
