using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace PbxGrains.Contracts;

/// <summary>
/// Names one site: a PBX and everything behind it. Lower-case letters, digits and hyphens, 1 to 63 characters,
/// starting with a letter or digit; it appears in URLs, grain keys and logs.
/// </summary>
[GenerateSerializer, Immutable, Alias("pbx.SiteId")]
public readonly partial record struct SiteId
{
    private SiteId(string value) => Value = value;

    /// <summary>The identifier as text. Never null in a value made by <see cref="Parse"/> or <see cref="TryParse"/>.</summary>
    [Id(0)]
    public string Value { get; }

    /// <summary>Key of the site's grain. The prefix keeps hex-looking ids apart in grain storage.</summary>
    public string GrainKey => KeyPrefix + Value;

    private const string KeyPrefix = "site:";

    /// <summary>Reads an identifier, refusing anything that is not one.</summary>
    /// <exception cref="FormatException">The text is not a site id.</exception>
    public static SiteId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not a site id: use 1 to 63 lower-case letters, digits and hyphens.");

    /// <summary>Reads an identifier; false when the text is not one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out SiteId id)
    {
        var valid = text is not null && Pattern().IsMatch(text);
        id = valid ? new SiteId(text!) : default;
        return valid;
    }

    /// <summary>The site whose grain has this key.</summary>
    /// <exception cref="FormatException">The key is not a site grain's.</exception>
    public static SiteId FromGrainKey(string key) =>
        key.StartsWith(KeyPrefix, StringComparison.Ordinal) ? Parse(key[KeyPrefix.Length..]) : throw new FormatException($"'{key}' is not the key of a site grain.");

    /// <inheritdoc />
    public override string ToString() => Value;

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,62}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}

/// <summary>
/// The number of an extension exactly as the PBX knows it: text, because leading zeros count (<c>0010</c> is not <c>10</c>).
/// </summary>
[GenerateSerializer, Immutable, Alias("pbx.ExtensionNumber")]
public readonly record struct ExtensionNumber
{
    private const int Longest = 32;

    // Each extension of each list comes by here: no regular expression.
    private static readonly SearchValues<char> Allowed = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz*#+._-");

    private ExtensionNumber(string value) => Value = value;

    /// <summary>The number as text.</summary>
    [Id(0)]
    public string Value { get; }

    /// <summary>Reads a number, refusing anything that is not one.</summary>
    /// <exception cref="FormatException">The text is not an extension number.</exception>
    public static ExtensionNumber Parse(string text) =>
        TryParse(text, out var number) ? number : throw new FormatException($"'{text}' is not an extension number: use 1 to 32 digits or letters.");

    /// <summary>Reads a number; false when the text is not one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ExtensionNumber number)
    {
        var valid = text is { Length: > 0 and <= Longest } && !text.AsSpan().ContainsAnyExcept(Allowed);
        number = valid ? new ExtensionNumber(text!) : default;
        return valid;
    }

    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>One extension of one site; the identity of an extension grain.</summary>
/// <param name="Site">The site.</param>
/// <param name="Number">The extension's number there.</param>
[GenerateSerializer, Immutable, Alias("pbx.ExtensionId")]
public readonly record struct ExtensionId([property: Id(0)] SiteId Site, [property: Id(1)] ExtensionNumber Number)
{
    private const string KeyPrefix = "ext:";

    /// <summary>Key of the extension's grain, <c>ext:{site}/{number}</c>.</summary>
    public string GrainKey => $"{KeyPrefix}{Site.Value}/{Number.Value}";

    /// <summary>The extension whose grain has this key.</summary>
    /// <exception cref="FormatException">The key is not an extension grain's.</exception>
    public static ExtensionId FromGrainKey(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !key.StartsWith(KeyPrefix, StringComparison.Ordinal))
        {
            throw new FormatException($"'{key}' is not the key of an extension grain.");
        }

        return new ExtensionId(SiteId.Parse(key[KeyPrefix.Length..slash]), ExtensionNumber.Parse(key[(slash + 1)..]));
    }

    /// <inheritdoc />
    public override string ToString() => $"{Site.Value}/{Number.Value}";
}

/// <summary>
/// The PBX's name for one call, <c>{epoch seconds}.{counter}</c>. Text: <c>….10</c> and <c>….1</c> are different calls.
/// </summary>
[GenerateSerializer, Immutable, Alias("pbx.CallId")]
public readonly partial record struct CallId
{
    private CallId(string value) => Value = value;

    /// <summary>The identifier as text.</summary>
    [Id(0)]
    public string Value { get; }

    /// <summary>Reads an identifier, refusing anything that is not one.</summary>
    /// <exception cref="FormatException">The text is not a call id.</exception>
    public static CallId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not a call id.");

    /// <summary>Reads an identifier; false when the text is not one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out CallId id)
    {
        var valid = text is not null && Pattern().IsMatch(text);
        id = valid ? new CallId(text!) : default;
        return valid;
    }

    /// <inheritdoc />
    public override string ToString() => Value;

    [GeneratedRegex(@"\A[0-9A-Za-z._:-]{1,64}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
