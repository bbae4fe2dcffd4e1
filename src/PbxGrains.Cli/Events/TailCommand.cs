using System.CommandLine;
using PbxGrains.Cli.Api;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Events;

/// <summary><c>pbx tail</c></summary>
internal static class TailCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(GlobalOptions options)
    {
        var site = new Option<string[]>("--site") { Description = Text.Option_tail_site, HelpName = "site" };
        var agent = new Option<string[]>("--agent") { Description = Text.Option_tail_agent, HelpName = "id" };
        var extension = new Option<string[]>("--extension") { Description = Text.Option_tail_extension, HelpName = "extension" };
        var type = new Option<string[]>("--type") { Description = Text.Option_tail_type, HelpName = "type" };
        var after = new Option<string?>("--after") { Description = Text.Option_tail_after, HelpName = "cursor" };
        var count = new Option<int?>("--count") { Description = Text.Option_count, HelpName = "n" };
        var command = new Command("tail", Text.Command_tail) { site, agent, extension, type, after, count };
        options.Run(command, (parse, session, ct) =>
        {
            if (parse.GetValue(count) is < 1)
            {
                return Task.FromResult(session.Misused([Text.Rule_count]));
            }

            var query = new[] { site, agent, extension, type }
                .SelectMany(option => (parse.GetValue(option) ?? []).Select(value => (Name: option.Name.TrimStart('-'), Value: value)))
                .Aggregate(ApiQuery.Empty, (asked, one) => asked.With(one.Name, one.Value))
                .With("after", parse.GetValue(after));
            return new EventTail(session, query, parse.GetValue(count)).RunAsync(ct);
        });
        return command;
    }
}
