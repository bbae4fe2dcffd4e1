using System.Globalization;
using System.Text;
using PbxGrains.Simulator.Fleet;
using PbxGrains.Simulator.Reports;

namespace PbxGrains.Simulator.Cdrs;

/// <summary>Writes records as CSV and as reports, each with its own spelling of the outbound trunk (sheet, sections 4.9, 7.5 and 8.3).</summary>
internal static class CdrText
{
    private const string Header = "callid,timestart,callfrom,callto,callduraction,talkduraction,srctrunkname,dsttrunkname,status,type,pincode,recording,didnumber,sn\n";

    /// <summary>A header and a row each; the row that began at a given time is cut after its first columns.</summary>
    public static byte[] Csv(IEnumerable<CdrRow> rows, DateTime? damagedAt = null)
    {
        var text = new StringBuilder(Header);
        foreach (var row in rows)
        {
            if (row.TimeStart == damagedAt)
            {
                _ = text.AppendJoin(',', row.CallId, Wall(row), row.CallFrom).Append('\n');
                continue;
            }

            _ = text.AppendJoin(
                ',',
                row.CallId, Wall(row), row.CallFrom, row.CallTo, Text(row.CallDuration), Text(row.TalkDuration), row.SourceTrunk,
                row.DestinationTrunk, row.Status, row.Type, row.PinCode, row.Recording, row.Did, row.SerialNumber).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    public static Report NewCdr(CdrRow row) => new()
    {
        Action = "NewCdr",
        Event = "NewCdr",
        CallId = row.CallId,
        Members = format => Members(row, format is ReportFormat.V200).Where(member => format is ReportFormat.V200 || member.Value.Length > 0),
    };

    private static IEnumerable<(string Name, string Value)> Members(CdrRow row, bool isV2) =>
    [
        ("timestart", Wall(row)),
        ("callfrom", row.CallFrom),
        ("callto", row.CallTo),
        ("callduraction", Text(row.CallDuration)),
        ("talkduraction", Text(row.TalkDuration)),
        ("srctrunkname", row.SourceTrunk),
        (isV2 ? "dsttrcunkname" : "desttrunkname", row.DestinationTrunk),
        ("pincode", row.PinCode),
        ("status", row.Status),
        ("type", row.Type),
        ("recording", row.Recording),
        ("didnumber", row.Did),
        ("agentringtime", isV2 || row.AgentRingTime > 0 ? Text(row.AgentRingTime) : ""),
    ];

    private static string Wall(CdrRow row) => row.TimeStart.ToString(PbxClock.WallFormat, CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
