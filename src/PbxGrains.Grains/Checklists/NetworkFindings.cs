namespace PbxGrains.Grains.Checklists;

/// <summary>What can be found on the way to the PBX.</summary>
internal static class NetworkFindings
{
    public static readonly Finding SettingsIncomplete = Finding.Fail("settings-incomplete");
    public static readonly Finding NameUnknown = Finding.Fail("name-unknown");
    public static readonly Finding AddressKnown = Finding.Pass("address-known");

    public static readonly Finding VpnRangesUnset = Finding.Notice("vpn-ranges-unset");
    public static readonly Finding AddressInVpn = Finding.Pass("address-in-vpn");
    public static readonly Finding AddressOutsideVpn = Finding.Fail("address-outside-vpn");

    public static readonly Finding PortAnswers = Finding.Pass("port-answers");
    public static readonly Finding PortLossy = Finding.Warn("port-lossy");
    public static readonly Finding PortRefused = Finding.Fail("port-refused");
    public static readonly Finding PortSilent = Finding.Fail("port-silent");
    public static readonly Finding PortUnroutable = Finding.Fail("port-unroutable");

    public static readonly Finding PortsSeen = Finding.Pass("ports-seen");
    public static readonly Finding OtherPortAnswers = Finding.Warn("other-port-answers");
    public static readonly Finding NoPortAnswers = Finding.Warn("no-port-answers");
}
