using System.CommandLine;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Status;

/// <summary><c>pbx status</c>: the whole installation at one glance.</summary>
internal static class StatusCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(GlobalOptions options)
    {
        var command = new Command("status", Text.Command_status);
        options.Run(command, async (parse, session, ct) =>
        {
            var answer = await session.Api.FindStatus(ct);
            var exit = session.Show(answer, status => new StatusPrint(session, options.Settings(parse).Front()!).Show(status));
            return answer.Succeeded ? StatusVerdict.ExitCodeOf(answer.Value) : exit;
        });
        return command;
    }
}
