using System.CommandLine;
using PbxGrains.Cli.Api;
using PbxGrains.Cli.Terminals;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Checklists;

/// <summary><c>pbx site check</c>: the checklist of a site, run now or looked up.</summary>
internal static class CheckCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(GlobalOptions options)
    {
        var id = new Argument<string>("site") { Description = Text.Argument_site };
        var returnPath = new Option<string?>("--return-path") { Description = Text.Option_return_path, HelpName = "caller:callee" };
        var report = new Option<string?>("--report") { Description = Text.Option_report, HelpName = "file" };
        var force = new Option<bool>("--force") { Description = Text.Option_force };
        var last = new Option<bool>("--last") { Description = Text.Option_check_last };
        var history = new Option<bool>("--history") { Description = Text.Option_check_history };
        var command = new Command("check", Text.Command_site_check) { id, returnPath, report, force, last, history };
        options.Run(command, async (parse, session, ct) =>
        {
            var siteId = parse.GetRequiredValue(id);
            if (parse.GetValue(history))
            {
                return session.Show(await session.Api.ListChecklistRuns(siteId, ct), runs => List(session, runs));
            }

            var path = ReturnPathOf(parse.GetValue(returnPath));
            if (parse.GetValue(returnPath) is { } given && path is null)
            {
                return session.Misused([Sentence.Of(Text.Return_path_unusable, given)]);
            }

            if (parse.GetValue(report) is { } target && File.Exists(target) && !parse.GetValue(force))
            {
                session.Terminal.Fail(Sentence.Of(Text.File_exists, target));
                return ExitCode.ExistsOrNotFound;
            }

            return await CheckAsync(session, siteId, parse.GetValue(last) ? null : new ChecklistWish(null, path), parse.GetValue(report), ct);
        });
        return command;
    }

    /// <summary>Runs a checklist, or shows the last run when there is no wish.</summary>
    private static async Task<ExitCode> CheckAsync(Session session, string siteId, ChecklistWish? wish, string? report, CancellationToken ct)
    {
        var print = new ChecklistPrint(session.Terminal);
        if (wish is not null && session.Terminal.Decorated)
        {
            session.Terminal.Say(Sentence.Of(Text.Check_running, siteId));
        }

        ApiAnswer<ChecklistRun> answer;
        try
        {
            answer = wish is null
                ? await session.Api.FindChecklistRun(siteId, ct)
                : await new ChecklistRunning(session.Api, siteId).RunAsync(wish, item => ShowUnlessJson(session, print, item), ct);
        }
        catch (AnswerBrokenException)
        {
            session.Terminal.Fail(Sentence.Of(Text.Check_broken, siteId));
            return ExitCode.Broken;
        }

        if (!answer.Succeeded)
        {
            return Refuse(session, answer.Problem);
        }

        _ = session.Show(answer, run =>
        {
            foreach (var item in wish is null ? run.Items ?? [] : [])
            {
                print.Show(item);
            }

            print.Conclude(run);
        });
        var written = report is null ? ExitCode.Ok : await new ChecklistReport(session, siteId).WriteAsync(answer.Value.RunId, report, ct);
        return written == ExitCode.Ok ? ChecklistPrint.ExitCodeOf(answer.Value) : written;
    }

    private static void ShowUnlessJson(Session session, ChecklistPrint print, ChecklistItem item)
    {
        if (!session.Terminal.OnlyJson)
        {
            print.Show(item);
        }
    }

    private static ExitCode Refuse(Session session, ApiProblem problem)
    {
        if (!problem.RouteIsUnknown || problem.Code == ApiProblem.NotTheApi)
        {
            return session.Refuse(problem);
        }

        session.Terminal.Fail(Text.Check_unknown_to_front);
        return ExitCode.Refused;
    }

    private static void List(Session session, IReadOnlyList<ChecklistRun> runs) => session.Terminal.Rows(
        [Text.Column_run, Text.Column_started, Text.Column_trigger, Text.Column_verdict, Text.Column_passed, Text.Column_warned, Text.Column_failed, Text.Column_skipped, Text.Column_noticed],
        [.. runs.Select(run => (IReadOnlyList<string>)
        [
            run.RunId ?? string.Empty,
            LocalTime.Minute(run.StartedAt, session.Time),
            Sentence.OfValue("Check_trigger", run.Trigger),
            Sentence.OfValue("Check_verdict", run.Verdict),
            Number(run.Counts?.Pass),
            Number(run.Counts?.Warn),
            Number(run.Counts?.Fail),
            Number(run.Counts?.Skipped),
            Number(run.Counts?.Notice),
        ])]);

    private static ReturnPathWish? ReturnPathOf(string? text) =>
        text?.Split(':') is [{ Length: > 0 } caller, { Length: > 0 } callee] && caller != callee && IsNumber(caller) && IsNumber(callee) ? new ReturnPathWish(caller, callee) : null;

    private static bool IsNumber(string text) => text.All(char.IsAsciiDigit);

    private static string Number(int? number) => number?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? LocalTime.Unknown;
}
