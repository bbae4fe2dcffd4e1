using System.Globalization;
using PbxGrains.Contracts.Sites;
using PbxGrains.Front.Board.Texts;
using PbxGrains.Front.Sites;

namespace PbxGrains.Front.Board.Sites;

/// <summary>Why a site does as it does, in the reader's language.</summary>
internal static class SiteSentences
{
    /// <summary>The sentence of a status.</summary>
    public static string Of(SiteStatusResource status) => SiteHealthTexts.Sentence(status.Reason, status.Detail, CultureInfo.CurrentUICulture);

    /// <summary>All sentences by reason, as a JSON object; safe within HTML.</summary>
    public static string ForScripts() => BoardTexts.Json(Enum.GetValues<SiteHealthReason>()
        .ToDictionary(reason => BoardTexts.NameOf(reason), reason => SiteHealthTexts.Sentence(reason, detail: null, CultureInfo.CurrentUICulture), StringComparer.Ordinal));
}
