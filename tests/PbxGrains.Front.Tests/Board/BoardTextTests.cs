using System.Collections;
using System.Globalization;
using System.Text.Json;
using PbxGrains.Contracts.Calls;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Contracts.Reports;
using PbxGrains.Contracts.Sites;
using PbxGrains.Front.Board.Texts;
using PbxGrains.Grains.Reports;

namespace PbxGrains.Front.Tests.Board;

public sealed class BoardTextTests
{
    private static readonly CultureInfo French = CultureInfo.GetCultureInfo("fr");

    [Fact]
    public void Both_languages_have_the_same_texts_with_the_same_gaps()
    {
        var english = Texts(CultureInfo.InvariantCulture);
        var french = Texts(French);

        french.Keys.Should().BeEquivalentTo(english.Keys);
        english.Where(text => Gaps(text.Value) != Gaps(french[text.Key])).Should().BeEmpty();
    }

    [Fact]
    public void Every_value_the_board_shows_has_a_text()
    {
        var texts = Texts(CultureInfo.InvariantCulture);

        Missing<SiteHealth>("Health", texts).Should().BeEmpty();
        Missing<SiteHealthReason>("SiteReason", texts).Should().BeEmpty();
        Missing<PushState>("Push", texts).Should().BeEmpty();
        Missing<ExtensionStatus>("Status", texts).Should().BeEmpty();
        Missing<CallState>("SiteCall", texts).Should().BeEmpty();
        Missing<ReportReceipt>("Receipt", texts).Should().Equal("Live_Receipt_taken"); // the usual: nothing is said about it
        ReportWords.All.Select(word => $"Live_ReportKind_{word}").Where(name => !texts.ContainsKey(name)).Should().BeEmpty();
    }

    private static IEnumerable<string> Missing<T>(string kind, Dictionary<string, string> texts)
        where T : struct, Enum =>
        Enum.GetNames<T>().Select(name => $"Live_{kind}_{JsonNamingPolicy.CamelCase.ConvertName(name)}").Where(name => !texts.ContainsKey(name));

    private static Dictionary<string, string> Texts(CultureInfo culture) =>
        BoardText.ResourceManager.GetResourceSet(culture, createIfNotExists: true, tryParents: false)!.Cast<DictionaryEntry>()
            .ToDictionary(text => (string)text.Key, text => (string)text.Value!, StringComparer.Ordinal);

    private static string Gaps(string text) => string.Concat(Enumerable.Range(0, 5).Select(gap => $"{{{gap.ToString(CultureInfo.InvariantCulture)}}}").Where(text.Contains));
}
