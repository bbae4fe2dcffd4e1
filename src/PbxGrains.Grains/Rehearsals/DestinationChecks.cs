using System.Globalization;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Contracts.Extensions;

namespace PbxGrains.Grains.Rehearsals;

/// <summary>The other side of a dry run: what the destination is, whether it may be called, which way it goes. Pure.</summary>
internal static class DestinationChecks
{
    public static RehearsedCheck Destination(OriginateScene scene)
    {
        var (number, text) = (scene.Destination, scene.Destination.Text);
        return number.Kind switch
        {
            DialledKind.Extension when number.Extension!.Number == scene.Request.Extension => Warn("own-extension", $"Extension {text} would call itself.", ("destination", text)),
            DialledKind.Extension => Callee(scene, number.Extension),
            DialledKind.NotDialable => RehearsedCheck.Fail(OriginateCheckKind.Destination, OriginateRefusal.DestinationRejected, "not-dialable", $"'{text}' cannot be dialled: use digits, *, # and a leading +.", ("destination", text)),
            DialledKind.Emergency => Warn("emergency", $"{text} is an emergency number.", ("destination", text)),
            _ when number.HasPunctuation => Warn("punctuation", $"'{text}' goes to the PBX as it is, and a PBX may refuse what stands between the digits. Give digits only.", ("destination", text), ("e164", number.E164)),
            DialledKind.FeatureCode => RehearsedCheck.Pass(OriginateCheckKind.Destination, "feature-code", $"{text} is a code of the PBX; what it does is not known here.", ("destination", text)),
            DialledKind.Public when number.Prefix is { } prefix => RehearsedCheck.Pass(OriginateCheckKind.Destination, "public-number-with-prefix", $"{text} is {number.E164} behind the prefix {prefix}.", ("destination", text), ("e164", number.E164), ("prefix", prefix)),
            DialledKind.Public => RehearsedCheck.Pass(OriginateCheckKind.Destination, "public-number", $"{text} is {number.E164}.", ("destination", text), ("e164", number.E164)),
            DialledKind.Short => Warn("short-number", $"{text} is no extension of this PBX: a queue or ring group, a short number, or nothing.", ("destination", text)),
            DialledKind.CountryUnknown => Warn("country-unknown", $"{text} cannot be read: the site's country is not set. Set it, or give the number with + and country code.", ("destination", text)),
            _ => Warn("number-unlikely", $"{text} is no valid number of the public network.", ("destination", text), ("country", scene.Configuration?.Country)),
        };
    }

    public static RehearsedCheck Allowed(OriginateScene scene)
    {
        if (scene.Request.CallerId is { } callerId && scene.Listing.Fresh && !(ExtensionNumber.TryParse(callerId, out var named) && scene.Listing.Extensions.Any(view => view.Number == named)))
        {
            return RehearsedCheck.Warn(OriginateCheckKind.Allowed, "caller-id-unknown", $"The PBX has no extension {callerId} whose permission could count.", ("callerId", callerId));
        }

        return scene.Destination switch
        {
            _ when scene.Permission is { Allowed: false } refused => RehearsedCheck.Warn(OriginateCheckKind.Allowed, "refused-before", $"The PBX refused this very call for lack of permission at {Instant(refused.At)}.", ("at", Instant(refused.At))),
            { Kind: DialledKind.Extension } => RehearsedCheck.Pass(OriginateCheckKind.Allowed, "internal-call", "Calls within the PBX need no permission."),
            { Premium: true } => RehearsedCheck.Warn(OriginateCheckKind.Allowed, "premium-rate", $"Calling {scene.Destination.E164} costs extra.", ("e164", scene.Destination.E164)),
            _ when scene.Permission is { Allowed: true } allowed => RehearsedCheck.Pass(OriginateCheckKind.Allowed, "allowed-before", $"The PBX dialled this very call at {Instant(allowed.At)}.", ("at", Instant(allowed.At))),
            _ => RehearsedCheck.Skip(OriginateCheckKind.Allowed, "permission-unseen", "Whether the extension's outbound routes allow this number, the PBX tells only when it dials."),
        };
    }

    public static RehearsedCheck Route(OriginateScene scene)
    {
        if (scene.Destination.Kind == DialledKind.Extension)
        {
            return RehearsedCheck.Pass(OriginateCheckKind.Route, "internal-route", "The call stays within the PBX.");
        }

        if (!scene.Destination.LeavesPbx)
        {
            return RehearsedCheck.Skip(OriginateCheckKind.Route, "no-trunk-needed", "The number does not seem to leave the PBX.");
        }

        if (scene.Trunks?.Value is not { } trunks)
        {
            return RehearsedCheck.Skip(OriginateCheckKind.Route, "trunks-not-asked", $"The PBX could not be asked about its trunks. {scene.Trunks?.Message}".TrimEnd());
        }

        var (up, down) = (Names(trunks, usable: true), Names(trunks, usable: false));
        if (up.Length > 0)
        {
            return RehearsedCheck.Pass(OriginateCheckKind.Route, "trunk-in-service", $"Trunks in service: {up}.", ("trunks", up), ("outOfService", down.Length > 0 ? down : null));
        }

        return trunks.Any(trunk => trunk.Usable is null)
            ? RehearsedCheck.Warn(OriginateCheckKind.Route, "trunk-state-unknown", "The PBX does not say whether a trunk is in service.")
            : trunks.Count == 0
                ? RehearsedCheck.Fail(OriginateCheckKind.Route, OriginateRefusal.NoRoute, "no-trunk", "The PBX has no trunk: nothing leads outside.")
                : RehearsedCheck.Fail(OriginateCheckKind.Route, OriginateRefusal.NoRoute, "trunks-out-of-service", $"No trunk is in service: {down}.", ("outOfService", down));
    }

    private static RehearsedCheck Callee(OriginateScene scene, ExtensionView callee)
    {
        var text = scene.Destination.Text;
        return callee.Status switch
        {
            ExtensionStatus.Unregistered => Warn("callee-unregistered", $"No phone is registered on extension {text}.", ("destination", text)),
            ExtensionStatus.Ringing or ExtensionStatus.Busy or ExtensionStatus.OnHold => Warn("callee-busy", $"Extension {text} is in a call.", ("destination", text)),
            _ => RehearsedCheck.Pass(OriginateCheckKind.Destination, "internal-number", $"{text} is an extension of this PBX.", ("destination", text), ("name", callee.Name)),
        };
    }

    private static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Names(IEnumerable<Contracts.Sites.TrunkView> trunks, bool usable) => string.Join(", ", trunks.Where(trunk => trunk.Usable == usable).Select(trunk => trunk.Name));

    private static RehearsedCheck Warn(string finding, string message, params (string Name, string? Value)[] facts) =>
        RehearsedCheck.Warn(OriginateCheckKind.Destination, finding, message, facts);
}
