using System.Globalization;
using PbxGrains.Contracts.Sites;
using PbxGrains.Front.Sites;

namespace PbxGrains.Front.Tests.Sites;

public sealed class SiteHealthTextsTests
{
    [Fact]
    public void Every_reason_has_a_sentence_in_English_and_another_in_French()
    {
        foreach (var reason in Enum.GetValues<SiteHealthReason>())
        {
            var english = SiteHealthTexts.Sentence(reason, detail: null, CultureInfo.InvariantCulture);
            var french = SiteHealthTexts.Sentence(reason, detail: null, CultureInfo.GetCultureInfo("fr-FR"));

            english.Should().EndWith(".");
            french.Should().EndWith(".").And.NotBe(english);
        }
    }

    [Fact]
    public void Particulars_stand_in_brackets() =>
        SiteHealthTexts.Sentence(SiteHealthReason.Polling, "dialect 2.0.0.", CultureInfo.InvariantCulture).Should().EndWith("(dialect 2.0.0)");
}
