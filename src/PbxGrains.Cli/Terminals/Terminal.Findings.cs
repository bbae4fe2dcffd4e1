using Spectre.Console;

namespace PbxGrains.Cli.Terminals;

/// <summary>Findings: a marked sentence each, with what belongs to it beneath. Not part of the result under <c>--json</c>.</summary>
internal sealed partial class Terminal
{
    private const int Indentation = 4;

    /// <summary>Writes what the lines below are about.</summary>
    public void Heading(string text)
    {
        Notes.Profile.Out.Writer.WriteLine();
        if (Notes.Profile.Capabilities.Ansi)
        {
            Notes.MarkupLine($"[bold]{Markup.Escape(Printable.Cell(text))}[/]");
        }
        else
        {
            Notes.Profile.Out.Writer.WriteLine(Printable.Cell(text));
        }
    }

    /// <summary>Writes a finding.</summary>
    /// <param name="mark">One character that tells how it ended, also where there are no colours.</param>
    /// <param name="colour">Colour of the mark where the output shows colours.</param>
    /// <param name="sentence">What was found.</param>
    public void Finding(string mark, string colour, string sentence)
    {
        var writer = Notes.Profile.Out.Writer;
        if (Notes.Profile.Capabilities.Ansi)
        {
            writer.Write("  ");
            Notes.Markup($"[{colour}]{Markup.Escape(mark)}[/] ");
        }
        else
        {
            writer.Write($"  {mark} ");
        }

        Line(Notes, Printable.Cell(sentence), taken: Indentation);
    }

    /// <summary>Writes what belongs to the line above, indented below it.</summary>
    public void Beneath(string sentences)
    {
        foreach (var line in Printable.Lines(sentences).ReplaceLineEndings("\n").Split('\n'))
        {
            Line(Notes, new string(' ', Indentation) + line);
        }
    }
}
