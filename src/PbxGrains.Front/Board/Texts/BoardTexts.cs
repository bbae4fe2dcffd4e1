using System.Collections;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using PbxGrains.Contracts.Sites;

namespace PbxGrains.Front.Board.Texts;

/// <summary>Finds texts of the board whose names are made of values.</summary>
internal static class BoardTexts
{
    /// <summary>Texts with this prefix also reach the scripts.</summary>
    private const string ForScriptsPrefix = "Live_";

    private static readonly JsonSerializerOptions Escaped = new() { Encoder = JavaScriptEncoder.Default };

    /// <summary>The text of a stable value, <c>Status_idle</c> for example; the value itself where this version has none.</summary>
    /// <param name="kind">What kind of value.</param>
    /// <param name="value">The value.</param>
    public static string OfValue(string kind, Enum value)
    {
        var name = NameOf(value);
        return BoardText.ResourceManager.GetString($"{ForScriptsPrefix}{kind}_{name}", CultureInfo.CurrentUICulture) ?? name;
    }

    /// <summary>What a warning says: the API's own sentence, in French ours of its code, where there is one.</summary>
    public static string OfWarning(SiteWarning warning) =>
        CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "en"
            ? warning.Message
            : BoardText.ResourceManager.GetString($"{ForScriptsPrefix}Warning_{warning.Code.Replace('-', '_')}", CultureInfo.CurrentUICulture) ?? warning.Message;

    /// <summary>A stable value as the API names it.</summary>
    public static string NameOf(Enum value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    /// <summary>What scripts say, as a JSON object without the prefix of the names; safe within HTML.</summary>
    public static string ForScripts()
    {
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry text in BoardText.ResourceManager.GetResourceSet(CultureInfo.InvariantCulture, createIfNotExists: true, tryParents: true)!)
        {
            if (text.Key is string name && name.StartsWith(ForScriptsPrefix, StringComparison.Ordinal))
            {
                texts[name[ForScriptsPrefix.Length..]] = BoardText.ResourceManager.GetString(name, CultureInfo.CurrentUICulture)!;
            }
        }

        return Json(texts);
    }

    /// <summary>Texts by name as a JSON object, safe within HTML.</summary>
    public static string Json(IReadOnlyDictionary<string, string> texts) => JsonSerializer.Serialize(texts, Escaped);

    /// <summary>JSON made elsewhere, made safe within HTML: no text in it can end the element it stands in.</summary>
    public static string SafeInHtml(string json) => json.Replace("<", "\\u003C", StringComparison.Ordinal);
}
