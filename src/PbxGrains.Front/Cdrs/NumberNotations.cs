using PbxGrains.Grains.Cdrs;
using PhoneNumbers;

namespace PbxGrains.Front.Cdrs;

/// <summary>Every way in which records may hold one number.</summary>
/// <param name="Certain">Mean that number wherever they stand: as typed, and in E.164.</param>
/// <param name="Ambiguous">Mean it at the sites asked, unless a record itself knows better: national ones, those with an exit code.</param>
internal sealed record NumberNotations(IReadOnlyList<string> Certain, IReadOnlyList<string> Ambiguous)
{
    private const string ExitCode = "00";

    /// <summary>The notations of a number as somebody typed it.</summary>
    /// <param name="typed">In any notation; an extension's number as well.</param>
    /// <param name="countries">ISO 3166 codes of the countries in which a national notation is read.</param>
    public static NumberNotations Of(string typed, IReadOnlyCollection<string> countries)
    {
        var dialled = Dialled(typed);
        string[] international = dialled.StartsWith(ExitCode, StringComparison.Ordinal) ? [dialled, "+" + dialled[ExitCode.Length..]] : [dialled];
        var e164 = international.SelectMany(number => countries.Append(null).Select(country => PublicNumber.E164(number, country)))
            .OfType<string>().Distinct(StringComparer.Ordinal).ToList();

        List<string> certain = [.. new[] { typed.Trim(), dialled }.Concat(e164).Distinct(StringComparer.Ordinal)];
        return new NumberNotations(certain, [.. e164.SelectMany(number => Others(number, countries)).Distinct(StringComparer.Ordinal).Except(certain, StringComparer.Ordinal)]);
    }

    private static IEnumerable<string> Others(string e164, IEnumerable<string> countries)
    {
        var util = PhoneNumberUtil.GetInstance();
        var number = util.Parse(e164, defaultRegion: null);
        yield return e164[1..];
        yield return ExitCode + e164[1..];
        yield return util.Format(number, PhoneNumberFormat.INTERNATIONAL);
        foreach (var country in countries)
        {
            var fromThere = util.FormatOutOfCountryCallingNumber(number, country);
            yield return fromThere;
            yield return Dialled(fromThere);
            if (util.GetCountryCodeForRegion(country) == number.CountryCode)
            {
                var atHome = util.Format(number, PhoneNumberFormat.NATIONAL);
                yield return atHome;
                yield return Dialled(atHome);
            }
        }
    }

    /// <summary>What a telephone is given: without what people write between the digits.</summary>
    private static string Dialled(string number) => string.Concat(number.Where(c => !char.IsWhiteSpace(c) && c is not ('.' or '-' or '/' or '(' or ')')));
}
