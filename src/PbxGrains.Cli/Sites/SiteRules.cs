using System.Net;
using System.Text.RegularExpressions;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Sites;

/// <summary>An answer that was looked at: its proper form, or a sentence that helps to correct it.</summary>
/// <param name="Value">Proper form; null when it cannot be used.</param>
/// <param name="Complaint">What is wrong and what would be right; null when nothing is wrong.</param>
internal readonly record struct Checked(string? Value, string? Complaint)
{
    /// <summary>A good answer.</summary>
    public static Checked Good(string value) => new(value, null);

    /// <summary>An answer that cannot be used.</summary>
    public static Checked Bad(string complaint) => new(null, complaint);
}

/// <summary>The API's rules for a site, known here too so that each answer is judged the moment it is given.</summary>
internal static partial class SiteRules
{
    /// <summary>Port of a Yeastar's web interface.</summary>
    private const int DefaultPort = 8088;

    private const int LongestText = 100;

    /// <summary>A site id.</summary>
    public static Checked Id(string? text)
    {
        var id = (text ?? string.Empty).Trim();
        if (IdPattern().IsMatch(id))
        {
            return Checked.Good(id);
        }

        var proposal = NotOfAnId().Replace(id.ToLowerInvariant(), "-").Trim('-');
        proposal = proposal.Length > 63 ? proposal[..63] : proposal;
        return Checked.Bad(IdPattern().IsMatch(proposal) ? Sentence.Of(Text.Rule_id_proposal, id, proposal) : Text.Rule_id);
    }

    /// <summary>A name people read.</summary>
    public static Checked Name(string? text) => OneLine(text, Text.Rule_name);

    /// <summary>The PBX's API user.</summary>
    public static Checked UserName(string? text) => OneLine(text, Text.Rule_user);

    /// <summary>A password: anything but nothing.</summary>
    public static Checked Password(string? text) =>
        string.IsNullOrEmpty(text) ? Checked.Bad(Text.Rule_password) : Checked.Good(text);

    /// <summary>
    /// The PBX's address. A bare IP or name means its web interface over HTTPS on port 8088 (or HTTP when that is wanted);
    /// a URL is taken as it is and has neither path nor query nor user.
    /// </summary>
    public static Checked Address(string? text, bool plainHttp)
    {
        var typed = (text ?? string.Empty).Trim();
        if (typed.Length == 0)
        {
            return Checked.Bad(Text.Rule_address);
        }

        var complete = typed.Contains("://", StringComparison.Ordinal) ? typed : $"{(plainHttp ? "http" : "https")}://{WithPort(typed)}";
        if (!Uri.TryCreate(complete, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || LooksLikeABrokenIp(uri))
        {
            return Checked.Bad(Sentence.Of(Text.Rule_address_unreadable, typed));
        }

        if (uri.Scheme is not ("http" or "https"))
        {
            return Checked.Bad(Sentence.Of(Text.Rule_address_scheme, uri.Scheme));
        }

        if (uri.UserInfo.Length > 0)
        {
            return Checked.Bad(Text.Rule_address_user);
        }

        return uri.AbsolutePath is not ("/" or "") || uri.Query.Length > 0 || uri.Fragment.Length > 0
            ? Checked.Bad(Sentence.Of(Text.Rule_address_path, uri.GetLeftPart(UriPartial.Authority)))
            : Checked.Good(uri.GetLeftPart(UriPartial.Authority));
    }

    /// <summary>True when an address in its proper form is plain HTTP.</summary>
    public static bool IsPlainHttp(string address) => address.StartsWith("http://", StringComparison.OrdinalIgnoreCase);

    /// <summary>An IANA time zone.</summary>
    public static Checked TimeZone(string? text)
    {
        var id = (text ?? string.Empty).Trim();
        if (TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) && zone.HasIanaId)
        {
            return Checked.Good(zone.Id);
        }

        if (TimeZoneInfo.TryConvertWindowsIdToIanaId(id, out var iana))
        {
            return Checked.Bad(Sentence.Of(Text.Rule_zone_proposal, id, iana));
        }

        var alike = id.Length < 3
            ? []
            : TimeZoneInfo.GetSystemTimeZones().Select(known => known.Id).Where(known => known.Contains(id.Replace(' ', '_'), StringComparison.OrdinalIgnoreCase)).Take(3).ToList();
        return Checked.Bad(alike.Count > 0 ? Sentence.Of(Text.Rule_zone_proposal, id, string.Join(", ", alike)) : Sentence.Of(Text.Rule_zone, id));
    }

