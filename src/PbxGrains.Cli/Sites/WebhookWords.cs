using PbxGrains.Cli.Api;
using PbxGrains.Cli.Terminals;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Sites;

/// <summary>Tells what to enter in the PBX so that it sends its reports.</summary>
internal static class WebhookWords
{
    /// <summary>Writes URL and place; the secret is shown this once.</summary>
    public static void Tell(Terminal terminal, WebhookResource webhook)
    {
        terminal.Say(Text.Webhook_paste);
        terminal.Result("  " + webhook.Url);
        if (webhook is { Url: { } url, Secret: { } secret } && !url.Contains(secret, StringComparison.Ordinal))
        {
            terminal.Result("  " + Sentence.Of(Text.Webhook_secret, secret));
        }

        terminal.Say(Text.Webhook_once);
        if (webhook.PreviousValidUntil is { } until)
        {
            terminal.Say(Sentence.Of(Text.Webhook_overlap, until.ToLocalTime()));
        }
    }
}
