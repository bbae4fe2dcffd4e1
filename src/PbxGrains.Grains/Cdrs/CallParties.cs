using PhoneNumbers;

namespace PbxGrains.Grains.Cdrs;

/// <summary>
/// Who was called, taken apart: a group or queue that passed the call on writes itself before the one who answered,
/// <c>6200(4002)</c> (fact sheet S-Series §9).
/// </summary>
/// <param name="Number">The number called; the group's when there is one.</param>
/// <param name="AnsweredBy">The extension that answered within the group; null when there is no group.</param>
public readonly record struct CalledParty(string? Number, string? AnsweredBy)
{
    /// <summary>Takes a callee apart.</summary>
    public static CalledParty Of(string? callee)
    {
        if (callee is [.., ')'] && callee.LastIndexOf('(') is > 0 and var open && open < callee.Length - 2)
        {
            return new CalledParty(callee[..open].Trim(), callee[(open + 1)..^1].Trim());
        }

        return new CalledParty(callee, AnsweredBy: null);
    }

    /// <summary>True when a group passed the call on.</summary>
    public bool IsGroup => AnsweredBy is not null;
}

/// <summary>Numbers of the public network in E.164.</summary>
public static class PublicNumber
{
    private const int ShortestPublic = 5;

    /// <summary>A number as dialled or shown, in E.164; null when it is none, or the country is not known.</summary>
    /// <param name="number">The number; any notation.</param>
    /// <param name="country">ISO 3166 code of the site's country; null reads international notation only.</param>
    public static string? E164(string? number, string? country)
    {
        if (number is not { Length: >= ShortestPublic } || (country is null && number[0] != '+'))
        {
            return null;
        }

        var util = PhoneNumberUtil.GetInstance();
        try
        {
            var parsed = util.Parse(number, country);
            return util.IsValidNumber(parsed) ? util.Format(parsed, PhoneNumberFormat.E164) : null;
        }
        catch (NumberParseException)
        {
            return null;
        }
    }
}
