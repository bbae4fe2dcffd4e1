using System.CommandLine;
using PbxGrains.Cli.Api;
using PbxGrains.Cli.Cdrs;
using PbxGrains.Cli.Terminals;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Calls;

/// <summary><c>pbx call show</c>: all that is known about one call, in the order in which it happened.</summary>
internal static class CallTimeLine
{
    /// <summary>Builds the command.</summary>
    public static Command Build(GlobalOptions options)
    {
        var callId = new Argument<string>("call") { Description = Text.Argument_call_history };
        var site = new Option<string?>("--site") { Description = Text.Option_call_site, HelpName = "site" };
        var command = new Command("show", Text.Command_call_show) { callId, site };
        options.Run(command, async (parse, session, ct) => session.Show(
            await session.Api.FindCallHistory(parse.GetRequiredValue(callId), parse.GetValue(site), ct),
            call => Tell(session, call)));
        return command;
    }

    private static void Tell(Session session, CallHistory call)
    {
        session.Terminal.Say(Sentence.Of(Text.Call_heading, call.CallId, call.Site, LocalTime.Of(call.StartedAt, session.Time)));
        session.Terminal.Rows(
            [Sentence.Of(Text.Column_time, LocalTime.Zone(session.Time)), Text.Column_event, Text.Column_extension, Text.Column_party, Text.Column_source],
            [.. (call.Timeline ?? []).Select(moment => (IReadOnlyList<string>)
            [
                LocalTime.Of(moment.At, session.Time),
                Sentence.ReaderKnowsApiLanguage && moment.Text is not null ? moment.Text : Sentence.OfValue("Moment", moment.Kind, moment.Text),
                moment.Extension ?? LocalTime.Unknown,
                moment.Party ?? LocalTime.Unknown,
                Sentence.OfValue("Source", moment.Source, moment.Source ?? LocalTime.Unknown),
            ])]);
        if (call.Records is { Count: > 0 } records)
        {
            session.Terminal.Say(Text.Call_records);
            session.Terminal.Rows(CallRecordTables.Headings(session.Time), [.. records.Select(record => CallRecordTables.Row(record, session.Time))]);
        }

        foreach (var recording in call.Recordings ?? [])
        {
            session.Terminal.Say(Sentence.Of(Text.Call_recording, recording.Id, Sentence.OfValue("Recording", recording.State)));
        }
    }
}
