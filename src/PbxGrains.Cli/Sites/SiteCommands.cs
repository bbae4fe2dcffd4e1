using System.CommandLine;
using PbxGrains.Cli.Api;
using PbxGrains.Cli.Checklists;
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
        CredentialsCommand.Build(options),
        WebhookSecret(options),
        CheckCommand.Build(options),
        CompletenessCommand.Build(options),
        RetentionCommand.Build(options),
    };

    private static Argument<string> SiteId() => new("site") { Description = Text.Argument_site };

    private static Command Add(GlobalOptions options)
    {
        var id = new Option<string?>("--id") { Description = Text.Option_id, HelpName = "id" };
        var update = new Option<bool>("--update") { Description = Text.Option_update };
        var nonInteractive = new Option<bool>("--non-interactive") { Description = Text.Option_non_interactive };
        var noCheck = new Option<bool>("--no-check") { Description = Text.Option_no_check };
        var flags = new SiteFlags();
        var command = new Command("add", Text.Command_site_add) { id, update, nonInteractive, noCheck };
        flags.AddTo(command);
        options.Run(command, (parse, session, ct) => Register(
            parse,
            session,
            flags,
            parse.GetValue(id),
            parse.GetValue(update),
            session.Terminal.Interactive && !parse.GetValue(nonInteractive),
            check: !parse.GetValue(noCheck) && !parse.GetValue(update),
            ct));
        return command;
    }

    private static Command Update(GlobalOptions options)
    {
        var id = SiteId();
        var flags = new SiteFlags();
        var command = new Command("update", Text.Command_site_update) { id };
        flags.AddTo(command);
        options.Run(command, (parse, session, ct) => Register(parse, session, flags, parse.GetValue(id), update: true, mayAsk: false, check: false, ct));
        return command;
    }

    private static async Task<ExitCode> Register(ParseResult parse, Session session, SiteFlags flags, string? id, bool update, bool mayAsk, bool check, CancellationToken ct)
    {
        var (draft, complaints) = await flags.ReadAsync(parse, id, session.Terminal, ct);
        foreach (var complaint in complaints)
        {
            session.Terminal.Fail(complaint);
        }

        var mode = new RegistrationMode(update, mayAsk, flags.AcceptsCertificate(parse), flags.Wait(parse), check);
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

    private static Command Remove(GlobalOptions options) =>
        new RemovalCommand("remove", Text.Command_site_remove, Text.Ask_remove, Text.Removed).Build(options, SiteId(), (api, id, ct) => api.RemoveSite(id, ct));

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
