using System.Globalization;
using System.Net;
using PbxGrains.Front.Problems;

namespace PbxGrains.Front.Sites;

/// <summary>Rules of a site's single fields. Each returns the value as stored, and notes a sentence when it cannot be used.</summary>
internal static class SiteFields
{
    private const int LongestText = 100;
    private const int DefaultPort = 8088;
    private const int PinBytes = 32;
    private const int MostPins = 2;
    private const int MostSources = 50;

    /// <summary>A text that must be there.</summary>
    public static string Text(string field, string? text, string what, FieldErrors errors)
    {
        var value = text?.Trim() ?? "";
        if (value.Length == 0 || !OneLine.Fits(value, LongestText))
        {
            errors.Add(field, $"Give {what}, 1 to {LongestText} characters.");
        }

        return value;
    }

    /// <summary>Address of a PBX: a bare IP address becomes its web interface on the usual port.</summary>
    public static string Address(string? text, bool allowPlainHttp, FieldErrors errors)
    {
        const string Field = "address";
        var value = text?.Trim() ?? "";
        if (IPAddress.TryParse(value, out var ip) && (ip.GetAddressBytes().Length == 16 || value.Count(c => c == '.') == 3))
        {
            value = $"https://{(ip.GetAddressBytes().Length == 16 ? $"[{ip}]" : ip.ToString())}:{DefaultPort}";
        }

        if (!Uri.TryCreate(value, UriKind.Absolute, out var url) || url.Host.Length == 0 || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp))
        {
            errors.Add(Field, "Give the address of the PBX's web interface, https://10.1.0.254:8088 for example, or just its IP address.");
            return value;
        }

        if (url.UserInfo.Length > 0)
        {
            errors.Add(Field, "Leave user and password out of the address; they have fields of their own.");
        }

        if (url.AbsolutePath != "/" || url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            errors.Add(Field, "Give only scheme, host and port, without a path or query.");
        }

        if (url.Scheme == Uri.UriSchemeHttp && !allowPlainHttp)
        {
            errors.Add(Field, "Plain HTTP shows the password to the network. Use https, or set allowPlainHttp when that is meant.");
        }

        return url.GetLeftPart(UriPartial.Authority);
    }

    /// <summary>IANA time zone.</summary>
    public static string TimeZone(string? text, FieldErrors errors)
    {
        var value = text?.Trim() ?? "";
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(value, out var zone) || !zone.HasIanaId)
        {
            errors.Add("timeZone", "Give the IANA time zone of the PBX's clock, Europe/Paris for example.");
        }

        return value;
    }

    /// <summary>Two-letter country; empty means none.</summary>
    public static string? Country(string? text, FieldErrors errors)
    {
        var value = text?.Trim().ToUpperInvariant() ?? "";
        if (value.Length == 0)
        {
            return null;
        }

        if (value.Length != 2 || !value.All(char.IsAsciiLetterUpper))
        {
            errors.Add("country", "Give the two letters of the country, FR for example.");
        }

        return value;
    }

    /// <summary>Pins of certificates.</summary>
    public static IReadOnlyList<string> Pins(IReadOnlyList<string?> pins, FieldErrors errors)
    {
        const string Field = "certificatePins";
        List<string> values = [.. pins.Select(p => p?.Trim() ?? "").Distinct(StringComparer.Ordinal)];
        if (values.Count > MostPins)
        {
            errors.Add(Field, "Give at most two pins: the one in use and the one to come.");
        }

        if (!values.All(IsPin))
        {
            errors.Add(Field, "A pin is the SHA-256 of the certificate's public key in Base64, 44 characters; the probe shows it.");
        }

        return values;
    }

    /// <summary>Senders that need no secret.</summary>
    public static IReadOnlyList<string> Sources(IReadOnlyList<string?> sources, FieldErrors errors)
    {
        const string Field = "sourceAddresses";
        List<string> values = [.. sources.Select(s => s?.Trim() ?? "").Distinct(StringComparer.OrdinalIgnoreCase)];
        if (values.Count > MostSources)
        {
            errors.Add(Field, $"Give at most {MostSources} addresses; a network in CIDR form covers many.");
        }

        foreach (var value in values.Where(v => SourceAddress.Read(v) is null))
        {
            errors.Add(Field, $"'{Problem.Shown(value)}' is no address and no network: use 10.1.0.254 or 10.1.0.0/24.");
        }

        return [.. values.Select(v => v.Contains('/', StringComparison.Ordinal) ? SourceAddress.Read(v)?.ToString() ?? v : v)];
    }

    /// <summary>Host and port a PBX pushes to; empty means the installation's.</summary>
    public static string? ReportAddress(string? text, FieldErrors errors)
    {
        var value = text?.Trim() ?? "";
        if (value.Length == 0)
        {
            return null;
        }

        var colon = value.LastIndexOf(':');
        var valid = colon > 0
            && Uri.CheckHostName(value[..colon].Trim('[', ']')) is not UriHostNameType.Unknown
            && int.TryParse(value[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= 65535;
        if (!valid)
        {
            errors.Add("reportAddress", "Give host and port the PBX reaches us by, 10.0.0.5:8260 for example.");
        }

        return value;
    }

    private static bool IsPin(string pin)
    {
        Span<byte> bytes = stackalloc byte[PinBytes + 1];
        return pin.Length <= 44 && Convert.TryFromBase64String(pin, bytes, out var count) && count == PinBytes;
    }
}
