using System.Collections.Immutable;

namespace PbxGrains.Contracts.Reports;

/// <summary>A report as it came over the wire.</summary>
/// <param name="Body">The body's bytes, untouched.</param>
/// <param name="ReceivedAt">When the front took it, UTC.</param>
/// <param name="SourceAddress">Address it came from, for the record; null when unknown.</param>
/// <param name="Proof">How its sender proved itself.</param>
[GenerateSerializer, Immutable, Alias("pbx.IncomingReport")]
public sealed record IncomingReport(
    [property: Id(0)] ImmutableArray<byte> Body,
    [property: Id(1)] DateTimeOffset ReceivedAt,
    [property: Id(2)] string? SourceAddress,
    [property: Id(3)] ReportProof Proof = ReportProof.Unknown)
{
    /// <summary>Largest body taken, bytes: those of PBXs have some hundreds.</summary>
    public const int LargestBody = 256 * 1024;
}

/// <summary>How the sender of a report proved itself.</summary>
[GenerateSerializer, Alias("pbx.ReportProof")]
public enum ReportProof
{
    /// <summary>Not told: a front of an older version took it.</summary>
    Unknown = 0,

    /// <summary>By the secret in the address it pushed to.</summary>
    Secret = 1,

    /// <summary>By its source address.</summary>
    SourceAddress = 2,
}

/// <summary>What became of a report.</summary>
[GenerateSerializer, Alias("pbx.ReportReceipt")]
public enum ReportReceipt
{
    /// <summary>Understood and applied (or old news, and rightly ignored).</summary>
    Taken = 0,

    /// <summary>Kept as unreadable: the PBX must not send it again.</summary>
    Unreadable = 1,

    /// <summary>Its serial number is not this site's PBX: refused.</summary>
    WrongPbx = 2,

    /// <summary>No such site.</summary>
    UnknownSite = 3,

    /// <summary>Could not be stored just now: the PBX must send it again.</summary>
    NotStored = 4,
}
