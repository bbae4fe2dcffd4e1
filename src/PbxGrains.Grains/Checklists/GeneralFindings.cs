using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Checklists;

/// <summary>What any check can find.</summary>
internal static class GeneralFindings
{
    public static readonly Finding PrerequisiteFailed = Finding.Skip("prerequisite-failed");
    public static readonly Finding StorageUnavailable = Finding.Skip("storage-unavailable");
    public static readonly Finding NotMeasured = Finding.Warn("not-measured");

    public static readonly Finding PbxUnreachable = Finding.Fail("pbx-unreachable");
    public static readonly Finding PbxSilent = Finding.Fail("pbx-silent");
    public static readonly Finding PbxBusy = Finding.Warn("pbx-busy");
    public static readonly Finding AnswerStrange = Finding.Fail("answer-strange");
    public static readonly Finding SessionOver = Finding.Warn("session-over");
    public static readonly Finding RequestUnknown = Finding.Fail("request-unknown");
    public static readonly Finding RequestRefused = Finding.Fail("request-refused");

    /// <summary>What a failed request means where nothing more particular is known.</summary>
    public static Measured Of(PbxFailure failure) => (failure.Kind switch
    {
        PbxFailureKind.NotReached or PbxFailureKind.CertificateRefused => PbxUnreachable,
        PbxFailureKind.NoAnswer => PbxSilent,
        PbxFailureKind.UnexpectedAnswer => AnswerStrange,
        PbxFailureKind.TryLater => PbxBusy,
        PbxFailureKind.NotSupported => RequestUnknown,
        PbxFailureKind.SessionEnded or PbxFailureKind.CredentialsRejected or PbxFailureKind.AddressLocked => SessionOver,
        _ => RequestRefused,
    }).With(("code", failure.RawCode), ("detail", failure.Message));
}
