using System.Globalization;

namespace PbxGrains.Front.Checklists;

/// <summary>The language a reader wants: <c>?lang=</c>, else <c>Accept-Language</c>, else English.</summary>
internal static class ChecklistLanguage
{
    public const string Parameter = "lang";

    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en");
    private static readonly CultureInfo French = CultureInfo.GetCultureInfo("fr");

    /// <summary>The language of an answer to this request.</summary>
    public static CultureInfo Of(HttpRequest request)
    {
        if (Known(request.Query[Parameter].ToString()) is { } asked)
        {
            return asked;
        }

        return request.GetTypedHeaders().AcceptLanguage
            .Where(language => language.Quality is not 0)
            .OrderByDescending(language => language.Quality ?? 1)
            .Select(language => Known(language.Value.ToString()))
            .FirstOrDefault(known => known is not null) ?? English;
    }

    private static CultureInfo? Known(string language) => language.Split('-', 2)[0].ToLowerInvariant() switch
    {
        "fr" => French,
        "en" => English,
        _ => null,
    };
}
