using System.Globalization;
using PbxGrains.Cli.Configuration;

namespace PbxGrains.Cli.Terminals;

/// <summary>The language people are spoken to in: English or French.</summary>
internal static class Language
{
    /// <summary>Names that <c>--lang</c> takes.</summary>
    public static readonly string[] Names = ["en", "fr"];

    private static readonly string[] Variables = ["LC_ALL", "LC_MESSAGES", "LANG"];

    /// <summary>
    /// Chooses the language before the command line is parsed, because help is written in it: <c>--lang</c> first, then
    /// <c>PBX_LANG</c> and the settings file, which are about this command alone, then the locale: <c>LC_ALL</c>,
    /// <c>LC_MESSAGES</c> and <c>LANG</c> in the order POSIX gives them; English when none speaks French.
    /// </summary>
    public static CultureInfo Choose(IReadOnlyList<string> arguments, Func<string, string?> environment, SettingsFile settings)
    {
        var wanted = OfArguments(arguments) ?? NonEmpty(environment(SettingsInForce.LanguageVariable)) ?? NonEmpty(settings.Settings.Language) ?? OfEnvironment(environment);
        return CultureInfo.GetCultureInfo(wanted is not null && wanted.StartsWith("fr", StringComparison.OrdinalIgnoreCase) ? "fr-FR" : "en-US");
    }

    private static string? OfArguments(IReadOnlyList<string> arguments)
    {
        const string Option = "--lang";
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == Option && i + 1 < arguments.Count)
            {
                return arguments[i + 1];
            }

            if (arguments[i].StartsWith(Option + "=", StringComparison.Ordinal))
            {
                return arguments[i][(Option.Length + 1)..];
            }
        }

        return null;
    }

    private static string? NonEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;

    private static string? OfEnvironment(Func<string, string?> environment) =>
        Variables.Select(environment).FirstOrDefault(value => !string.IsNullOrEmpty(value));
}
