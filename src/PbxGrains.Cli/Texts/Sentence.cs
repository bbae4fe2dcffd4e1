using System.Globalization;

namespace PbxGrains.Cli.Texts;

/// <summary>Fills and finds texts in the reader's language, which is the flow's UI culture.</summary>
internal static class Sentence
{
    /// <summary>Fills the placeholders of a text.</summary>
    public static string Of(string text, params object?[] values) => string.Format(CultureInfo.CurrentCulture, text, values);

    /// <summary>The text of a stable value of the API, <c>Health_online</c> for example; the fallback when there is none.</summary>
    /// <param name="kind">What kind of value: <c>Health</c>, <c>Reason</c>, <c>Problem</c> and so on.</param>
    /// <param name="value">The value as the API writes it; null gives the fallback.</param>
    /// <param name="fallback">What to say of a value this version does not know.</param>
    public static string OfValue(string kind, string? value, string? fallback = null) =>
        (value is null ? null : Text.ResourceManager.GetString($"{kind}_{value.Replace('-', '_')}", CultureInfo.CurrentUICulture))
        ?? fallback ?? value ?? string.Empty;

    /// <summary>True when the reader's language is the one the API writes its sentences in.</summary>
    public static bool ReaderKnowsApiLanguage => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "en";
}
