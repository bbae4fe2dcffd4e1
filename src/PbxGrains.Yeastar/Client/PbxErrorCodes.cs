using System.Globalization;

namespace PbxGrains.Yeastar.Client;

/// <summary>Turns the PBX's error numbers into failures (fact sheet S-Series §6).</summary>
public static class PbxErrorCodes
{
    private const int LongestRawCode = 32;

    /// <summary>Finds the name of an error number.</summary>
    /// <param name="number">The number as sent; null or blank when the PBX sent none.</param>
    /// <returns><see cref="PbxErrorCode.Other"/> when it has no name.</returns>
    public static PbxErrorCode Parse(string? number) =>
        int.TryParse(number, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var value) ? Parse(value) : PbxErrorCode.Other;

    /// <summary>What sort of failure an error is, which decides what to do next.</summary>
    public static PbxFailureKind KindOf(PbxErrorCode code) => code switch
    {
        PbxErrorCode.RequestNotSupported => PbxFailureKind.NotSupported,
        PbxErrorCode.AddressLocked => PbxFailureKind.AddressLocked,
        PbxErrorCode.CredentialsRejected => PbxFailureKind.CredentialsRejected,
        PbxErrorCode.TokenNotFound or PbxErrorCode.TokenBlank or PbxErrorCode.TokenTimedOut => PbxFailureKind.SessionEnded,
        PbxErrorCode.ApplyTooFrequent or PbxErrorCode.ApiProcessUnreachable or PbxErrorCode.ApiInternalError or PbxErrorCode.ApiProcessDown => PbxFailureKind.TryLater,
        _ => PbxFailureKind.Refused,
    };

    /// <summary>The failure a PBX's error number stands for.</summary>
    /// <param name="number">The number as sent; null when the answer was a failure without a number.</param>
    public static PbxFailure ToFailure(string? number)
    {
        var code = Parse(number);
        var raw = string.IsNullOrWhiteSpace(number) ? null : Clean(number);
        return new PbxFailure(KindOf(code), MessageOf(code, raw), code, raw);
    }

    private static PbxErrorCode Parse(int number) => number switch
    {
        100024 => PbxErrorCode.NoOutboundPermission,
        >= 10042 and <= 10059 => PbxErrorCode.SipTrunkSettingRefused,
        >= 10063 and <= 10072 => PbxErrorCode.InboundRouteSettingRefused,
        >= 10073 and <= 10082 => PbxErrorCode.OutboundRouteSettingRefused,
        _ => Enum.IsDefined((PbxErrorCode)number) ? (PbxErrorCode)number : PbxErrorCode.Other,
    };

    // The number comes from outside: no control characters, no novels.
    private static string Clean(string number)
    {
        var clean = new string([.. number.Trim().Where(char.IsAsciiLetterOrDigit).Take(LongestRawCode)]);
        return clean.Length > 0 ? clean : "?";
    }

    private static string MessageOf(PbxErrorCode code, string? raw) => code switch
    {
        PbxErrorCode.CredentialsRejected => "The PBX rejected the API user or its password (20003).",
        PbxErrorCode.AddressLocked => "The PBX locked our address after failed logins (20002); it opens after ten minutes or by hand in its blocked-IP list.",
        PbxErrorCode.TokenNotFound or PbxErrorCode.TokenBlank or PbxErrorCode.TokenTimedOut => $"The session with the PBX is over ({raw}).",
        PbxErrorCode.ApiProcessUnreachable or PbxErrorCode.ApiInternalError or PbxErrorCode.ApiProcessDown => $"The PBX's API process is overloaded or down ({raw}).",
        PbxErrorCode.ApplyTooFrequent => "The PBX's settings were applied too often (10025).",
        PbxErrorCode.RequestNotSupported => "The PBX does not support this request (10003).",
        PbxErrorCode.CallIdNotFound or PbxErrorCode.CallNotFound => $"The PBX does not know this call ({raw}).",
        PbxErrorCode.ExtensionNotFound => "The PBX does not know this extension (10006).",
        PbxErrorCode.ExtensionBusy => "The extension is not idle (10008).",
        PbxErrorCode.CalleeNotFound => "The PBX does not know the called number (10011).",
        PbxErrorCode.CalleeNotAcceptable => "The PBX does not accept the called number (10031).",
        PbxErrorCode.NoOutboundPermission => "The extension may not call outside (10024).",
        PbxErrorCode.MonitoringForbidden => "The extension may not be monitored (10009).",
        PbxErrorCode.MonitorModeMismatch => "The extension allows another way of monitoring only (10010).",
        PbxErrorCode.QueueNotFound => "The PBX does not know this queue (10013).",
        PbxErrorCode.RecordingRandomInvalid or PbxErrorCode.RecordingNotFound => $"The PBX does not hand out this recording ({raw}).",
        PbxErrorCode.CallRecordsNotFound => "The PBX has no such call records (20021).",
        PbxErrorCode.Other when raw is null => "The PBX refused without an error number.",
        PbxErrorCode.Other => $"The PBX refused with error {raw}, which is not documented.",
        _ => $"The PBX refused with error {raw} ({code}).",
    };
}
