using System.CommandLine;
using PbxGrains.Cli.Api;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Sites;

/// <summary><c>pbx site …</c></summary>
internal static class SiteCommands
{
    /// <summary>Builds the command with its subcommands.</summary>
    public static Command Build(GlobalOptions options) => new("site", Text.Command_site)
    {
        Add(options),
        List(options),
        Show(options),
        Update(options),
        Remove(options),
        Suspend(options),
        Resume(options),
        WebhookSecret(options),
        CompletenessCommand.Build(options),
        RetentionCommand.Build(options),
    };

    private static Argument<string> SiteId() => new("site") { Description = Text.Argument_site };

    private static Command Add(GlobalOptions options)
    {
        var id = new Option<string?>("--id") { Description = Text.Option_id, HelpName = "id" };
        var update = new Option<bool>("--update") { Description = Text.Option_update };
        var nonInteractive = new Option<bool>("--non-interactive") { Description = Text.Option_non_interactive };
        var flags = new SiteFlags();
        var command = new Command("add", Text.Command_site_add) { id, update, nonInteractive };
        flags.AddTo(command);
        options.Run(command, (parse, session, ct) => Register(
            parse,
            session,
            flags,
            parse.GetValue(id),
            parse.GetValue(update),
            session.Terminal.Interactive && !parse.GetValue(nonInteractive),
            ct));
        return command;
    }

    private static Command Update(GlobalOptions options)
    {
        var id = SiteId();
        var flags = new SiteFlags();
        var command = new Command("update", Text.Command_site_update) { id };
        flags.AddTo(command);
        options.Run(command, (parse, session, ct) => Register(parse, session, flags, parse.GetValue(id), update: true, mayAsk: false, ct));
        return command;
    }

    private static async Task<ExitCode> Register(ParseResult parse, Session session, SiteFlags flags, string? id, bool update, bool mayAsk, CancellationToken ct)
    {
        var (draft, complaints) = await flags.ReadAsync(parse, id, session.Terminal, ct);
        foreach (var complaint in complaints)
        {
            session.Terminal.Fail(complaint);
        }

        var mode = new RegistrationMode(update, mayAsk, flags.AcceptsCertificate(parse), flags.Wait(parse));
        return complaints.Count > 0 ? ExitCode.Usage : await new SiteRegistration(session, mode).RunAsync(draft, ct);
    }

    private static Command List(GlobalOptions options)
    {
        var command = new Command("list", Text.Command_site_list);
        options.Run(command, async (_, session, ct) => session.Show(
            await session.Api.ListSites(ct),
            sites => SiteTables.List(session.Terminal, sites, session.Time.GetUtcNow())));
        return command;
    }

    private static Command Show(GlobalOptions options)
    {
        var id = SiteId();
        var command = new Command("show", Text.Command_site_show) { id };
        options.Run(command, async (parse, session, ct) => session.Show(
            await session.Api.FindSite(parse.GetRequiredValue(id), ct),
            site => SiteTables.One(session.Terminal, site, session.Time.GetUtcNow())));
        return command;
    }

    private static Command Remove(GlobalOptions options)
    {
        var id = SiteId();
        var yes = new Option<bool>("--yes") { Description = Text.Option_yes };
        var command = new Command("remove", Text.Command_site_remove) { id, yes };
        options.Run(command, async (parse, session, ct) =>
        {
            var siteId = parse.GetRequiredValue(id);
            return await Confirmation.RefusedAsync(session, parse.GetValue(yes), Sentence.Of(Text.Ask_remove, siteId), ct) is { } refusal
                ? refusal
                : session.Show(await session.Api.RemoveSite(siteId, ct), _ => session.Terminal.Good(Sentence.Of(Text.Removed, siteId)));
        });
        return command;
    }

    private static Command Suspend(GlobalOptions options)
    {
        var id = SiteId();
        var reason = new Option<string?>("--reason") { Description = Text.Option_reason, HelpName = "reason" };
        var command = new Command("suspend", Text.Command_site_suspend) { id, reason };
        options.Run(command, async (parse, session, ct) => session.Show(
            await session.Api.SuspendSite(parse.GetRequiredValue(id), parse.GetValue(reason), ct),
            _ => session.Terminal.Good(Sentence.Of(Text.Suspended, parse.GetRequiredValue(id)))));
        return command;
    }

    private static Command Resume(GlobalOptions options)
    {
        var id = SiteId();
        var command = new Command("resume", Text.Command_site_resume) { id };
        options.Run(command, async (parse, session, ct) => session.Show(
            await session.Api.ResumeSite(parse.GetRequiredValue(id), ct),
            _ => session.Terminal.Good(Sentence.Of(Text.Resumed, parse.GetRequiredValue(id)))));
        return command;
    }

    private static Command WebhookSecret(GlobalOptions options)
    {
        var id = SiteId();
        var overlap = new Option<int?>("--overlap-hours") { Description = Text.Option_overlap, HelpName = "h" };
        var command = new Command("webhook-secret", Text.Command_site_webhook_secret) { id, overlap };
        options.Run(command, async (parse, session, ct) => session.Show(
            await session.Api.RotateWebhookSecret(parse.GetRequiredValue(id), parse.GetValue(overlap), ct),
            (WebhookResource webhook) => WebhookWords.Tell(session.Terminal, webhook)));
        return command;
    }
}
