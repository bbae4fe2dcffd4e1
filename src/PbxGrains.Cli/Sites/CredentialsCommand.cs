using System.CommandLine;
using PbxGrains.Cli.Api;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Sites;

/// <summary><c>pbx site credentials</c>: a new user or password, stored once the PBX has accepted it.</summary>
internal static class CredentialsCommand
{
    private const int DefaultWaitSeconds = 60;

    /// <summary>Builds the command.</summary>
    public static Command Build(GlobalOptions options)
    {
        var id = new Argument<string>("site") { Description = Text.Argument_site };
        var user = new Option<string?>("--user") { Description = Text.Option_credentials_user, HelpName = "user" };
        var wait = new Option<int>("--wait") { Description = Text.Option_wait, HelpName = "s", DefaultValueFactory = _ => DefaultWaitSeconds };
        var password = new PasswordFlags();
        var command = new Command("credentials", Text.Command_site_credentials) { id, user };
        password.AddTo(command);
        command.Add(wait);
        options.Run(command, async (parse, session, ct) =>
        {
            var userName = parse.GetValue(user) is { } given ? SiteRules.UserName(given) : default;
            var read = await password.ReadAsync(parse, session.Terminal, ct);
            if (new[] { userName.Complaint, read.Complaint }.OfType<string>().ToList() is { Count: > 0 } complaints)
            {
                return session.Misused(complaints);
            }

            if (read.Value is null && !session.Terminal.Interactive)
            {
                return session.Misused([Sentence.Of(Text.Missing_flags, "--password-stdin | --password-file")]);
            }

            var limit = TimeSpan.FromSeconds(Math.Max(0, parse.GetValue(wait)));
            return await ChangeAsync(session, parse.GetRequiredValue(id), userName.Value, read.Value, limit, ct);
        });
        return command;
    }

    private static async Task<ExitCode> ChangeAsync(Session session, string siteId, string? userName, string? password, TimeSpan wait, CancellationToken ct)
    {
        // Asked first: what is typed for a site that does not exist would be typed in vain.
        var found = await session.Api.FindSite(siteId, ct);
        if (!found.Succeeded)
        {
            return session.Refuse(found.Problem);
        }

        if (password is null)
        {
            session.Terminal.Say(Sentence.Of(Text.Credentials_intro, found.Value.Name, userName ?? found.Value.UserName));
            password = (await new SiteQuestions(session.Terminal).Password(mayKeep: false, ct))!;
        }

        ct.ThrowIfCancellationRequested();

        // Once sent, the answer is awaited: the server goes on either way, and who interrupts must know what holds.
        var answer = await session.Terminal.Progress(
            Text.Credentials_trying,
            _ => session.Api.ChangeCredentials(siteId, new SiteCredentialsInput(userName, password), CancellationToken.None));
        if (!answer.Succeeded)
        {
            return session.Refuse(answer.Problem);
        }

        session.Terminal.Good(Sentence.Of(Text.Credentials_changed, answer.Value.Site?.UserName, siteId));
        if (session.Terminal.OnlyJson)
        {
            session.Terminal.Result(answer.Json);
        }

        ct.ThrowIfCancellationRequested();
        return wait == TimeSpan.Zero || answer.Value.Site is { Suspended: true }
            ? ExitCode.Ok
            : await new FirstPoll(session).WaitAsync(siteId, found.Value.Status?.LastPollAt, wait, ct);
    }
}
