using PbxGrains.Cli.Configuration;
using PbxGrains.Cli.Terminals;

namespace PbxGrains.Cli.Tests.Terminals;

public sealed class LanguageTests
{
    [Theory]
    [InlineData("", null, null, null, "en")]
    [InlineData("", null, null, "fr_FR.UTF-8", "fr")]
    [InlineData("", null, null, "fr", "fr")]
    [InlineData("", null, null, "de_DE.UTF-8", "en")]
    [InlineData("", null, null, "C", "en")]
    [InlineData("", null, "fr_CA.UTF-8", "en_US.UTF-8", "fr")]
    [InlineData("", "C", "fr_CA.UTF-8", "fr_FR", "en")]
    [InlineData("", "", "", "fr_FR", "fr")]
    [InlineData("--lang fr", "en_US", null, null, "fr")]
    [InlineData("--lang=fr", null, null, null, "fr")]
    [InlineData("--lang en", null, null, "fr_FR", "en")]
    public void The_option_comes_first_then_the_environment_in_the_order_of_POSIX(string arguments, string? all, string? messages, string? lang, string expected)
    {
        var environment = new Dictionary<string, string?> { ["LC_ALL"] = all, ["LC_MESSAGES"] = messages, ["LANG"] = lang };

        var language = Language.Choose(arguments.Split(' '), environment.GetValueOrDefault, new SettingsFile(environment.GetValueOrDefault));

        language.TwoLetterISOLanguageName.Should().Be(expected);
    }
}
