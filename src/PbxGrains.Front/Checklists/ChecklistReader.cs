using System.Globalization;
using PbxGrains.Contracts.Checklists;

namespace PbxGrains.Front.Checklists;

/// <summary>Reads items out in one language.</summary>
/// <param name="culture">English or French.</param>
/// <param name="zone">Zone in which instants are told.</param>
public sealed class ChecklistReader(CultureInfo culture, TimeZoneInfo zone)
{
    /// <summary>The language.</summary>
    public CultureInfo Culture => culture;

    /// <summary>What an item checks.</summary>
    public string Title(ChecklistItem item) => ChecklistTexts.Find($"Title_{item.Id}", culture) ?? item.Id;

    /// <summary>What was measured.</summary>
    public string Evidence(ChecklistItem item) => Find("Evidence", item) ?? item.Finding;

    /// <summary>What to change where; null when the item passed.</summary>
    public string? Remedy(ChecklistItem item) => item.Verdict == ChecklistVerdict.Pass ? null : Find("Remedy", item);

    /// <summary>A text by a name of ours.</summary>
    public string Text(string name) => ChecklistTexts.Find(name, culture) ?? name;

    /// <summary>An instant as people of the site read it.</summary>
    public string Instant(DateTimeOffset instant) => FactWords.Instant(instant, zone, culture);

    /// <summary>A text of this very item, else of its finding wherever it is found.</summary>
    private string? Find(string kind, ChecklistItem item)
    {
        var text = ChecklistTexts.Find($"{kind}_{item.Id}_{item.Finding}", culture) ?? ChecklistTexts.Find($"{kind}_{item.Finding}", culture);
        return text is null ? null : FactWords.Fill(text, Named(item.Facts), zone, culture);
    }

    /// <summary>Facts that name another item are read as its title.</summary>
    private IReadOnlyDictionary<string, string> Named(IReadOnlyDictionary<string, string> facts) =>
        facts.TryGetValue("item", out var id) && ChecklistTexts.Find($"Title_{id}", culture) is { } title
            ? new Dictionary<string, string>(facts, StringComparer.Ordinal) { ["item"] = title }
            : facts;
}
