namespace PbxGrains.Yeastar.Client;

/// <summary>Judges failed logins: whether another one may follow, and what to tell.</summary>
internal static class LoginFailures
{
    /// <summary>
    /// True when no password was looked at for certain, so that a login in the other dialect cannot be the second wrong
    /// one. An undocumented number, a server error or a cut answer is not certain; no answer at all even less so.
    /// </summary>
    public static bool LeadsToOtherDialect(PbxFailure failure) => failure.Stranger != Stranger.None || failure.Code is
        PbxErrorCode.RequestNotSupported
        or PbxErrorCode.XmlNotSupported
        or PbxErrorCode.ParameterMissing
        or PbxErrorCode.JsonRequired
        or PbxErrorCode.PostRequired
        // An unknown path can look like a request that lacks its token.
        or PbxErrorCode.TokenNotFound
        or PbxErrorCode.TokenBlank
        or PbxErrorCode.TokenTimedOut
        or PbxErrorCode.DataBlank
        or PbxErrorCode.PortInvalid
        or PbxErrorCode.RequestBlank
        or PbxErrorCode.ApiProcessUnreachable
        or PbxErrorCode.ApiProcessDown;

    /// <summary>The failure of a login that ended the search.</summary>
    public static PbxFailure Tell(PbxFailure failure) => failure switch
    {
        { Code: PbxErrorCode.WrongPassword } => failure with { Kind = PbxFailureKind.CredentialsRejected },
        { Kind: PbxFailureKind.SessionEnded } => failure with { Kind = PbxFailureKind.NotSupported, Message = "The PBX does not take this for a login." },
        { Stranger: Stranger.NoSuchPath } => failure with { Kind = PbxFailureKind.NotSupported },
        _ => failure,
    };

    /// <summary>The failure to tell when both dialects failed: what says more than "not supported" wins.</summary>
    public static PbxFailure Tell(PbxFailure first, PbxFailure second)
    {
        var (former, latter) = (Tell(first), Tell(second));
        return (former.Kind, latter.Kind) switch
        {
            (PbxFailureKind.NotSupported, PbxFailureKind.NotSupported) => latter with { Message = "Neither dialect of the S-Series API answers at this address." },
            (_, PbxFailureKind.NotSupported) => former,
            _ => latter,
        };
    }
}
