using System.CommandLine;
using PbxGrains.Cli.Terminals;
using Spectre.Console;

namespace PbxGrains.Cli.Tests;

public sealed class HelpTests
{
    public static TheoryData<string, string> EveryCommandInBothLanguages()
    {
        var data = new TheoryData<string, string>();
        foreach (var command in Commands(Root()))
        {
            data.Add(HelpWithExamples.PathOf(command), "en");
            data.Add(HelpWithExamples.PathOf(command), "fr");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(EveryCommandInBothLanguages))]
    public async Task Every_command_explains_itself_with_examples_and_exit_codes(string path, string language)
    {
        var words = path.Split(' ')[1..];

        var run = await CommandRun.Of(null, [.. words, "--help", "--lang", language]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain("  pbx " + string.Join(' ', words)).And.Contain("130").And.Contain(language == "fr" ? "Exemples" : "Examples");
        run.Error.Should().BeEmpty();
    }

    [Fact]
    public void Every_command_has_examples_that_the_parser_understands()
    {
        var root = Root();

        foreach (var command in Commands(root))
        {
            var examples = HelpWithExamples.ExamplesOf(command);
            examples.Should().NotBeEmpty(HelpWithExamples.PathOf(command));
            foreach (var example in examples)
            {
                root.Parse(example.Split([" <", " >"], StringSplitOptions.None)[0]["pbx ".Length..]).Errors.Should().BeEmpty(example);
            }
        }
    }

    [Theory]
    [InlineData("130  interrupted", "exit-codes")]
    [InlineData("PBX_API_KEY_FILE", "configuration")]
    [InlineData("pbx site add --update --id paris", "site", "add")]
    [InlineData("pbx status")]
    public async Task Help_tells_about_commands_and_about_what_concerns_all(string told, params string[] topic)
    {
        var run = await CommandRun.Of(null, ["help", .. topic], environment: new Dictionary<string, string?> { ["PBX_API_KEY"] = null });

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain(told);
    }

    [Fact]
    public async Task Help_about_nothing_there_is_says_so()
    {
        var run = await CommandRun.Of(null, ["help", "sites"]);

        run.ExitCode.Should().Be(ExitCode.Usage);
        run.Error.Should().Contain("sites");
    }

    [Fact]
    public void Every_exit_code_is_documented_in_both_languages()
    {
        foreach (var code in Enum.GetValues<ExitCode>())
        {
            foreach (var language in new[] { "en", "fr" })
            {
                PbxGrains.Cli.Texts.Text.ResourceManager.GetString("Help_exit_codes", System.Globalization.CultureInfo.GetCultureInfo(language))
                    .Should().MatchRegex($@"(?m)^  {(int)code} ", $"{code} in {language}");
            }
        }
    }

    private static RootCommand Root()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) });
        return new PbxCommandLine(new Terminal(console, console, TextReader.Null, false, false, () => Stream.Null), _ => null, TimeProvider.System).BuildRoot();
    }

    private static IEnumerable<Command> Commands(Command command) => command.Subcommands.SelectMany(Commands).Prepend(command);
}
