using PbxGrains.Cli.Api;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Agents;

/// <summary>
/// A list of agents as text: a heading line, then a line per agent, separated by commas, semicolons or tabs. Columns are
/// found by heading: <c>id</c>, <c>site</c> and <c>extension</c> are needed, <c>name</c> and <c>mobile</c> are not.
/// </summary>
internal static class AgentFile
{
    private static readonly string[] Needed = ["id", "site", "extension"];
    private static readonly char[] Separators = ['\t', ';', ','];

    /// <summary>Reads the text; complaints name their lines.</summary>
    public static (IReadOnlyList<AgentResource> Agents, IReadOnlyList<string> Complaints) Read(IReadOnlyList<string> lines)
    {
        var headingLine = lines.Count > 0 ? lines[0].TrimStart('\uFEFF') : string.Empty;
        var separator = Separators.FirstOrDefault(headingLine.Contains, ',');
        var headings = Cells(headingLine).Select(heading => heading.ToLowerInvariant()).ToList();
        var missing = Needed.Where(needed => !headings.Contains(needed)).ToList();
        if (missing.Count > 0)
        {
            return ([], [Sentence.Of(Text.Agents_headings, string.Join(", ", missing))]);
        }

        var agents = new List<AgentResource>();
        var complaints = new List<string>();
        for (var i = 1; i < lines.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(lines[i]))
            {
                continue;
            }

            var cells = Cells(lines[i]);
            var agent = new AgentResource { Id = Cell("id"), Name = Cell("name"), Site = Cell("site"), Extension = Cell("extension"), Mobile = Cell("mobile") };
            if (agent.Id is null || agent.Site is null || agent.Extension is null)
            {
                complaints.Add(Sentence.Of(Text.Agents_line_incomplete, i + 1));
            }
            else if (agents.Exists(other => other.Id == agent.Id))
            {
                complaints.Add(Sentence.Of(Text.Agents_line_twice, i + 1, agent.Id));
            }
            else
            {
                agents.Add(agent);
            }

            string? Cell(string heading) =>
                headings.IndexOf(heading) is var column and >= 0 && column < cells.Count && cells[column].Length > 0 ? cells[column] : null;
        }

        return (agents, complaints);

        List<string> Cells(string line) => [.. line.Split(separator).Select(cell => cell.Trim().Trim('"'))];
    }
}
