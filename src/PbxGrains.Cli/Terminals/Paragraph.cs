using System.Text;

namespace PbxGrains.Cli.Terminals;

/// <summary>Sentences laid out for a screen: broken between words, not inside them.</summary>
internal static class Paragraph
{
    /// <summary>
    /// Breaks a text at its spaces so that no line is wider than the screen. What has no space, a URL or a key, stays whole
    /// however long it is: broken over two lines it could not be copied. A no-break space is none, so French punctuation
    /// stays with its word.
    /// </summary>
    /// <param name="text">The text; its own line breaks and the indentation of each line stay.</param>
    /// <param name="width">Columns of the screen.</param>
    /// <param name="first">Columns already taken on the first line; the following lines are indented by as many.</param>
    public static string Wrap(string text, int width, int first = 0) =>
        string.Join(Environment.NewLine, text.ReplaceLineEndings("\n").Split('\n').Select((line, i) => WrapLine(line, width, i == 0 ? first : 0)));

    private static string WrapLine(string line, int width, int taken)
    {
        var indentation = line.Length - line.TrimStart(' ').Length;
        var wrapped = new StringBuilder().Append(' ', indentation);
        var column = taken + indentation;
        var isFirst = true;
        foreach (var word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!isFirst && column + 1 + word.Length > width)
            {
                _ = wrapped.AppendLine().Append(' ', taken + indentation);
                column = taken + indentation;
            }
            else if (!isFirst)
            {
                _ = wrapped.Append(' ');
                column++;
            }

            _ = wrapped.Append(word);
            column += word.Length;
            isFirst = false;
        }

        return wrapped.ToString();
    }
}
