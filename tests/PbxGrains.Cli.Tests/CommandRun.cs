using PbxGrains.Cli.Terminals;
using Spectre.Console;

namespace PbxGrains.Cli.Tests;

/// <summary>Runs command lines in this process and keeps what they wrote.</summary>
internal sealed record CommandRun
{
    /// <summary>The key every run presents unless it brings its own.</summary>
    public const string Key = "pbx_abcd_0123456789";

    /// <summary>Exit code.</summary>
    public required ExitCode ExitCode { get; init; }

    /// <summary>Standard output.</summary>
    public required string Output { get; init; }

    /// <summary>What was written to standard output as bytes.</summary>
    public required byte[] OutputBytes { get; init; }

    /// <summary>Standard error.</summary>
    public required string Error { get; init; }

    /// <summary>Both.</summary>
    public string Everything => Output + Error;

    /// <summary>Runs a command line against a front.</summary>
    /// <param name="front">The front; null for none.</param>
    /// <param name="arguments">What is typed after <c>pbx</c>.</param>
    /// <param name="language">Value of <c>LANG</c>.</param>
    /// <param name="answers">Lines typed at questions; null when nobody is there to answer.</param>
    /// <param name="stdin">Standard input.</param>
    /// <param name="environment">More environment variables; a null value unsets.</param>
    /// <param name="time">The clock.</param>
    /// <param name="interrupt">Ctrl-C.</param>
    public static async Task<CommandRun> Of(
        ScriptedFront? front,
        string[] arguments,
        string language = "en_US.UTF-8",
        string[]? answers = null,
        string stdin = "",
        IReadOnlyDictionary<string, string?>? environment = null,
        TimeProvider? time = null,
        CancellationTokenSource? interrupt = null)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var bytes = new MemoryStream();
        var variables = new Dictionary<string, string?> { ["LANG"] = language, ["PBX_API_KEY"] = Key, ["PBX_URL"] = front?.Url };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            variables[name] = value;
        }

        var terminal = new Terminal(
            new ScriptedConsole(ConsoleOver(output, answers is not null), answers ?? []),
            ConsoleOver(error, interactive: false),
            new StringReader(stdin),
            interactive: answers is not null,
            decorated: answers is not null,
            () => bytes);
        var commandLine = new PbxCommandLine(terminal, name => variables.GetValueOrDefault(name), time ?? TimeProvider.System);
        var exitCode = await commandLine.RunAsync(arguments, interrupt?.Token ?? TestContext.Current.CancellationToken);
        return new CommandRun { ExitCode = exitCode, Output = output.ToString(), OutputBytes = bytes.ToArray(), Error = error.ToString() };
    }

    private static IAnsiConsole ConsoleOver(TextWriter writer, bool interactive)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = interactive ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = 240;
        return console;
    }
}
