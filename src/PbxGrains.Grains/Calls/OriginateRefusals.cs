using PbxGrains.Contracts.Calls;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Calls;

/// <summary>What a PBX's failure means for a call that was to be started.</summary>
internal static class OriginateRefusals
{
    public static (OriginateRefusal Why, string Message, string? Code) Of(PbxFailure failure) => failure.Kind switch
    {
        PbxFailureKind.NotReached or PbxFailureKind.CertificateRefused or PbxFailureKind.NoAnswer or PbxFailureKind.UnexpectedAnswer =>
            (OriginateRefusal.PbxUnreachable, $"The PBX is out of reach, nothing was dialled. {failure.Message}", failure.RawCode),
        PbxFailureKind.CredentialsRejected or PbxFailureKind.AddressLocked =>
            (OriginateRefusal.CredentialsRejected, $"There is no session with the PBX. {failure.Message}", failure.RawCode),
        _ => OfCode(failure),
    };

    // Numbers as in the fact sheet, S-Series §4.3 and §6.
    private static (OriginateRefusal Why, string Message, string? Code) OfCode(PbxFailure failure) => failure.RawCode switch
    {
        "10006" => (OriginateRefusal.ExtensionUnknown, "The PBX has no such extension.", failure.RawCode),
        "10008" => (OriginateRefusal.ExtensionBusy, "The extension is in a call.", failure.RawCode),
        "10024" or "100024" => (OriginateRefusal.NotPermitted, "The extension has no permission for that number: give it an outbound route, or name an extension that has one as callerId.", failure.RawCode),
        "10011" or "10028" or "10031" => (OriginateRefusal.DestinationRejected, "The PBX cannot dial that number: check the prefix its outbound routes want.", failure.RawCode),
        _ => (OriginateRefusal.PbxRefused, failure.Message, failure.RawCode),
    };
}
