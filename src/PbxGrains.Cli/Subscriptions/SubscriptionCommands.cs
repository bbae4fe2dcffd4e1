using System.CommandLine;
using PbxGrains.Cli.Api;
using PbxGrains.Cli.Sites;
using PbxGrains.Cli.Terminals;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Subscriptions;

/// <summary><c>pbx subscription …</c></summary>
internal static class SubscriptionCommands
{
    /// <summary>Builds the command with its subcommands.</summary>
    public static Command Build(GlobalOptions options) => new("subscription", Text.Command_subscription)
    {
        List(options),
        Add(options),
        Show(options),
        Update(options),
        Remove(options),
        Rotate(options),
        DeliveryCommands.Test(options),
        DeliveryCommands.Deliveries(options),
        DeliveryCommands.Resend(options),
        DeliveryCommands.Replay(options),
    };

    /// <summary>The subscription that is meant.</summary>
    public static Argument<string> SubscriptionId() => new("subscription") { Description = Text.Argument_subscription };

    private static Command List(GlobalOptions options)
    {
        var command = new Command("list", Text.Command_subscription_list);
        options.Run(command, async (_, session, ct) => session.Show(
            await session.Api.ListSubscriptions(ct),
            subscriptions => session.Terminal.Rows(
                [Text.Column_id, Text.Column_url, Text.Column_status, Text.Column_types, Text.Column_sites, Text.Column_description],
                [.. subscriptions.Select(one => (IReadOnlyList<string>)[one.Id ?? "", one.Url ?? "", State(one), All(one.Types), All(one.Sites), one.Description ?? ""])])));
        return command;
    }

    private static Command Add(GlobalOptions options)
    {
        var url = new Argument<string>("url") { Description = Text.Argument_subscription_url };
        var terms = new SubscriptionTerms();
        var secret = SecretOption();
        var command = new Command("add", Text.Command_subscription_add) { url, secret };
        terms.AddTo(command);
        options.Run(command, async (parse, session, ct) => session.Show(
            await session.Api.CreateSubscription(
                new SubscriptionInput(parse.GetRequiredValue(url), terms.Types(parse) ?? [], terms.Sites(parse) ?? [], terms.Description(parse), terms.Enabled(parse), Own(session, parse.GetValue(secret))), ct),
            made =>
            {
                session.Terminal.Good(Sentence.Of(Text.Subscription_made, made.Subscription?.Id));
                TellSecret(session, made.Secret);
            }));
        return command;
    }

    private static Command Show(GlobalOptions options)
    {
        var id = SubscriptionId();
        var command = new Command("show", Text.Command_subscription_show) { id };
        options.Run(command, async (parse, session, ct) => session.Show(await session.Api.FindSubscription(parse.GetRequiredValue(id), ct), one => Tell(session, one)));
        return command;
    }

    private static Command Update(GlobalOptions options)
    {
        var id = SubscriptionId();
        var url = new Option<string?>("--target") { Description = Text.Argument_subscription_url, HelpName = "url" };
        var terms = new SubscriptionTerms();
        var command = new Command("update", Text.Command_subscription_update) { id, url };
        terms.AddTo(command);
        options.Run(command, async (parse, session, ct) =>
        {
            var change = new SubscriptionChange(parse.GetValue(url), terms.Types(parse), terms.Sites(parse), terms.Description(parse), terms.Enabled(parse));
            return change is { Url: null, Types: null, Sites: null, Description: null, Enabled: null }
                ? session.Misused([Text.Subscription_nothing_to_change])
                : session.Show(await session.Api.ChangeSubscription(parse.GetRequiredValue(id), change, ct), one => Tell(session, one));
        });
        return command;
    }

    private static Command Remove(GlobalOptions options) =>
        new RemovalCommand("remove", Text.Command_subscription_remove, Text.Ask_remove_subscription, Text.Subscription_removed)
            .Build(options, SubscriptionId(), (api, id, ct) => api.RemoveSubscription(id, ct));

    private static Command Rotate(GlobalOptions options)
    {
        var id = SubscriptionId();
        var overlap = new Option<int?>("--overlap-hours") { Description = Text.Option_overlap_secret, HelpName = "h" };
        var secret = SecretOption();
        var command = new Command("rotate", Text.Command_subscription_rotate) { id, overlap, secret };
        options.Run(command, async (parse, session, ct) => session.Show(
            await session.Api.RotateSubscriptionSecret(parse.GetRequiredValue(id), new SubscriptionSecretInput(Own(session, parse.GetValue(secret)), parse.GetValue(overlap)), ct),
            made =>
            {
                session.Terminal.Good(Sentence.Of(Text.Subscription_rotated, LocalTime.Minute(made.PreviousValidUntil, session.Time)));
                TellSecret(session, made.Secret);
            }));
        return command;
    }

    // On a command line everybody on the machine could read it.
    private static Option<bool> SecretOption() => new("--secret-stdin") { Description = Text.Option_secret_stdin };

    private static string? Own(Session session, bool fromInput) => fromInput ? session.Terminal.Input.ReadLine()?.Trim() ?? "" : null;

    private static void TellSecret(Session session, string? secret)
    {
        session.Terminal.Result(secret ?? "");
        session.Terminal.Warn(Text.Key_once);
    }

    private static void Tell(Session session, SubscriptionResource one)
    {
        session.Terminal.Rows(
            [Text.Column_property, Text.Column_value],
            [
                [Text.Column_id, one.Id ?? ""],
                [Text.Column_url, one.Url ?? ""],
                [Text.Column_status, State(one)],
                [Text.Column_types, All(one.Types)],
                [Text.Column_sites, All(one.Sites)],
                [Text.Column_description, one.Description ?? LocalTime.Unknown],
                [Text.Column_failing_since, LocalTime.Of(one.FailingSince, session.Time)],
                [Text.Column_created, LocalTime.Of(one.CreatedAt, session.Time)],
                [Text.Column_cursor, one.Cursor ?? LocalTime.Unknown],
            ]);
        if (one.Missed is { } missed)
        {
            session.Terminal.Warn(Sentence.Of(Text.Subscription_missed, missed.From, missed.Until, SiteWords.Ago(missed.NoticedAt, session.Time.GetUtcNow())));
        }
    }

    private static string State(SubscriptionResource one) => one switch
    {
        { Enabled: false } => Sentence.OfValue("Subscription_off", one.DisabledReason),
        { FailingSince: not null } => Text.Subscription_failing,
        _ => Text.Subscription_on,
    };

    private static string All(IReadOnlyList<string>? list) => list is { Count: > 0 } ? string.Join(", ", list) : Text.Subscription_all;
}
