using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using PbxGrains.Contracts.Checklists;
using PbxGrains.Front.Checklists;
using PbxGrains.Grains.Checklists;

namespace PbxGrains.Front.Tests.Checklists;

public sealed partial class ChecklistTextsTests
{
    private static readonly IReadOnlyList<Finding> Findings =
    [
        .. typeof(Finding).Assembly.GetTypes().Where(type => type.Name.EndsWith("Findings", StringComparison.Ordinal))
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public)).Where(field => field.FieldType == typeof(Finding)).Select(field => (Finding)field.GetValue(null)!),
    ];

    private static readonly IReadOnlyList<string> Items =
    [
        .. typeof(Finding).Assembly.GetTypes().Where(type => type.Namespace == typeof(Finding).Namespace && (type.Name.EndsWith("Checks", StringComparison.Ordinal) || type == typeof(ReturnPathCheck)))
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public)).Where(field => field.IsLiteral && field.FieldType == typeof(string)).Select(field => (string)field.GetRawConstantValue()!),
    ];

    [Theory]
    [InlineData("")]
    [InlineData("fr")]
    public void Every_finding_and_every_item_has_its_sentences(string language)
    {
        var culture = CultureInfo.GetCultureInfo(language);
        Findings.Count.Should().BeGreaterThan(80);
        Findings.Select(finding => finding.Code).Should().OnlyHaveUniqueItems();
        Items.Count.Should().BeGreaterThan(30);

        Items.Where(item => ChecklistTexts.FindExactly($"Title_{item}", culture) is null).Should().BeEmpty();
        Findings.Where(finding => ChecklistTexts.FindExactly($"Evidence_{finding.Code}", culture) is null).Should().BeEmpty();
        Findings.Where(finding => finding.Verdict != ChecklistVerdict.Pass && ChecklistTexts.FindExactly($"Remedy_{finding.Code}", culture) is null).Should().BeEmpty();
    }

    [Fact]
    public void Both_languages_name_the_same_facts()
    {
        foreach (var finding in Findings)
        {
            foreach (var kind in new[] { "Evidence", "Remedy" })
            {
                var english = ChecklistTexts.FindExactly($"{kind}_{finding.Code}", CultureInfo.InvariantCulture);
                var french = ChecklistTexts.FindExactly($"{kind}_{finding.Code}", CultureInfo.GetCultureInfo("fr"));
                Places(french).Should().BeEquivalentTo(Places(english), "{0}_{1}", kind, finding.Code);
            }
        }
    }

    [Fact]
    public void Facts_are_read_as_people_of_the_site_read_them()
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal) { ["age"] = "125", ["at"] = "2026-03-02T09:00:00Z", ["share"] = "0.25", ["free"] = "5368709120" };
        var paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

        Fill("{age:span}, {at:time}, {share:percent}, {free:size}[, {none}]", "fr").Should().Be("2\u00a0min, 2 mars 2026 à 10:00:00, 25\u00a0%, 5\u00a0Gio");
        Fill("{age:span}, {at:time}, {share:percent}, {free:size}, {none}", "en").Should().Be("2\u00a0min, 2 March 2026, 10:00:00, 25\u00a0%, 5\u00a0GiB, –");

        string Fill(string sentence, string language) => FactWords.Fill(sentence, facts, paris, CultureInfo.GetCultureInfo(language));
    }

    private static IReadOnlyList<string> Places(string? sentence) => [.. Place().Matches(sentence ?? "").Select(place => place.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Place();
}
