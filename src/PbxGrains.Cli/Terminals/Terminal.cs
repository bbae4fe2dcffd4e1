using Spectre.Console;

namespace PbxGrains.Cli.Terminals;

/// <summary>
/// Where commands write and ask. On a terminal sentences break between words; elsewhere, and in results everywhere, a line
/// is a line: a URL or a key broken over two lines cannot be pasted. Tables and moving progress appear on a terminal only.
/// </summary>
/// <param name="output">Standard output: results.</param>
/// <param name="error">Standard error: what went wrong.</param>
/// <param name="input">Standard input, for <c>--password-stdin</c>.</param>
/// <param name="interactive">True when somebody can be asked: input and output are terminals.</param>
/// <param name="decorated">True when the output is a terminal.</param>
/// <param name="outputBytes">Opens standard output for bytes: results that are no text.</param>
internal sealed partial class Terminal(IAnsiConsole output, IAnsiConsole error, TextReader input, bool interactive, bool decorated, Func<Stream> outputBytes)
{
    /// <summary>Standard input.</summary>
    public TextReader Input => input;

    /// <summary>True when somebody can be asked.</summary>
    public bool Interactive => interactive;

    /// <summary>True when the output is a terminal.</summary>
    public bool Decorated => decorated;

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
        decorated: !Console.IsOutputRedirected,
        Console.OpenStandardOutput);

    /// <summary>Writes a result: standard output, whatever the options.</summary>
    public void Result(string text) => OutputWriter.WriteLine(text);

    /// <summary>Writes a result in one line of several parts, a space between them, each in its colour where the output shows colours.</summary>
    /// <param name="parts">The parts; empty ones are left out. A part with a colour is short.</param>
    public void Result(IEnumerable<(string Text, string? Colour)> parts)
    {
        var coloured = decorated && output.Profile.Capabilities.Ansi;
        var between = string.Empty;
        foreach (var (text, colour) in parts)
        {
            if (Printable.Cell(text) is not { Length: > 0 } printed)
            {
                continue;
            }

            OutputWriter.Write(between);
            between = " ";
            if (coloured && colour is not null)
            {
                output.Markup($"[{colour}]{Markup.Escape(printed)}[/]");
            }
            else
            {
                OutputWriter.Write(printed);
            }
        }

        OutputWriter.WriteLine();
    }

    /// <summary>Opens standard output for a result that is bytes; what was written before comes first.</summary>
    public Stream OpenResult()
    {
        OutputWriter.Flush();
        return outputBytes();
    }

    /// <summary>Tells something beside the result: standard error, whatever the options.</summary>
    public void Aside(string sentence) => Line(error, sentence);

    /// <summary>Tells the reader something; not part of the result under <c>--json</c>.</summary>
    public void Say(string sentence) => Line(Notes, sentence);

    /// <summary>Tells that something went well.</summary>
    public void Good(string sentence) => Marked(Notes, "green", "✓", sentence);

    /// <summary>Tells something that deserves a look but stops nothing.</summary>
    public void Warn(string sentence) => Marked(error, "yellow", "!", sentence);

    /// <summary>Tells what went wrong, on standard error.</summary>
    public void Fail(string sentence) => Marked(error, "red", "✗", sentence);

    /// <summary>Writes rows: a table on a terminal, tab-separated lines elsewhere.</summary>
    /// <param name="headings">Names of the columns.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="continued">True when the same rows went on before: elsewhere than on a terminal the headings are not repeated.</param>
    public void Rows(IReadOnlyList<string> headings, IReadOnlyList<IReadOnlyList<string>> rows, bool continued = false)
    {
        if (!decorated)
        {
            if (!continued)
            {
                Result(string.Join('\t', headings.Select(Printable.Cell)));
            }

            foreach (var row in rows)
            {
                Result(string.Join('\t', row.Select(Printable.Cell)));
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
            _ = table.AddRow(row.Select(cell => new Spectre.Console.Text(Printable.Cell(cell))));
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
            return await output.Status().StartAsync(Markup.Escape(Printable.Cell(first)), status => work(text => status.Status(Markup.Escape(Printable.Cell(text)))));
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
    public async Task<string> Ask(string question, string? suggestion, CancellationToken ct)
    {
        var answer = await Prompt(suggestion is null ? question : WithHint(question, $"({suggestion})")).ShowAsync(output, ct);
        return answer.Length == 0 && suggestion is not null ? suggestion : answer;
    }

    /// <summary>Asks for something nobody may read over the shoulder: what is typed is not shown at all.</summary>
    public Task<string> AskHidden(string question, CancellationToken ct) =>
        Prompt(question).Secret(null).ShowAsync(output, ct);

    /// <summary>Asks a question to be answered yes or no: the whole word or its beginning.</summary>
    /// <param name="question">The question.</param>
    /// <param name="suggestion">Taken when nothing is typed, and shown as the capital letter.</param>
    /// <param name="ct">Cancels asking.</param>
    public async Task<bool> Confirm(string question, bool suggestion, CancellationToken ct)
    {
        var (yes, no) = (Texts.Text.Yes, Texts.Text.No);
        var choice = suggestion ? $"[{char.ToUpperInvariant(yes[0])}/{no[0]}]" : $"[{yes[0]}/{char.ToUpperInvariant(no[0])}]";
        while (true)
        {
            var answer = (await Prompt($"{question} {choice}").ShowAsync(output, ct)).Trim();
            if (answer.Length == 0)
            {
                return suggestion;
            }

            if (yes.StartsWith(answer, StringComparison.CurrentCultureIgnoreCase))
            {
                return true;
            }

            if (no.StartsWith(answer, StringComparison.CurrentCultureIgnoreCase))
            {
                return false;
            }

            Fail(Texts.Text.YesOrNo);
        }
    }

    /// <summary>Leaves the terminal as it was found, whatever was going on.</summary>
    public void Restore()
    {
        if (decorated)
        {
            output.Cursor.Show();
        }
    }

    private static TextPrompt<string> Prompt(string question) => new TextPrompt<string>(Markup.Escape(question)).AllowEmpty();

    /// <summary>Puts a hint before the colon, as each language spaces it: <c>Name (Paris):</c>, <c>Nom (Paris) :</c>.</summary>
    private static string WithHint(string question, string hint)
    {
        var words = question.TrimEnd(':', ' ', '\u00A0', '\u202F');
        return $"{words} {hint}{question[words.Length..]}";
    }

    private static void Marked(IAnsiConsole console, string colour, string mark, string sentence)
    {
        if (!console.Profile.Capabilities.Ansi)
        {
            Line(console, sentence);
            return;
        }

        console.Markup($"[{colour}]{mark}[/] ");
        Line(console, sentence, taken: 2);
    }

    private static void Line(IAnsiConsole console, string sentence, int taken = 0) =>
        console.Profile.Out.Writer.WriteLine(console.Profile.Out.IsTerminal ? Paragraph.Wrap(Printable.Lines(sentence), console.Profile.Width, taken) : Printable.Lines(sentence));
}
