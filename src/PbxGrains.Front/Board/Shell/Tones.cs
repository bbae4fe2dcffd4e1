using PbxGrains.Contracts.Calls;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Contracts.Sites;

namespace PbxGrains.Front.Board.Shell;

/// <summary>Which look a state has; <c>tones.js</c> says the same for what moves.</summary>
internal static class Tones
{
    /// <summary>Of a site; null when its actor could not be asked.</summary>
    public static string Of(SiteHealth? health) => health switch
    {
        SiteHealth.Online => "good",
        SiteHealth.Degraded => "ring",
        SiteHealth.Unreachable or SiteHealth.CredentialsRejected => "bad",
        SiteHealth.Suspended => "hold",
        _ => "none",
    };

    /// <summary>Of an extension.</summary>
    public static string Of(ExtensionStatus status) => status switch
    {
        ExtensionStatus.Idle => "good",
        ExtensionStatus.Busy => "busy",
        ExtensionStatus.Ringing => "ring",
        ExtensionStatus.OnHold => "hold",
        ExtensionStatus.Fault => "bad",
        _ => "none",
    };

    /// <summary>Of a call.</summary>
    public static string Of(CallState state) => state switch
    {
        CallState.Ringing => "ring",
        CallState.Talking => "busy",
        CallState.OnHold => "hold",
        _ => "none",
    };
}
