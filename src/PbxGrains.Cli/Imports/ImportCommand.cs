using System.CommandLine;
using System.Globalization;
using PbxGrains.Cli.Api;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Imports;

/// <summary><c>pbx cdr import</c>: reads a PBX's history back to a date, or watches or ends an import that runs.</summary>
internal static class ImportCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(GlobalOptions options)
    {
        var site = new Option<string>("--site") { Description = Text.Argument_site, HelpName = "site", Required = true };
        var since = new Option<string?>("--since") { Description = Text.Option_since, HelpName = "date" };
        var until = new Option<string?>("--until") { Description = Text.Option_until, HelpName = "date" };
        var noWait = new Option<bool>("--no-wait") { Description = Text.Option_no_wait };
        var cancel = new Option<bool>("--cancel") { Description = Text.Option_cancel };
        var command = new Command("import", Text.Command_cdr_import) { site, since, until, noWait, cancel };
        options.Run(command, (parse, session, ct) =>
        {
            var (first, last) = (parse.GetValue(since), parse.GetValue(until));
            var complaints = Complaints(first, last, parse.GetValue(cancel));
            if (complaints.Count > 0)
            {
                return Task.FromResult(session.Misused(complaints));
            }

            var siteId = parse.GetRequiredValue(site);
            return (first, parse.GetValue(cancel)) switch
            {
                (_, true) => CancelAsync(session, siteId, ct),
                (null, _) => FollowRunningAsync(session, siteId, parse.GetValue(noWait), ct),
                _ => StartAsync(session, siteId, new ImportInput(first, last), parse.GetValue(noWait), ct),
            };
        });
        return command;
    }

    private static List<string> Complaints(string? since, string? until, bool cancel)
    {
        // Dates as the API takes them: in the site's zone, so nothing is converted here.
        List<string> complaints =
        [
            .. new[] { since, until }.OfType<string>()
                .Where(text => !DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
                .Select(text => Sentence.Of(Text.Rule_date, text)),
        ];
        if (cancel && (since is not null || until is not null))
        {
            complaints.Add(Text.Rule_cancel_alone);
        }
        else if (since is null && until is not null)
        {
            complaints.Add(Text.Rule_until_needs_since);
        }

        return complaints;
    }

    private static async Task<ExitCode> StartAsync(Session session, string siteId, ImportInput wish, bool noWait, CancellationToken ct)
    {
        var answer = await session.Api.StartImport(siteId, wish, ct);
        if (answer.Problem is { Code: "import-running", ImportId: { } running })
        {
            session.Terminal.Warn(Sentence.Of(Text.Import_runs_already, siteId));
            return noWait ? ExitCode.Refused : await new ImportWatch(session, siteId).RunAsync(running, ct);
        }

        if (noWait || !answer.Succeeded)
        {
            return session.Show(answer, _ => session.Terminal.Good(Sentence.Of(Text.Import_started, siteId, wish.Since)));
        }

        session.Terminal.Say(Sentence.Of(Text.Import_started, siteId, wish.Since));
        return answer.Value.ImportId is { } id ? await new ImportWatch(session, siteId).RunAsync(id, ct) : session.Refuse(session.Api.NotTheApi());
    }

    private static async Task<ExitCode> FollowRunningAsync(Session session, string siteId, bool noWait, CancellationToken ct)
    {
        var answer = await session.Api.ListImports(siteId, ct);
        if (!answer.Succeeded)
        {
            return session.Refuse(answer.Problem);
        }

        if (Running(answer.Value) is not { } id)
        {
            return session.Misused([Sentence.Of(Text.Import_none_to_follow, siteId)]);
        }

        return await new ImportWatch(session, siteId).RunAsync(id, ct, once: noWait);
    }

    private static async Task<ExitCode> CancelAsync(Session session, string siteId, CancellationToken ct)
    {
        var answer = await session.Api.ListImports(siteId, ct);
        if (!answer.Succeeded)
        {
            return session.Refuse(answer.Problem);
        }

        if (Running(answer.Value) is not { } id)
        {
            session.Terminal.Say(Sentence.Of(Text.Import_none_to_cancel, siteId));
            return ExitCode.Ok;
        }

        return session.Show(await session.Api.CancelImport(siteId, id, ct), _ => session.Terminal.Good(Sentence.Of(Text.Import_cancelled_now, siteId)));
    }

    private static string? Running(IReadOnlyList<ImportResource> imports) =>
        imports.FirstOrDefault(import => import.State is "waiting" or "running")?.ImportId;
}
