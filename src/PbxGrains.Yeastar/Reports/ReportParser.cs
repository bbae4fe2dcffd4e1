namespace PbxGrains.Yeastar.Reports;

/// <summary>
/// Reads what a PBX pushed, in any dialect, by the body's own shape (fact sheet S-Series §7 and §8). Never throws:
/// whatever cannot be read becomes an <see cref="UnreadableReport"/> that keeps the bytes.
/// </summary>
/// <remarks>
/// A well-formed body is read in one pass. One that is not is read once more after <see cref="ReportRepair"/> mended its
/// typography. A body that was cut off is never mended: half a report must not be taken for a whole one.
/// </remarks>
public static class ReportParser
{
    /// <summary>Longest body read, in bytes (256 KiB).</summary>
    public const int BodyLimit = 256 * 1024;

    /// <summary>Longest text kept, in UTF-16 units; longer ones are cut.</summary>
    public const int TextLimit = 1024;

    /// <summary>Most parties one report may name; a report with more is unreadable rather than shortened.</summary>
    public const int PartyLimit = 256;

    /// <summary>Reads one report.</summary>
    /// <param name="body">The bytes after the HTTP headers. Not copied: an unreadable report refers to them.</param>
    /// <returns>The report, an <see cref="UnknownReport"/> or an <see cref="UnreadableReport"/>; never null.</returns>
    public static Report Parse(ReadOnlyMemory<byte> body)
    {
        if (body.Length > BodyLimit)
        {
            return Unreadable(body, $"The body is longer than {BodyLimit / 1024} KiB.");
        }

        var fields = ReportBody.Read(body.Span, ReportReader.Read);
        if (fields is null)
        {
            return Unreadable(body, ReportBody.WhyUnreadable(body.Span));
        }

        return ReportFactory.Make(fields, out var missing) ?? Unreadable(body, missing);
    }

    private static UnreadableReport Unreadable(ReadOnlyMemory<byte> body, string reason) => new() { Raw = body, Reason = reason };
}
