using System.Globalization;
using PbxGrains.Contracts.Calls;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Contracts.Sites;
using PbxGrains.Grains.Agents;

namespace PbxGrains.Grains.Rehearsals;

/// <summary>The caller's side of a dry run: site, extension, phone. Pure.</summary>
internal static class CallerChecks
{
    private const string NotKnown = "not-known";

    public static RehearsedCheck Site(OriginateScene scene) => scene switch
    {
        { Configuration: null } => Fail(OriginateRefusal.SiteUnknown, "site-unknown", "No such site. Register it first."),
        { Configuration.Suspended: true } => Fail(OriginateRefusal.SiteSuspended, "site-suspended", "The site is suspended. Resume it first."),
        { Configuration.Obstacle: { } obstacle } => Fail(OriginateRefusal.PbxUnreachable, "site-incomplete", obstacle.Message),
        { Health: SiteHealth.CredentialsRejected } => Fail(OriginateRefusal.CredentialsRejected, "credentials-rejected", "The PBX refuses our credentials. Correct the site's user or password."),
        { Health: SiteHealth.Unreachable } => Fail(OriginateRefusal.PbxUnreachable, "site-unreachable", "The PBX does not answer. Try again when the site is online."),
        { Health: SiteHealth.Connecting } => Fail(OriginateRefusal.PbxUnreachable, "site-connecting", "The PBX has not answered yet. Try again in a moment."),
        { Listing.Fresh: false } => RehearsedCheck.Warn(OriginateCheckKind.Site, "knowledge-stale", "The PBX has confirmed nothing lately: what its extensions do now is not known.", ("listedAt", Instant(scene.Listing.ListedAt))),
        { Health: SiteHealth.Degraded } => RehearsedCheck.Warn(OriginateCheckKind.Site, "site-degraded", $"The PBX answers, but not everything works. {scene.HealthDetail}".TrimEnd()),
        _ => RehearsedCheck.Pass(OriginateCheckKind.Site, "site-online", "The site is online.", ("listedAt", Instant(scene.Listing.ListedAt))),
    };

    public static RehearsedCheck Extension(OriginateScene scene)
    {
        var number = scene.Request.Extension.Value;
        if (!scene.Listing.Fresh || scene.Configuration is null)
        {
            return Unknown(OriginateCheckKind.Extension);
        }

        if (scene.Caller is { } caller)
        {
            return RehearsedCheck.Pass(OriginateCheckKind.Extension, "extension-exists", $"The PBX has extension {number}.", ("extension", number), ("name", caller.Name));
        }

        return AgentComparison.LookAlikes(number, scene.Listing.Extensions.Select(view => view.Number.Value)) is [var alike, ..]
            ? RehearsedCheck.Fail(OriginateCheckKind.Extension, OriginateRefusal.ExtensionUnknown, "look-alike", $"The site's PBX has no extension {number}, but one that looks like it: {alike.Number}.", ("extension", number), ("probably", alike.Number))
            : RehearsedCheck.Fail(OriginateCheckKind.Extension, OriginateRefusal.ExtensionUnknown, "extension-unknown", $"The site's PBX has no extension {number}.", ("extension", number));
    }

    public static RehearsedCheck Registered(OriginateScene scene)
    {
        var number = scene.Request.Extension.Value;
        return scene.Caller?.Status switch
        {
            null => Unknown(OriginateCheckKind.Registered),
            ExtensionStatus.Unregistered => RehearsedCheck.Fail(OriginateCheckKind.Registered, OriginateRefusal.ExtensionUnregistered, "unregistered", $"No phone is registered on extension {number}: it cannot ring.", ("extension", number), ("since", Instant(scene.Caller.Since))),
            ExtensionStatus.Fault => RehearsedCheck.Warn(OriginateCheckKind.Registered, "extension-fault", $"The PBX reports a malfunction of extension {number}.", ("extension", number)),
            ExtensionStatus.Unknown => RehearsedCheck.Warn(OriginateCheckKind.Registered, "registration-unknown", $"The PBX does not say whether a phone is registered on extension {number}.", ("extension", number)),
            _ => RehearsedCheck.Pass(OriginateCheckKind.Registered, "registered", $"A phone is registered on extension {number}.", ("extension", number), ("address", scene.Caller.RegisteredAddress)),
        };
    }

    public static RehearsedCheck Idle(OriginateScene scene)
    {
        var number = scene.Request.Extension.Value;
        if (scene.Dialling)
        {
            return RehearsedCheck.Fail(OriginateCheckKind.Idle, OriginateRefusal.ExtensionBusy, "being-dialled", $"Another call is being started for extension {number}.", ("extension", number));
        }

        return scene.Caller?.Status switch
        {
            ExtensionStatus.Idle => RehearsedCheck.Pass(OriginateCheckKind.Idle, "idle", $"Extension {number} is free.", ("extension", number), ("since", Instant(scene.Caller.Since))),
            ExtensionStatus.Ringing or ExtensionStatus.Busy or ExtensionStatus.OnHold =>
                RehearsedCheck.Fail(OriginateCheckKind.Idle, OriginateRefusal.ExtensionBusy, "busy", $"Extension {number} is in a call.", ("extension", number), ("callId", scene.Caller.CurrentCall?.Value)),
            _ => Unknown(OriginateCheckKind.Idle),
        };
    }

    private static RehearsedCheck Unknown(OriginateCheckKind kind) => RehearsedCheck.Skip(kind, NotKnown, "Not known, because of a check before it.");

    private static RehearsedCheck Fail(OriginateRefusal refusal, string finding, string message) => RehearsedCheck.Fail(OriginateCheckKind.Site, refusal, finding, message);

    private static string? Instant(DateTimeOffset? instant) => instant?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
