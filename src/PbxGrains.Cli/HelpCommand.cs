using System.CommandLine;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli;

/// <summary><c>pbx help</c>: of a command, or about what concerns all of them.</summary>
internal static class HelpCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(GlobalOptions options)
    {
        var words = new Argument<string[]>("topic") { Description = Text.Argument_help_topic, Arity = ArgumentArity.ZeroOrMore };
        words.CompletionSources.Add(_ => [new("configuration"), new("exit-codes")]);
        var command = new Command("help", Text.Command_help) { words };
        options.RunLocally(command, async (parse, terminal, ct) =>
        {
            switch (parse.GetValue(words))
            {
                case ["exit-codes"]:
                    terminal.Result(Text.Help_exit_codes);
                    return ExitCode.Ok;
                case ["configuration"]:
                    terminal.Result(Sentence.Of(Text.Help_configuration, options.SettingsFile.Path ?? "~/.config/pbx/config.json"));
                    return ExitCode.Ok;
                case var path:
                    var root = parse.RootCommandResult.Command;
                    if (root.Parse(path ?? []).UnmatchedTokens.Count > 0)
                    {
                        terminal.Fail(Sentence.Of(Text.Help_unknown, string.Join(' ', path ?? [])));
                        return ExitCode.Usage;
                    }

                    return (ExitCode)await root.Parse([.. path ?? [], "--help"]).InvokeAsync(parse.InvocationConfiguration, ct);
            }
        });
        return command;
    }
}