    /// <summary>This machine's time zone, when it has a name the API knows.</summary>
    public static string LocalTimeZone()
    {
        var local = TimeZoneInfo.Local;
        if (local.HasIanaId)
        {
            return local.Id;
        }

        return TimeZoneInfo.TryConvertWindowsIdToIanaId(local.Id, out var iana) ? iana : "Etc/UTC";
    }

    /// <summary>A certificate pin: SHA-256 of the public key in Base64.</summary>
    public static Checked Pin(string? text)
    {
        var pin = (text ?? string.Empty).Trim();
        pin = pin.StartsWith("sha256/", StringComparison.Ordinal) ? pin["sha256/".Length..] : pin;
        return Convert.TryFromBase64String(pin, new byte[64], out var length) && length == 32 ? Checked.Good(pin) : Checked.Bad(Sentence.Of(Text.Rule_pin, pin));
    }

    /// <summary>An IP address or network of webhook senders that need no secret.</summary>
    public static Checked SourceAddress(string? text) =>
        IPAddress.TryParse(text, out _) || IPNetwork.TryParse(text, out _) ? Checked.Good(text!) : Checked.Bad(Sentence.Of(Text.Rule_source, text));

    /// <summary>A country in two letters.</summary>
    public static Checked Country(string? text) =>
        text is { Length: 2 } && text.All(char.IsAsciiLetter) ? Checked.Good(text.ToUpperInvariant()) : Checked.Bad(Sentence.Of(Text.Rule_country, text));

    /// <summary>Host and port the PBX shall push to.</summary>
    public static Checked ReportAddress(string? text) =>
        text is not null && HostAndPort().Match(text) is { Success: true } match && int.Parse(match.Groups["port"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) is > 0 and <= 65535
            ? Checked.Good(text)
            : Checked.Bad(Sentence.Of(Text.Rule_report_address, text));

    private static Checked OneLine(string? text, string complaint)
    {
        var line = (text ?? string.Empty).Trim();
        return line.Length is > 0 and <= LongestText && !line.Any(char.IsControl) ? Checked.Good(line) : Checked.Bad(complaint);
    }

    private static string WithPort(string host)
    {
        if (IPAddress.TryParse(host, out var ip) && ip.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6)
        {
            return $"[{ip}]:{DefaultPort}";
        }

        return PortAtTheEnd().IsMatch(host) || host.Contains('/', StringComparison.Ordinal) ? host : $"{host}:{DefaultPort}";
    }

    // A name made of digits and dots that is no IPv4 address is a typing error: 10.1.0.2544, or 10.1.0, which a
    // parser of the seventies would read as 10.1.0.0.
    private static bool LooksLikeABrokenIp(Uri uri) =>
        OnlyDigitsAndDots().IsMatch(uri.OriginalString.Split("://")[1].Split('/', ':')[0]) && !StrictIpv4().IsMatch(uri.OriginalString.Split("://")[1].Split('/', ':')[0]);

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,62}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex IdPattern();

    [GeneratedRegex(@"[^a-z0-9]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex NotOfAnId();

    [GeneratedRegex(@":[0-9]{1,5}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PortAtTheEnd();

    [GeneratedRegex(@"\A[0-9.]+\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex OnlyDigitsAndDots();

    [GeneratedRegex(@"\A((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\.(?!\z)|\z)){4}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex StrictIpv4();

    [GeneratedRegex(@"\A(?<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\]):(?<port>[0-9]{1,5})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex HostAndPort();
}
