using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using PbxGrains.Contracts.Checklists;
using PbxGrains.Grains.Checklists;

namespace PbxGrains.Front.Checklists.Report;

/// <summary>
/// A run as bytes that are always the same: JSON without blanks, names in ordinal order, instants to the millisecond in UTC,
/// no sentence in any language. The SHA-256 on a report is of these. Pure.
/// </summary>
internal static class CanonicalRun
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = false };

    /// <summary>The bytes.</summary>
    public static byte[] Bytes(ChecklistRun run)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            json.WriteBoolean("brokenOff", run.BrokenOff);
            WriteInstant(json, "finishedAt", run.FinishedAt);
            json.WriteStartArray("items");
            foreach (var item in run.Items)
            {
                WriteItem(json, item);
            }

            json.WriteEndArray();
            json.WriteString("runId", run.RunId);
            json.WriteString("siteId", run.Site.Value);
            WriteInstant(json, "startedAt", run.StartedAt);
            json.WriteString("trigger", ChecklistRows.WordOf(run.Trigger));
            json.WriteString("verdict", Word(run.Verdict));
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>SHA-256 of the bytes, in hexadecimal.</summary>
    public static string Sha256(ChecklistRun run) => Convert.ToHexStringLower(SHA256.HashData(Bytes(run)));

    private static void WriteItem(Utf8JsonWriter json, ChecklistItem item)
    {
        json.WriteStartObject();
        json.WriteStartObject("facts");
        foreach (var (name, value) in item.Facts.OrderBy(fact => fact.Key, StringComparer.Ordinal))
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.WriteString("finding", item.Finding);
        json.WriteString("id", item.Id);
        WriteInstant(json, "measuredAt", item.MeasuredAt);
        json.WriteString("section", Word(item.Section));
        json.WriteString("verdict", Word(item.Verdict));
        json.WriteEndObject();
    }

    private static string Word(Enum value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static void WriteInstant(Utf8JsonWriter json, string name, DateTimeOffset? instant)
    {
        if (instant is { } at)
        {
            json.WriteString(name, at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
