using System.CommandLine;
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
        AgentDiffCommand.Build(options),
    };

    private static Command List(GlobalOptions options)
    {
        var command = new Command("list", Text.Command_agent_list);
        options.Run(command, async (_, session, ct) => session.Show(await session.Api.ListAgents(ct), agents => AgentTables.Agents(session.Terminal, agents)));
        return command;
    }

    private static Command Import(GlobalOptions options)
    {
        var file = new Argument<string>("file") { Description = Text.Argument_agents_file };
        var replace = new Option<bool>("--replace") { Description = Text.Option_replace };
        var dryRun = new Option<bool>("--dry-run") { Description = Text.Option_agent_dry_run };
        var yes = new Option<bool>("--yes") { Description = Text.Option_yes };
        var command = new Command("import", Text.Command_agent_import) { file, replace, dryRun, yes };
        options.Run(command, (parse, session, ct) => new AgentImport(session).RunAsync(
            new AgentImportWish(parse.GetRequiredValue(file), parse.GetValue(replace), parse.GetValue(dryRun), parse.GetValue(yes)), ct));
        return command;
    }
}
