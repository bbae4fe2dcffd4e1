using System.CommandLine;
using System.Globalization;
using PbxGrains.Cli.Api;
using PbxGrains.Cli.Terminals;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Subscriptions;

/// <summary>The commands about deliveries of a subscription.</summary>
internal static class DeliveryCommands
{
    private static readonly string[] States = ["pending", "delivered", "failed"];
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>A little longer than a target may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    /// <summary><c>pbx subscription test</c>: sends a test message and waits for what comes of it.</summary>
    public static Command Test(GlobalOptions options)
    {
        var id = SubscriptionCommands.SubscriptionId();
        var command = new Command("test", Text.Command_subscription_test) { id };
        options.Run(command, async (parse, session, ct) =>
        {
            var subscription = parse.GetRequiredValue(id);
            var asked = await session.Api.TestSubscription(subscription, ct);
            if (!asked.Succeeded)
            {
                return session.Refuse(asked.Problem);
            }

            var answer = await session.Terminal.Progress(Text.Subscription_testing, _ => FollowAsync(session, subscription, asked.Value.Id, ct));
            var shown = session.Show(answer, delivery => Tell(session, delivery));
            return shown != ExitCode.Ok || answer.Value?.State == "delivered" ? shown : ExitCode.Refused;
        });
        return command;
    }

    /// <summary><c>pbx subscription deliveries</c></summary>
    public static Command Deliveries(GlobalOptions options)
    {
        var id = SubscriptionCommands.SubscriptionId();
        var state = new Option<string?>("--state") { Description = Text.Option_delivery_state, HelpName = string.Join('|', States) };
        _ = state.AcceptOnlyFromAmong(States);
        var limit = new Option<int?>("--limit") { Description = Text.Option_limit, HelpName = "n" };
        var after = new Option<string?>("--after") { Description = Text.Option_delivery_after, HelpName = "id" };
        var command = new Command("deliveries", Text.Command_subscription_deliveries) { id, state, limit, after };
        options.Run(command, async (parse, session, ct) =>
        {
            var query = ApiQuery.Empty.With("state", parse.GetValue(state)).With("limit", parse.GetValue(limit)?.ToString(CultureInfo.InvariantCulture)).With("after", parse.GetValue(after));
            return session.Show(await session.Api.ListDeliveries(parse.GetRequiredValue(id), query, ct), page =>
            {
                session.Terminal.Rows(
                    [Text.Column_id, Text.Column_created, Text.Column_type, Text.Column_status, Text.Column_tries, Text.Column_last_attempt, Text.Column_next_try],
                    [.. (page.Items ?? []).Select(delivery => Row(delivery, session.Time))]);
                if (page.Next is { } next)
                {
                    session.Terminal.Aside(Sentence.Of(Text.Delivery_more, next));
                }
            });
        });
        return command;
    }

    /// <summary><c>pbx subscription resend</c></summary>
    public static Command Resend(GlobalOptions options)
    {
        var id = SubscriptionCommands.SubscriptionId();
        var delivery = new Argument<long>("delivery") { Description = Text.Argument_delivery };
        var command = new Command("resend", Text.Command_subscription_resend) { id, delivery };
        options.Run(command, async (parse, session, ct) => session.Show(
            await session.Api.ResendDelivery(parse.GetRequiredValue(id), parse.GetRequiredValue(delivery), ct),
            sent => session.Terminal.Good(Sentence.Of(Text.Delivery_resent, sent.Id, sent.EventId))));
        return command;
    }

    /// <summary><c>pbx subscription replay</c></summary>
    public static Command Replay(GlobalOptions options)
    {
        var id = SubscriptionCommands.SubscriptionId();
        var from = new Option<string?>("--from") { Description = Text.Option_from, HelpName = "time" };
        var to = new Option<string?>("--to") { Description = Text.Option_to, HelpName = "time" };
        var after = new Option<string?>("--after") { Description = Text.Option_replay_after, HelpName = "cursor" };
        var until = new Option<string?>("--until") { Description = Text.Option_replay_until, HelpName = "cursor" };
        var command = new Command("replay", Text.Command_subscription_replay) { id, from, to, after, until };
        options.Run(command, async (parse, session, ct) =>
        {
            var complaints = new List<string>();
            if ((parse.GetValue(from) is null) == (parse.GetValue(after) is null))
            {
                complaints.Add(Text.Rule_replay);
            }

            var input = new ReplayInput(Instant(parse.GetValue(from), session, complaints), Instant(parse.GetValue(to), session, complaints), parse.GetValue(after), parse.GetValue(until));
            return complaints.Count > 0
                ? session.Misused(complaints)
                : session.Show(await session.Api.Replay(parse.GetRequiredValue(id), input, ct), replay =>
                {
                    session.Terminal.Good(Sentence.Of(Text.Replay_started, replay.Replay));
                    if (replay.Missed is { } missed)
                    {
                        session.Terminal.Warn(Sentence.Of(Text.Replay_missed, missed.Until));
                    }
                });
        });
        return command;
    }

    private static string? Instant(string? text, Session session, List<string> complaints)
    {
        if (text is null)
        {
            return null;
        }

        var (at, complaint) = Moment.Read(text, session.Time);
        if (complaint is not null)
        {
            complaints.Add(complaint);
        }

        return at is { } instant ? Moment.Written(instant) : null;
    }

    private static async Task<ApiAnswer<DeliveryResource>> FollowAsync(Session session, string subscription, long delivery, CancellationToken ct)
    {
        var began = session.Time.GetTimestamp();
        while (true)
        {
            var answer = await session.Api.FindDelivery(subscription, delivery, ct);
            if (!answer.Succeeded || answer.Value.State is "delivered" or "failed" || session.Time.GetElapsedTime(began) > Patience)
            {
                return answer;
            }

            await Task.Delay(Pause, session.Time, ct);
        }
    }

    private static void Tell(Session session, DeliveryResource delivery)
    {
        var last = delivery.Attempts is { Count: > 0 } attempts ? attempts[^1] : null;
        if (delivery.State == "delivered")
        {
            session.Terminal.Good(Sentence.Of(Text.Subscription_test_delivered, last?.Status, last?.Milliseconds));
        }
        else
        {
            session.Terminal.Fail(last?.Error is { } error ? Sentence.Of(Text.Subscription_test_failed, error) : Text.Subscription_test_open);
        }
    }

    private static string[] Row(DeliveryResource delivery, TimeProvider time)
    {
        var last = delivery.Attempts is { Count: > 0 } attempts ? attempts[^1] : null;
        return
        [
            delivery.Id.ToString(CultureInfo.InvariantCulture),
            LocalTime.Of(delivery.CreatedAt, time),
            delivery.Type ?? "",
            Sentence.OfValue("Delivery", delivery.State),
            delivery.Tries.ToString(CultureInfo.InvariantCulture),
            last is null ? LocalTime.Unknown : string.Create(CultureInfo.InvariantCulture, $"{last.Status?.ToString(CultureInfo.InvariantCulture) ?? LocalTime.Unknown}, {last.Milliseconds} ms{(last.Error is null ? "" : ": " + last.Error)}"),
            LocalTime.Of(delivery.NextTryAt, time),
        ];
    }
}
