using PbxGrains.Contracts;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Grains.Cdrs;
using PhoneNumbers;

namespace PbxGrains.Grains.Rehearsals;

/// <summary>What a number to be dialled means at a site.</summary>
public enum DialledKind
{
    /// <summary>An extension the PBX lists.</summary>
    Extension = 0,

    /// <summary>A number of the public network.</summary>
    Public = 1,

    /// <summary>An emergency number of the site's country.</summary>
    Emergency = 2,

    /// <summary>A code of the PBX, <c>*97</c> for example.</summary>
    FeatureCode = 3,

    /// <summary>Digits too few for the public network and no extension: a queue, a ring group, or nothing.</summary>
    Short = 4,

    /// <summary>Digits that are no valid number of the public network, as far as can be told.</summary>
    Unlikely = 5,

    /// <summary>National notation at a site whose country is not configured.</summary>
    CountryUnknown = 6,

    /// <summary>Holds characters no PBX can dial.</summary>
    NotDialable = 7,
}

/// <summary>A number as it was asked for, and what it means.</summary>
/// <param name="Kind">What it means.</param>
/// <param name="Text">As given; the PBX gets it like that.</param>
/// <param name="E164">In E.164; null unless public.</param>
/// <param name="Prefix">Digits in front that the outbound routes must want; null when there are none.</param>
/// <param name="Premium">True when calling it costs extra.</param>
/// <param name="Extension">The extension; null unless it is one.</param>
public sealed record DialledNumber(DialledKind Kind, string Text, string? E164 = null, string? Prefix = null, bool Premium = false, ExtensionView? Extension = null)
{
    private const int LongestShort = 6;
    private const int LongestPrefix = 2;
    private const string ExitCode = "00";

    /// <summary>True when it leaves the PBX, as far as can be told.</summary>
    public bool LeavesPbx => Kind is DialledKind.Public or DialledKind.Emergency or DialledKind.Unlikely or DialledKind.CountryUnknown;

    /// <summary>True when there are characters between the digits that the PBX may not understand.</summary>
    public bool HasPunctuation => Text.Any(c => !IsDialled(c));

    /// <summary>Reads a number.</summary>
    /// <param name="text">As given.</param>
    /// <param name="country">ISO 3166 code of the site's country; null when not configured.</param>
    /// <param name="extensions">The site's extensions as known.</param>
    public static DialledNumber Read(string text, string? country, IReadOnlyList<ExtensionView> extensions)
    {
        if (ExtensionNumber.TryParse(text, out var number) && extensions.FirstOrDefault(view => view.Number == number) is { } extension)
        {
            return new DialledNumber(DialledKind.Extension, text, Extension: extension);
        }

        var dialled = string.Concat(text.Where(c => c is not (' ' or '.' or '-' or '/' or '(' or ')')));
        if (dialled.Length == 0 || !dialled.All(IsDialled) || dialled.LastIndexOf('+') > 0)
        {
            return new DialledNumber(DialledKind.NotDialable, text);
        }

        if (dialled[0] is '*' or '#')
        {
            return new DialledNumber(DialledKind.FeatureCode, text);
        }

        if (IsEmergency(dialled, country))
        {
            return new DialledNumber(DialledKind.Emergency, text);
        }

        return Public(text, dialled, country) ?? new DialledNumber(
            dialled.Length <= LongestShort && dialled[0] != '+' ? DialledKind.Short : country is null && dialled[0] != '+' ? DialledKind.CountryUnknown : DialledKind.Unlikely,
            text);
    }

    /// <summary>The number itself first; then without what outbound routes often want in front, <c>0</c> or <c>9</c>.</summary>
    private static DialledNumber? Public(string text, string dialled, string? country)
    {
        for (var prefix = 0; prefix <= LongestPrefix && prefix < dialled.Length; prefix++)
        {
            var rest = dialled[prefix..];
            var e164 = PublicNumber.E164(rest, country) ?? (rest.StartsWith(ExitCode, StringComparison.Ordinal) ? PublicNumber.E164("+" + rest[ExitCode.Length..], country) : null);
            if (e164 is not null)
            {
                var type = PhoneNumberUtil.GetInstance().GetNumberType(PhoneNumberUtil.GetInstance().Parse(e164, defaultRegion: null));
                return new DialledNumber(DialledKind.Public, text, e164, prefix == 0 ? null : dialled[..prefix], type is PhoneNumberType.PREMIUM_RATE or PhoneNumberType.SHARED_COST);
            }

            if (dialled[0] == '+')
            {
                return null;
            }
        }

        return null;
    }

    private static bool IsEmergency(string dialled, string? country) =>
        country is not null && ShortNumberInfo.GetInstance().IsEmergencyNumber(dialled, country);

    private static bool IsDialled(char c) => char.IsAsciiDigit(c) || c is '+' or '*' or '#';
}
