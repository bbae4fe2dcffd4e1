using Spectre.Console;

namespace PbxGrains.Cli.Terminals;

/// <summary>
/// Where commands write and ask. Sentences go straight to the writer, unwrapped: a URL or a key broken over two lines
/// cannot be pasted. Tables and moving progress appear on a terminal only.
/// </summary>
/// <param name="output">Standard output: results.</param>
/// <param name="error">Standard error: what went wrong.</param>
/// <param name="input">Standard input, for <c>--password-stdin</c>.</param>
/// <param name="interactive">True when somebody can be asked: input and output are terminals.</param>
/// <param name="decorated">True when the output is a terminal.</param>
internal sealed class Terminal(IAnsiConsole output, IAnsiConsole error, TextReader input, bool interactive, bool decorated)
{
    /// <summary>Standard input.</summary>
    public TextReader Input => input;

    /// <summary>True when somebody can be asked.</summary>
    public bool Interactive => interactive;

    /// <summary>True once <c>--json</c> was given: standard output then holds the API's answer and nothing else.</summary>
    public bool OnlyJson { get; set; }

    private IAnsiConsole Notes => OnlyJson ? error : output;

    /// <summary>Where help and parser messages go.</summary>
    public TextWriter OutputWriter => output.Profile.Out.Writer;

    /// <summary>Where error messages go.</summary>
    public TextWriter ErrorWriter => error.Profile.Out.Writer;

    /// <summary>The terminal of this process.</summary>
    public static Terminal ForProcess() => new(
        AnsiConsole.Console,
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }),
        Console.In,
        interactive: !Console.IsInputRedirected && !Console.IsOutputRedirected,
        decorated: !Console.IsOutputRedirected);

    /// <summary>Writes a result: standard output, whatever the options.</summary>
    public void Result(string text) => OutputWriter.WriteLine(text);

    /// <summary>Tells the reader something; not part of the result under <c>--json</c>.</summary>
    public void Say(string sentence) => Notes.Profile.Out.Writer.WriteLine(sentence);

    /// <summary>Tells that something went well.</summary>
    public void Good(string sentence) => Marked(Notes, "green", "✓", sentence);

    /// <summary>Tells something that deserves a look but stops nothing.</summary>
    public void Warn(string sentence) => Marked(error, "yellow", "!", sentence);

    /// <summary>Tells what went wrong, on standard error.</summary>
    public void Fail(string sentence) => Marked(error, "red", "✗", sentence);

    /// <summary>Writes rows: a table on a terminal, tab-separated lines elsewhere.</summary>
    public void Rows(IReadOnlyList<string> headings, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        if (!decorated)
        {
            Result(string.Join('\t', headings));
            foreach (var row in rows)
            {
                Result(string.Join('\t', row));
            }

            return;
        }

        var table = new Table().RoundedBorder();
        foreach (var heading in headings)
        {
            _ = table.AddColumn(new TableColumn(new Markup($"[bold]{Markup.Escape(heading)}[/]")));
        }

        foreach (var row in rows)
        {
            _ = table.AddRow(row.Select(cell => new Spectre.Console.Text(cell)));
        }

        output.Write(table);
    }

    /// <summary>Works while telling what is going on: a spinner on a terminal, a line per change elsewhere.</summary>
    /// <param name="first">What is told at the start.</param>
    /// <param name="work">The work; it may change what is told.</param>
    public async Task<T> Progress<T>(string first, Func<Action<string>, Task<T>> work)
    {
        if (decorated && !OnlyJson)
        {
            return await output.Status().StartAsync(Markup.Escape(first), status => work(text => status.Status(Markup.Escape(text))));
        }

        var last = first;
        Say(first);
        return await work(text =>
        {
            if (text != last)
            {
                last = text;
                Say(text);
            }
        });
    }

    /// <summary>Asks for a line.</summary>
    /// <param name="question">The question.</param>
    /// <param name="suggestion">Taken when nothing is typed; null when there is none.</param>
    /// <param name="ct">Cancels asking.</param>
    public Task<string> Ask(string question, string? suggestion, CancellationToken ct)
    {
        // Behind a suggestion the prompt sets a colon of its own.
        var prompt = suggestion is null
            ? new TextPrompt<string>(Markup.Escape(question))
            : new TextPrompt<string>(Markup.Escape(question.TrimEnd(':', ' ', '\u00A0'))).DefaultValue(suggestion);
        return prompt.AllowEmpty().ShowAsync(output, ct);
    }

    /// <summary>Asks for something nobody may read over the shoulder: what is typed is not shown at all.</summary>
    public Task<string> AskHidden(string question, CancellationToken ct) =>
        new TextPrompt<string>(Markup.Escape(question)).AllowEmpty().Secret(null).ShowAsync(output, ct);

    /// <summary>Asks a question to be answered yes or no.</summary>
    public Task<bool> Confirm(string question, bool suggestion, CancellationToken ct) =>
        new ConfirmationPrompt(Markup.Escape(question))
        {
            DefaultValue = suggestion,
            Yes = Texts.Text.Yes[0],
            No = Texts.Text.No[0],
            InvalidChoiceMessage = Markup.Escape(Texts.Text.YesOrNo),
        }.ShowAsync(output, ct);

    /// <summary>Leaves the terminal as it was found, whatever was going on.</summary>
    public void Restore()
    {
        if (decorated)
        {
            output.Cursor.Show();
        }
    }

    private static void Marked(IAnsiConsole console, string colour, string mark, string sentence)
    {
        if (console.Profile.Capabilities.Ansi)
        {
            console.Markup($"[{colour}]{mark}[/] ");
        }

        console.Profile.Out.Writer.WriteLine(sentence);
    }
}
