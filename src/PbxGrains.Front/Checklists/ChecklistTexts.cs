using System.Globalization;
using System.Resources;

namespace PbxGrains.Front.Checklists;

/// <summary>Sentences of the checklist, English and French.</summary>
internal static class ChecklistTexts
{
    private static readonly ResourceManager Texts = new(typeof(ChecklistTexts).FullName!, typeof(ChecklistTexts).Assembly);

    /// <summary>A text; null when there is none of that name.</summary>
    public static string? Find(string name, CultureInfo culture) => Texts.GetString(name, culture);

    /// <summary>A text in a language of its own, without falling back to another.</summary>
    public static string? FindExactly(string name, CultureInfo culture) =>
        Texts.GetResourceSet(culture, createIfNotExists: true, tryParents: false)?.GetString(name);
}
