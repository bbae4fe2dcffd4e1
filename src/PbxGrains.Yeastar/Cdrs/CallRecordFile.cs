using PbxGrains.Yeastar.Reports;

namespace PbxGrains.Yeastar.Cdrs;

/// <summary>One row of a file of call records.</summary>
/// <param name="Record">The record.</param>
/// <param name="SerialNumber">Serial number of the PBX; null when the file has no such column.</param>
public readonly record struct CallRecordLine(PbxCallRecord Record, string? SerialNumber);

/// <summary>A file of call records, read.</summary>
/// <param name="Rows">Its rows, in the file's order.</param>
/// <param name="Damaged">Rows that could not be read: the window was not read whole.</param>
public sealed record CallRecordFile(IReadOnlyList<CallRecordLine> Rows, int Damaged)
{
    /// <summary>True when every row was read.</summary>
    public bool IsWhole => Damaged == 0;
}
