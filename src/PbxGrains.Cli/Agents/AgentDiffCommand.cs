using System.CommandLine;
using PbxGrains.Cli.Api;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Agents;

/// <summary><c>pbx agent diff</c></summary>
internal static class AgentDiffCommand
{
    private const string Clean = "ok";

    /// <summary>Builds the command.</summary>
    public static Command Build(GlobalOptions options)
    {
        var site = new Option<string[]>("--site") { Description = Text.Option_agent_site, HelpName = "site" };
        var ignore = new Option<string[]>("--ignore") { Description = Text.Option_agent_ignore, HelpName = "code" };
        var all = new Option<bool>("--all") { Description = Text.Option_agent_all };
        var command = new Command("diff", Text.Command_agent_diff) { site, ignore, all };
        options.Run(command, async (parse, session, ct) =>
        {
            var ignored = parse.GetValue(ignore) ?? [];
            var answer = await session.Api.CompareAgents(parse.GetValue(site) ?? [], ct);
            var differing = (answer.Value?.Findings ?? []).Where(finding => finding.Code != Clean && !ignored.Contains(finding.Code, StringComparer.Ordinal)).ToList();
            var exit = session.Show(answer, compared => Tell(session, compared, parse.GetValue(all) ? compared.Findings ?? [] : differing, differing.Count));
            return exit == ExitCode.Ok && differing.Count > 0 ? ExitCode.Attention : exit;
        });
        return command;
    }

    private static void Tell(Session session, AgentComparison compared, IReadOnlyList<AgentFinding> shown, int differing)
    {
        AgentTables.Findings(session.Terminal, shown, session.Time);
        if (differing == 0)
        {
            session.Terminal.Good(Sentence.Of(Text.Agents_agree, compared.Agents));
        }
        else
        {
            session.Terminal.Warn(Sentence.Of(Text.Agents_differ, differing, compared.Agents));
        }
    }
}
