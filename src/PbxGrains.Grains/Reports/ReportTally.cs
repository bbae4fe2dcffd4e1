using PbxGrains.Contracts;
using PbxGrains.Contracts.Reports;
using PbxGrains.Yeastar.Reports;

namespace PbxGrains.Grains.Reports;

/// <summary>What arrived from a site's PBX since its actor started: enough to tell how its reports do, nothing of their contents.</summary>
public sealed class ReportTally
{
    private const int RecordsRemembered = 64;

    private readonly Queue<(string CallId, DateTimeOffset At)> _records = new();

    /// <summary>Reports of this PBX, readable or not.</summary>
    public long Arrived { get; private set; }

    /// <summary>When the last of them came, UTC; null before the first.</summary>
    public DateTimeOffset? LastAt { get; private set; }

    /// <summary>Where it came from.</summary>
    public string? LastSource { get; private set; }

    /// <summary>How its sender proved itself.</summary>
    public ReportProof LastProof { get; private set; }

    /// <summary>The last shape that tells which format the PBX writes.</summary>
    public ReportShape LastShape { get; private set; }

    /// <summary>Reports nobody could read.</summary>
    public long Unreadable { get; private set; }

    /// <summary>When the last of them came.</summary>
    public DateTimeOffset? LastUnreadableAt { get; private set; }

    /// <summary>Reports with another PBX's serial number.</summary>
    public long Foreign { get; private set; }

    /// <summary>When the last of them came, and which number it had.</summary>
    public (DateTimeOffset At, string SerialNumber)? LastForeign { get; private set; }

    /// <summary>When a report was last refused because its sender did not prove itself, and where it came from.</summary>
    public (DateTimeOffset At, string? Source)? LastUnproven { get; private set; }

    /// <summary>Notes a report of this PBX.</summary>
    public void Note(IncomingReport incoming, Report report)
    {
        Arrived++;
        (LastAt, LastSource, LastProof) = (incoming.ReceivedAt, incoming.SourceAddress, incoming.Proof);
        if (report.Shape != ReportShape.Unspecific)
        {
            LastShape = report.Shape;
        }

        if (report is UnreadableReport)
        {
            Unreadable++;
            LastUnreadableAt = incoming.ReceivedAt;
        }
        else if (report is CallRecordReport { Record.CallId: { } callId })
        {
            _records.Enqueue((callId, incoming.ReceivedAt));
            if (_records.Count > RecordsRemembered)
            {
                _ = _records.Dequeue();
            }
        }
    }

    /// <summary>Notes a report with another PBX's serial number.</summary>
    public void NoteForeign(IncomingReport incoming, string serialNumber)
    {
        Foreign++;
        LastForeign = (incoming.ReceivedAt, serialNumber);
    }

    /// <summary>Notes a report whose sender did not prove itself.</summary>
    public void NoteUnproven(string? source, DateTimeOffset at) => LastUnproven = (at, source);

    /// <summary>When the record of a call was first pushed; null when it was not, or too long ago to remember.</summary>
    public DateTimeOffset? RecordArrivedAt(CallId call)
    {
        foreach (var (callId, at) in _records)
        {
            if (callId == call.Value)
            {
                return at;
            }
        }

        return null;
    }
}
