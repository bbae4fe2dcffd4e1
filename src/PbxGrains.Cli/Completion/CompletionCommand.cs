using System.CommandLine;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Completion;

/// <summary><c>pbx completion</c>: the script that teaches a shell to complete <c>pbx</c>.</summary>
internal static class CompletionCommand
{
    private static readonly string[] Shells = ["bash", "zsh", "fish"];

    /// <summary>Builds the command.</summary>
    public static Command Build(GlobalOptions options)
    {
        var shell = new Argument<string>("shell") { Description = Text.Argument_shell, HelpName = string.Join('|', Shells) };
        _ = shell.AcceptOnlyFromAmong(Shells);
        var command = new Command("completion", Text.Command_completion) { shell };
        options.RunLocally(command, async (parse, terminal, ct) =>
        {
            await using var script = typeof(CompletionCommand).Assembly.GetManifestResourceStream("PbxGrains.Cli.Completion.pbx." + parse.GetRequiredValue(shell))!;
            using var reader = new StreamReader(script);
            await terminal.OutputWriter.WriteAsync(await reader.ReadToEndAsync(ct));
            return ExitCode.Ok;
        });
        return command;
    }
}
