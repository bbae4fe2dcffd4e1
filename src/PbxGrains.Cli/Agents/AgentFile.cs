using System.Globalization;
using System.Text;
using PbxGrains.Cli.Api;
using PbxGrains.Cli.Sites;
using PbxGrains.Cli.Texts;
using Sylvan.Data.Csv;

namespace PbxGrains.Cli.Agents;

/// <summary>What a list of agents holds.</summary>
/// <param name="Agents">The agents; not to be used when there are complaints.</param>
/// <param name="Complaints">What is wrong, line by line.</param>
/// <param name="Ignored">Headings nobody knows.</param>
internal sealed record AgentFileContent(IReadOnlyList<AgentResource> Agents, IReadOnlyList<string> Complaints, IReadOnlyList<string> Ignored);

/// <summary>
/// A list of agents as CSV: a heading line, then a line per agent, separated by commas, semicolons or tabs, as spreadsheets
/// save it. Columns are found by heading in any order and case: <c>id</c>, <c>site</c> and <c>extension</c> are needed,
/// <c>name</c> and <c>mobile</c> are not. The extension stays exactly as it is written, leading zeros and spaces included.
/// </summary>
internal static class AgentFile
{
    private const int LongestText = 100;
    private const int LongestExtension = 64;

    private static readonly string[] Needed = ["id", "site", "extension"];
    private static readonly string[] Known = [.. Needed, "name", "mobile"];
    private static readonly char[] Separators = ['\t', ';', ','];

    /// <summary>Reads a file.</summary>
    public static AgentFileContent Read(Stream file)
    {
        try
        {
            using var text = new StreamReader(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true);
            return Read(text.ReadToEnd());
        }
        catch (DecoderFallbackException)
        {
            return Complaint(Text.Agents_not_utf8);
        }
    }

    /// <summary>Reads the text of a file.</summary>
    public static AgentFileContent Read(string text)
    {
        var heading = text.AsSpan().TrimStart(['\r', '\n', '\uFEFF']);
        var first = heading[..(heading.IndexOfAny('\r', '\n') is var end and >= 0 ? end : heading.Length)].ToString();
        var options = new CsvDataReaderOptions { HasHeaders = false, Delimiter = Separators.FirstOrDefault(first.Contains, ',') };
        var lines = new CsvLines(text.TrimStart('\uFEFF'), options);
        try
        {
            return ReadTable(lines);
        }
        catch (Exception e) when (e is CsvFormatException or CsvInvalidCharacterException or CsvRecordTooLargeException)
        {
            return Complaint(Sentence.Of(Text.Agents_line_broken, lines.Next));
        }
    }

    private static AgentFileContent ReadTable(CsvLines lines)
    {
        if (!lines.Read())
        {
            return Complaint(Sentence.Of(Text.Agents_headings, string.Join(", ", Needed)));
        }

        List<string> headings = [.. lines.Cells.Select(cell => cell.Trim().ToLowerInvariant())];
        var missing = Needed.Where(needed => !headings.Contains(needed, StringComparer.Ordinal)).ToList();
        if (missing.Count > 0)
        {
            return Complaint(Sentence.Of(Text.Agents_headings, string.Join(", ", missing)));
        }

        if (Known.FirstOrDefault(known => headings.Count(heading => heading == known) > 1) is { } twice)
        {
            return Complaint(Sentence.Of(Text.Agents_heading_twice, twice));
        }

        var agents = new List<AgentResource>();
        var complaints = new List<string>();
        var firstLines = new Dictionary<string, int>(StringComparer.Ordinal);
        while (lines.Read())
        {
            var (agent, complaint) = ReadAgent(lines, headings);
            if (complaint is null && !firstLines.TryAdd(agent.Id!, lines.Line))
            {
                complaint = Sentence.Of(Text.Agents_line_twice, lines.Line, agent.Id, firstLines[agent.Id!]);
            }

            if (complaint is null)
            {
                agents.Add(agent);
            }
            else
            {
                complaints.Add(complaint);
            }
        }

        return new AgentFileContent(agents, complaints, [.. headings.Where(heading => heading.Length > 0 && !Known.Contains(heading, StringComparer.Ordinal))]);
    }

    private static (AgentResource Agent, string? Complaint) ReadAgent(CsvLines lines, List<string> headings)
    {
        var agent = new AgentResource { Id = Trimmed("id"), Name = Trimmed("name"), Site = Trimmed("site"), Extension = Cell("extension"), Mobile = Trimmed("mobile") };
        var complaint = agent switch
        {
            _ when lines.Cells.Skip(headings.Count).Any(cell => cell.Length > 0) => Sentence.Of(Text.Agents_line_too_long, lines.Line, lines.Cells.Count, headings.Count),
            { Id: null } or { Site: null } => Incomplete(),
            _ when !(agent.Extension ?? string.Empty).EnumerateRunes().Any(IsVisible) => Incomplete(),
            _ when SiteRules.Id(agent.Site).Complaint is { } rule => Sentence.Of(Text.Agents_line_rule, lines.Line, rule),
            _ when !Fits(agent.Extension, LongestExtension) => Sentence.Of(Text.Agents_line_text, lines.Line, "extension", LongestExtension),
            { Id: var id } when !Fits(id, LongestText) => Sentence.Of(Text.Agents_line_text, lines.Line, "id", LongestText),
            { Name: var name } when !Fits(name, LongestText) => Sentence.Of(Text.Agents_line_text, lines.Line, "name", LongestText),
            { Mobile: var mobile } when !Fits(mobile, LongestText) => Sentence.Of(Text.Agents_line_text, lines.Line, "mobile", LongestText),
            _ => null,
        };
        return (agent, complaint);

        string Incomplete() => Sentence.Of(Text.Agents_line_incomplete, lines.Line);

        string? Cell(string heading) =>
            headings.IndexOf(heading) is var column and >= 0 && column < lines.Cells.Count && lines.Cells[column].Length > 0 ? lines.Cells[column] : null;

        string? Trimmed(string heading) => Cell(heading)?.Trim() is { Length: > 0 } cell ? cell : null;
    }

    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.SpaceSeparator or UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.NonSpacingMark);

    private static bool Fits(string? text, int longest) => text is null || (text.Length <= longest && !text.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029'));

    private static AgentFileContent Complaint(string sentence) => new([], [sentence], []);
}
