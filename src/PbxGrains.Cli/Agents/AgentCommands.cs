using System.CommandLine;
using PbxGrains.Cli.Api;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Agents;

/// <summary><c>pbx agent …</c></summary>
internal static class AgentCommands
{
    /// <summary>Builds the command with its subcommands.</summary>
    public static Command Build(GlobalOptions options) => new("agent", Text.Command_agent)
    {
        List(options),
        Import(options),
    };

    private static Command List(GlobalOptions options)
    {
        var command = new Command("list", Text.Command_agent_list);
        options.Run(command, async (_, session, ct) => session.Show(
            await session.Api.ListAgents(ct),
            agents => session.Terminal.Rows(
                [Text.Column_id, Text.Column_name, Text.Column_site, Text.Column_extension, Text.Column_mobile],
                [.. agents.Select(agent => (IReadOnlyList<string>)
                    [agent.Id ?? string.Empty, agent.Name ?? string.Empty, agent.Site ?? string.Empty, agent.Extension ?? string.Empty, agent.Mobile ?? string.Empty])])));
        return command;
    }

    private static Command Import(GlobalOptions options)
    {
        var file = new Argument<string>("file") { Description = Text.Argument_agents_file };
        var replace = new Option<bool>("--replace") { Description = Text.Option_replace };
        var yes = new Option<bool>("--yes") { Description = Text.Option_yes };
        var command = new Command("import", Text.Command_agent_import) { file, replace, yes };
        options.Run(command, async (parse, session, ct) =>
        {
            var path = parse.GetRequiredValue(file);
            if (!File.Exists(path))
            {
                session.Terminal.Fail(Sentence.Of(Text.Agents_no_file, path));
                return ExitCode.Usage;
            }

            var (agents, complaints) = AgentFile.Read(await File.ReadAllLinesAsync(path, ct));
            foreach (var complaint in complaints)
            {
                session.Terminal.Fail(complaint);
            }

            if (complaints.Count > 0)
            {
                return ExitCode.Usage;
            }

            return parse.GetValue(replace) && await Confirmation.RefusedAsync(session, parse.GetValue(yes), Sentence.Of(Text.Ask_replace_agents, agents.Count), ct) is { } refusal
                ? refusal
                : session.Show(
                    await session.Api.SaveAgents(new AgentSet(agents), parse.GetValue(replace), ct),
                    _ => session.Terminal.Good(Sentence.Of(Text.Agents_saved, agents.Count)));
        });
        return command;
    }
}
