using System.Security.Cryptography;
using System.Text;
using PbxGrains.Contracts;
using PbxGrains.Yeastar.Reports;
using PbxGrains.Yeastar.Time;

namespace PbxGrains.Grains.Cdrs;

/// <summary>
/// The one identity on which a pushed call record and the same record found by catch-up meet: site, call id, start,
/// caller, callee, type and outcome, each normalised first. Durations, trunks and recording are not part of it: they may
/// become known later. The start is the PBX's own wall clock, which both ways carry unchanged whatever zone is configured.
/// </summary>
public static class CallIdentity
{
    private const char Separator = '\u001F';

    /// <summary>The fingerprint of a record of a site: 32 bytes.</summary>
    public static byte[] Of(SiteId site, PbxCallRecord record) => SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(
        Separator,
        site.Value,
        record.CallId,
        record.StartWallClock is { } start ? WallClock.Write(start) : record.StartText,
        Folded(record.From),
        Folded(record.To),
        record.Type?.ToUpperInvariant(),
        record.Disposition == CallDisposition.Unknown ? record.Status?.ToUpperInvariant() : record.Disposition.ToString())));

    /// <summary>White space within numbers differs between the ways a PBX tells of a call.</summary>
    private static string? Folded(string? party) => party is null ? null : string.Concat(party.Where(c => !char.IsWhiteSpace(c)));
}
