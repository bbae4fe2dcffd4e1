namespace PbxGrains.Contracts.Recordings;

/// <summary>How far a recording is.</summary>
[GenerateSerializer, Alias("pbx.RecordingFetchState")]
public enum RecordingFetchState
{
    /// <summary>No record of the site names it.</summary>
    Unknown = 0,

    /// <summary>It could not be had yet; it is asked for again.</summary>
    Pending = 1,

    /// <summary>It lies in the vault.</summary>
    Ready = 2,

    /// <summary>The PBX does not hand it out.</summary>
    Absent = 3,

    /// <summary>Its time is over.</summary>
    Expired = 4,
}

/// <summary>What came of asking a site for a recording now.</summary>
/// <param name="State">How far it is.</param>
/// <param name="Reason">Stable word for why it is not there, <c>notYetSaved</c> for example; null when it is.</param>
/// <param name="Detail">One English sentence about the reason.</param>
/// <param name="NextTryAt">When the PBX is asked again, UTC; null when it is not.</param>
[GenerateSerializer, Immutable, Alias("pbx.RecordingFetch")]
public sealed record RecordingFetch(
    [property: Id(0)] RecordingFetchState State,
    [property: Id(1)] string? Reason = null,
    [property: Id(2)] string? Detail = null,
    [property: Id(3)] DateTimeOffset? NextTryAt = null);
