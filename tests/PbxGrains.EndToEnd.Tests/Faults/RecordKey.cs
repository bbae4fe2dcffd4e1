using System.Globalization;
using System.Text.Json;
using PbxGrains.Simulator;

namespace PbxGrains.EndToEnd.Tests.Faults;

/// <summary>What tells one call record from another, in the PBX's own words.</summary>
/// <param name="Site">The site.</param>
/// <param name="CallId">The call.</param>
/// <param name="Start">Start by the PBX's clock.</param>
/// <param name="From">Who called.</param>
/// <param name="To">Who was called.</param>
/// <param name="Type">The PBX's type.</param>
/// <param name="Status">The PBX's outcome.</param>
internal readonly record struct RecordKey(string Site, string CallId, string Start, string From, string To, string Type, string Status)
{
    /// <summary>How a PBX writes a time.</summary>
    public const string WallFormat = "yyyy-MM-dd HH:mm:ss";

    /// <summary>The start.</summary>
    public DateTime WallClock => DateTime.ParseExact(Start, WallFormat, CultureInfo.InvariantCulture);

    /// <summary>The key of a record as the simulator wrote it.</summary>
    public static RecordKey Of(string site, CdrRow row) =>
        new(site, row.CallId, row.TimeStart.ToString(WallFormat, CultureInfo.InvariantCulture), row.CallFrom, row.CallTo, row.Type, row.Status);

    /// <summary>The key of the record in a report; null when the report is about something else.</summary>
    public static RecordKey? Of(string site, ReadOnlyMemory<byte> report)
    {
        // Some formats repeat keys in one object, but never in a record.
        using var json = JsonDocument.Parse(report);
        var root = json.RootElement;
        return (Text("event") ?? Text("action")) == "NewCdr"
            ? new RecordKey(site, Text("callid")!, Text("timestart")!, Text("callfrom") ?? "", Text("callto") ?? "", Text("type") ?? "", Text("status") ?? "")
            : null;

        string? Text(string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    public override string ToString() => $"{Site} {CallId} {Start} {From} > {To} {Type} {Status}";
}
