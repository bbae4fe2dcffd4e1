using System.CommandLine;
using PbxGrains.Cli.Api;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli;

/// <summary>A command that takes something away for good: it asks first, or demands <c>--yes</c> where nobody can be asked.</summary>
/// <param name="Name">Its name, <c>remove</c> for example.</param>
/// <param name="Description">What it does.</param>
/// <param name="Question">Asked with the id of what is to go.</param>
/// <param name="Done">Told with that id when it is gone.</param>
internal sealed record RemovalCommand(string Name, string Description, string Question, string Done)
{
    /// <summary>Builds the command.</summary>
    /// <param name="options">Options every command takes.</param>
    /// <param name="which">What is to go.</param>
    /// <param name="remove">Takes it away.</param>
    public Command Build(GlobalOptions options, Argument<string> which, Func<PbxApi, string, CancellationToken, Task<ApiAnswer<Nothing>>> remove)
    {
        var yes = new Option<bool>("--yes") { Description = Text.Option_yes };
        var command = new Command(Name, Description) { which, yes };
        options.Run(command, async (parse, session, ct) =>
        {
            var id = parse.GetRequiredValue(which);
            return await Confirmation.RefusedAsync(session, parse.GetValue(yes), Sentence.Of(Question, id), ct) is { } refusal
                ? refusal
                : session.Show(await remove(session.Api, id, ct), _ => session.Terminal.Good(Sentence.Of(Done, id)));
        });
        return command;
    }
}
