using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PbxGrains.Simulator.Reports;

/// <summary>Gives a report the shape its receiver asked for at login (sheet, sections 7 and 8).</summary>
internal static class ReportWriter
{
    // The default format repeats keys within one object, which is what makes it malformed.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The body of a report; null when the format does not know it.</summary>
    /// <param name="report">What to tell.</param>
    /// <param name="format">In which shape.</param>
    /// <param name="serialNumber">Goes into <c>sn</c>; null leaves it out, as old firmware does.</param>
    public static byte[]? Write(Report report, ReportFormat format, string? serialNumber)
    {
        var isV2 = format is ReportFormat.V200;
        if ((isV2 ? report.Event : report.Action) is not { } name)
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>(512);
        using var writer = new Utf8JsonWriter(buffer, Options);
        writer.WriteStartObject();
        writer.WriteString(isV2 ? "event" : "action", name);
        if (report.CallId is not null)
        {
            writer.WriteString("callid", report.CallId);
        }

        if (report.Parties is { } parties)
        {
            WriteParties(writer, report, parties, format);
        }

        foreach (var (member, value) in report.Members(format))
        {
            writer.WriteString(member, value);
        }

        if (serialNumber is not null)
        {
            writer.WriteString("sn", serialNumber);
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteParties(Utf8JsonWriter writer, Report report, IReadOnlyList<Party> parties, ReportFormat format)
    {
        if (format is ReportFormat.Default || (format is ReportFormat.V102 && report.PartiesAtRoot))
        {
            foreach (var party in parties)
            {
                WriteParty(writer, party, isV2: false);
            }

            return;
        }

        writer.WriteStartArray(format is ReportFormat.V200 ? "members" : "call");
        foreach (var party in parties)
        {
            writer.WriteStartObject();
            WriteParty(writer, party, format is ReportFormat.V200);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteParty(Utf8JsonWriter writer, Party party, bool isV2)
    {
        writer.WriteStartObject(party.Kind switch { PartyKind.Inbound => "inbound", PartyKind.Outbound => "outbound", _ => "ext" });
        if (party.Kind is PartyKind.Extension)
        {
            writer.WriteString(isV2 ? "number" : "extid", party.Number);
        }
        else
        {
            writer.WriteString("from", party.From);
            writer.WriteString("to", party.To);
            writer.WriteString(isV2 ? "trunkname" : "trunk", party.Trunk);
            if (!isV2)
            {
                writer.WriteString(party.Kind is PartyKind.Inbound ? "inboundid" : "outboundid", party.LegId);
            }
        }

        if (isV2)
        {
            writer.WriteString("channelid", party.ChannelId);
            WriteUnlessEmpty(writer, "memberstatus", party.Status);
            WriteUnlessEmpty(writer, "callpath", party.CallPath);
        }

        writer.WriteEndObject();
    }

    private static void WriteUnlessEmpty(Utf8JsonWriter writer, string name, string value)
    {
        if (value.Length > 0)
        {
            writer.WriteString(name, value);
        }
    }
}
