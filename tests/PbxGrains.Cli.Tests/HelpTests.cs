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

    private static RootCommand Root()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) });
        return new PbxCommandLine(new Terminal(console, console, TextReader.Null, false, false, () => Stream.Null), _ => null, TimeProvider.System).BuildRoot();
    }

    private static IEnumerable<Command> Commands(Command command) => command.Subcommands.SelectMany(Commands).Prepend(command);
}
