using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;
using PbxGrains.Cli.Agents;
using PbxGrains.Cli.Calls;
using PbxGrains.Cli.Cdrs;
using PbxGrains.Cli.Completion;
using PbxGrains.Cli.Configuration;
using PbxGrains.Cli.Events;
using PbxGrains.Cli.Extensions;
using PbxGrains.Cli.Keys;
using PbxGrains.Cli.Recordings;
using PbxGrains.Cli.Sites;
using PbxGrains.Cli.Status;
using PbxGrains.Cli.Subscriptions;
using PbxGrains.Cli.Terminals;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli;

/// <summary>The command line <c>pbx</c>.</summary>
/// <param name="terminal">Where it writes and asks.</param>
/// <param name="environment">Environment variables.</param>
/// <param name="time">The clock.</param>
internal sealed class PbxCommandLine(Terminal terminal, Func<string, string?> environment, TimeProvider time)
{
    private readonly SettingsFile _settings = new(environment);

    /// <summary>Runs one command line.</summary>
    /// <param name="arguments">What was typed after <c>pbx</c>.</param>
    /// <param name="ct">Interrupts, as Ctrl-C does.</param>
    public async Task<ExitCode> RunAsync(IReadOnlyList<string> arguments, CancellationToken ct = default)
    {
        // Cultures flow with this call only: tests in two languages run side by side.
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = Language.Choose(arguments, environment, _settings);
        var parse = BuildRoot().Parse(arguments);
        if (parse.Action is ParseErrorAction)
        {
            return RefuseUsage(parse);
        }

        try
        {
            var configuration = new InvocationConfiguration
            {
                Output = terminal.OutputWriter,
                Error = terminal.ErrorWriter,
                EnableDefaultExceptionHandler = false,

                // Its handler would be in place only after the command has begun; interruptions come by the token instead.
                ProcessTerminationTimeout = null,
            };
            return (ExitCode)await parse.InvokeAsync(configuration, ct);
        }
        catch (OperationCanceledException)
        {
            terminal.Restore();
            terminal.ErrorWriter.WriteLine();
            terminal.Fail(Text.Interrupted);
            return ExitCode.Interrupted;
        }
    }

    /// <summary>All commands with their options, in the language of the flow.</summary>
    public RootCommand BuildRoot()
    {
        var options = new GlobalOptions(terminal, environment, _settings, time);
        var root = new RootCommand(Text.Root_description)
        {
            SiteCommands.Build(options),
            ExtensionCommands.Build(options),
            CallCommands.Build(options),
            CdrCommands.Build(options),
            RecordingCommands.Build(options),
            TailCommand.Build(options),
            KeyCommands.Build(options),
            AgentCommands.Build(options),
            SubscriptionCommands.Build(options),
            StatusCommand.Build(options),
            ConfigCommands.Build(options),
            CompletionCommand.Build(options),
            HelpCommand.Build(options),
        };
        options.AddTo(root);
        new IdCompletion(options, environment).AddTo(root);
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpWithExamples((HelpAction)help.Action!);
            help.Description = Text.Option_help;

            // A path that begins so is no wish for help.
            _ = help.Aliases.Remove("/?");
            _ = help.Aliases.Remove("/h");
        }

        foreach (var version in root.Options.OfType<VersionOption>())
        {
            version.Description = Text.Option_version;
        }

        return root;
    }

    private ExitCode RefuseUsage(ParseResult parse)
    {
        foreach (var error in parse.Errors)
        {
            terminal.Fail(error.Message);
        }

        terminal.ErrorWriter.WriteLine(Sentence.Of(Text.Usage_hint, HelpWithExamples.PathOf(parse.CommandResult.Command)));
        return ExitCode.Usage;
    }
}
