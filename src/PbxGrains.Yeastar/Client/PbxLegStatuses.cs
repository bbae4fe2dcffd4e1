namespace PbxGrains.Yeastar.Client;

/// <summary>The PBX's words for the state of a leg (fact sheet S-Series §4.5, §8.1).</summary>
internal static class PbxLegStatuses
{
    /// <summary>Reads <c>memberstatus</c> of dialect 2.0.0.</summary>
    public static PbxLegStatus Parse(string? word) => word?.Trim().ToUpperInvariant() switch
    {
        "ALERT" => PbxLegStatus.Alert,
        "RING" => PbxLegStatus.Ring,
        "ANSWERED" => PbxLegStatus.Answered,
        "ANSWER" => PbxLegStatus.Answer,
        "HOLD" => PbxLegStatus.Hold,
        "BYE" => PbxLegStatus.Bye,
        _ => PbxLegStatus.Unknown,
    };

    /// <summary>
    /// Reads the state of a trunk leg in dialect 1.1.0 (<c>Talking</c>, <c>Progress</c>, <c>Wait</c>). Outside of an
    /// inbound leg is a caller, outside of an outbound leg a callee.
    /// </summary>
    public static PbxLegStatus ParseV1(string? word, PbxLegKind kind) => word?.Trim().ToUpperInvariant() switch
    {
        "TALKING" => kind == PbxLegKind.Inbound ? PbxLegStatus.Answered : PbxLegStatus.Answer,
        "PROGRESS" => kind == PbxLegKind.Inbound ? PbxLegStatus.Alert : PbxLegStatus.Ring,
        _ => PbxLegStatus.Unknown,
    };
}
