using System.Globalization;
using System.Resources;
using PbxGrains.Contracts.Sites;

namespace PbxGrains.Front.Sites;

/// <summary>Sentences about a site's health, English and French.</summary>
internal static class SiteHealthTexts
{
    private static readonly ResourceManager Texts = new(typeof(SiteHealthTexts).FullName!, typeof(SiteHealthTexts).Assembly);

    /// <summary>The sentence of a reason, its particulars in brackets.</summary>
    public static string Sentence(SiteHealthReason reason, string? detail, CultureInfo culture)
    {
        var sentence = Texts.GetString(reason.ToString(), culture) ?? throw new MissingManifestResourceException($"No sentence for {reason}.");
        return string.IsNullOrWhiteSpace(detail) ? sentence : $"{sentence} ({detail.TrimEnd('.')})";
    }
}
