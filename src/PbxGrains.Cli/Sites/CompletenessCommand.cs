using System.CommandLine;
using System.Globalization;
using PbxGrains.Cli.Api;
using PbxGrains.Cli.Terminals;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Sites;

/// <summary><c>pbx site completeness</c>: whether a site's call records were compared with its PBX, and where not.</summary>
internal static class CompletenessCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(GlobalOptions options)
    {
        var id = new Argument<string>("site") { Description = Text.Argument_site };
        var from = new Option<string?>("--from") { Description = Text.Option_from, HelpName = "time" };
        var to = new Option<string?>("--to") { Description = Text.Option_to, HelpName = "time" };
        var command = new Command("completeness", Text.Command_site_completeness) { id, from, to };
        options.Run(command, async (parse, session, ct) =>
        {
            var (first, end, complaints) = Span.Read(parse.GetValue(from), parse.GetValue(to), session.Time);
            if (complaints.Count > 0)
            {
                return session.Misused(complaints);
            }

            var answer = await session.Api.FindCompleteness(parse.GetRequiredValue(id), ApiQuery.Empty.With("from", first).With("to", end), ct);
            var exit = session.Show(answer, found => Tell(session, found));
            return answer.Value is { Pending: > 0 } or { Unverifiable: > 0 } ? ExitCode.Incomplete : exit;
        });
        return command;
    }

    private static void Tell(Session session, CompletenessResource found)
    {
        var hours = found.Hours ?? [];
        session.Terminal.Rows(
            [Sentence.Of(Text.Column_day, LocalTime.Zone(session.Time)), Text.Column_verified, Text.Column_pending, Text.Column_unverifiable, Text.Column_by_push, Text.Column_only_caught_up],
            [.. hours.GroupBy(hour => LocalTime.Day(hour.Hour, session.Time)).OrderBy(day => day.Key).Select(day => (IReadOnlyList<string>)
            [
                day.Key.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                Number(day.Count(hour => hour.State == "verified")),
                Number(day.Count(hour => hour.State == "pending")),
                Number(day.Count(hour => hour.State == "unverifiable")),
                Number(day.Sum(hour => hour.Pushed)),
                Number(day.Sum(hour => hour.OnlyCaughtUp)),
            ])]);
        if (found is { Pending: 0, Unverifiable: 0 })
        {
            session.Terminal.Good(Sentence.Of(Text.Complete, found.Verified));
            return;
        }

        session.Terminal.Say(string.Empty);
        session.Terminal.Rows(
            [Text.Column_from, Text.Column_to, Text.Column_hours, Text.Column_status, Text.Column_reason, Text.Column_compared],
            [.. Stretches(hours).Select(stretch => (IReadOnlyList<string>)
            [
                LocalTime.Minute(stretch[0].Hour, session.Time),
                LocalTime.Minute(stretch[^1].Hour.AddHours(1), session.Time),
                Number(stretch.Count),
                Sentence.OfValue("Completeness", stretch[0].State),
                Reason(stretch[0]),
                LocalTime.Minute(stretch.Min(hour => hour.LastComparedAt), session.Time),
            ])]);
        session.Terminal.Warn(Sentence.Of(Text.Not_complete, found.Pending, found.Unverifiable));
    }

    /// <summary>Hours that are not verified, those that follow each other for the same reason together.</summary>
    private static List<List<CompletenessHour>> Stretches(IReadOnlyList<CompletenessHour> hours)
    {
        var stretches = new List<List<CompletenessHour>>();
        foreach (var hour in hours.Where(hour => hour.State != "verified").OrderBy(hour => hour.Hour))
        {
            if (stretches.Count > 0 && stretches[^1][^1] is var last && last.Hour.AddHours(1) == hour.Hour
                && (last.State, last.Reason, last.Detail) == (hour.State, hour.Reason, hour.Detail))
            {
                stretches[^1].Add(hour);
            }
            else
            {
                stretches.Add([hour]);
            }
        }

        return stretches;
    }

    // The API's sentence knows the particulars; where it is not in the reader's language, ours goes before it.
    private static string Reason(CompletenessHour hour)
    {
        var ours = Sentence.OfValue("Completeness_reason", hour.Reason);
        return hour.Detail is not { Length: > 0 } detail ? ours
            : Sentence.ReaderKnowsApiLanguage ? detail
            : hour.Reason is "comparison-failed" or "site-unreachable" ? $"{ours} ({detail})" : ours;
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
