using System.CommandLine;
using PbxGrains.Cli.Api;
using PbxGrains.Cli.Sites;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Calls;

/// <summary><c>pbx call …</c></summary>
internal static class CallCommands
{
    /// <summary>Builds the command with its subcommands.</summary>
    public static Command Build(GlobalOptions options) => new("call", Text.Command_call)
    {
        Originate(options),
        List(options),
        CallTimeLine.Build(options),
        HangUp(options),
    };

    private static Argument<string> SiteId() => new("site") { Description = Text.Argument_site };

    private static Command Originate(GlobalOptions options)
    {
        var site = SiteId();
        var extension = new Argument<string>("extension") { Description = Text.Argument_extension };
        var destination = new Argument<string>("destination") { Description = Text.Argument_destination };
        var callerId = new Option<string?>("--caller-id") { Description = Text.Option_caller_id, HelpName = "extension" };
        var autoAnswer = new Option<bool>("--auto-answer") { Description = Text.Option_auto_answer };
        var dryRun = new Option<bool>("--dry-run") { Description = Text.Option_dry_run };
        var reference = new Option<string?>("--reference") { Description = Text.Option_reference, HelpName = "text" };
        var key = new Option<string?>("--idempotency-key") { Description = Text.Option_idempotency_key, HelpName = "text" };
        var command = new Command("originate", Text.Command_call_originate) { site, extension, destination, callerId, autoAnswer, dryRun, reference, key };
        options.Run(command, async (parse, session, ct) =>
        {
            var call = new OriginateInput(
                parse.GetRequiredValue(extension),
                parse.GetRequiredValue(destination),
                parse.GetValue(callerId),
                parse.GetValue(autoAnswer) ? true : null,
                parse.GetValue(dryRun) ? true : null,
                parse.GetValue(reference));
            var answer = await session.Api.Originate(parse.GetRequiredValue(site), call, parse.GetValue(key) ?? Guid.NewGuid().ToString("N"), ct);
            var exit = session.Show(answer, outcome => Tell(session, outcome, call));

            // Nobody knows whether a phone rings, or a dry run found that none would: no success a script may build on.
            return answer.Value?.State is "unknown" or "refused" ? ExitCode.Refused : exit;
        });
        return command;
    }

    private static void Tell(Session session, OriginateResource outcome, OriginateInput call)
    {
        switch (outcome.State)
        {
            case "possible" or "refused":
                CallRehearsal.Tell(session.Terminal, outcome, call);
                break;
            case "unknown":
                session.Terminal.Warn(Sentence.Of(Text.Call_unknown, outcome.OriginateId));
                break;
            default:
                session.Terminal.Good(Sentence.Of(Text.Call_started, outcome.CallId, call.Extension, call.Destination));
                break;
        }
    }

    private static Command List(GlobalOptions options)
    {
        var site = SiteId();
        var command = new Command("list", Text.Command_call_list) { site };
        options.Run(command, async (parse, session, ct) => session.Show(
            await session.Api.ListCalls(parse.GetRequiredValue(site), ct),
            calls => session.Terminal.Rows(
                [Text.Column_call, Text.Column_status, Text.Column_direction, Text.Column_caller, Text.Column_callee, Text.Column_started],
                [.. calls.Select(call => (IReadOnlyList<string>)
                [
                    call.CallId ?? string.Empty,
                    Sentence.OfValue("Call_state", call.State),
                    Sentence.OfValue("Direction", call.Direction),
                    call.Caller ?? string.Empty,
                    call.Callee ?? string.Empty,
                    SiteWords.Ago(call.StartedAt, session.Time.GetUtcNow()),
                ])])));
        return command;
    }

    private static Command HangUp(GlobalOptions options)
    {
        var site = SiteId();
        var callId = new Argument<string>("call") { Description = Text.Argument_call };
        var extension = new Option<string?>("--extension") { Description = Text.Option_leg, HelpName = "extension" };
        var command = new Command("hangup", Text.Command_call_hangup) { site, callId, extension };
        options.Run(command, async (parse, session, ct) => session.Show(
            await session.Api.HangUp(parse.GetRequiredValue(site), parse.GetRequiredValue(callId), parse.GetValue(extension), ct),
            _ => session.Terminal.Good(Sentence.Of(Text.Call_hung_up, parse.GetRequiredValue(callId)))));
        return command;
    }
}
