using PbxGrains.Cli.Api;
using PbxGrains.Cli.Sites;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Status;

/// <summary>Shows the installation on one screen, problems first, and what is to be done.</summary>
/// <param name="session">Where to write.</param>
/// <param name="front">The front that answered.</param>
internal sealed class StatusPrint(Session session, Uri front)
{
    /// <summary>Shows it.</summary>
    public void Show(StatusResource status)
    {
        Line(true, Sentence.Of(Text.Status_front, front.GetLeftPart(UriPartial.Authority), status.Version ?? "?"));
        Line(status.Silos is { Count: > 0 }, Silos(status.Silos));
        var sites = status.Sites ?? new SitesGlance(0, null, null, 0);
        var problems = sites.Problems ?? [];
        Line(!problems.Any(StatusVerdict.IsOutOfOrder), Sentence.Of(Text.Status_sites, sites.Total, Health(sites)));
        foreach (var site in problems)
        {
            session.Terminal.Beneath(Sentence.Of(Text.Status_site, site.SiteId, site.Name, Words(site)));
        }

        if (sites.MoreProblems > 0)
        {
            session.Terminal.Beneath(Sentence.Of(Text.Status_more_sites, sites.MoreProblems));
        }

        var reports = status.Reports ?? new ReportsGlance(0, 0, null);
        session.Terminal.Finding(reports.Silent == 0 ? "✓" : "i", reports.Silent == 0 ? "green" : "blue", Sentence.Of(Text.Status_reports, reports.Proven, reports.Proven + reports.Silent, SiteWords.Ago(reports.LastAt, Now)));
        var webhooks = status.Webhooks ?? new WebhooksGlance(0, 0, 0, 0, null);
        Line(webhooks is { Failing: 0, SwitchedOff: 0 }, Sentence.Of(Text.Status_webhooks, webhooks.Subscriptions, webhooks.Failing, webhooks.SwitchedOff, Backlog(webhooks)));
        TellSteps(StatusVerdict.ToDo(status));
    }

    private DateTimeOffset Now => session.Time.GetUtcNow();

    private void TellSteps(IReadOnlyList<string> steps)
    {
        session.Terminal.Heading(steps.Count == 0 ? Text.Status_nothing_to_do : Text.Status_to_do);
        foreach (var step in steps)
        {
            session.Terminal.Finding("→", "yellow", step);
        }
    }

    private void Line(bool well, string sentence) => session.Terminal.Finding(well ? "✓" : "!", well ? "green" : "yellow", sentence);

    private static string Silos(IReadOnlyList<SiloResource>? silos) => silos is { Count: > 0 }
        ? Sentence.Of(Text.Status_silos, silos.Count, string.Join("; ", silos.Select(silo => Sentence.Of(Text.Status_silo, silo.Address, silo.Sites))))
        : Text.Status_silos_unknown;

    private static string Health(SitesGlance sites) => string.Join(", ", (sites.Health ?? new Dictionary<string, int>())
        .Where(pair => pair.Value > 0)
        .Select(pair => $"{Sentence.OfValue("Health", pair.Key)} {pair.Value}"));

    private string Words(SiteProblem site)
    {
        var words = new List<string>();
        if (site.Health is null)
        {
            words.Add(Text.State_not_asked);
        }
        else if (StatusVerdict.IsOutOfOrder(site))
        {
            var reason = Sentence.ReaderKnowsApiLanguage && site.Message is not null ? site.Message : Sentence.OfValue("Reason", site.Reason, site.Message);
            words.Add($"{Sentence.OfValue("Health", site.Health)} ({SiteWords.Ago(site.Since, Now)}). {reason}");
        }

        words.AddRange((site.Warnings ?? []).Select(warning => Sentence.ReaderKnowsApiLanguage ? warning.Message : Sentence.OfValue("Warning", warning.Code, warning.Message)));
        return string.Join(' ', words);
    }

    private string Backlog(WebhooksGlance webhooks) => webhooks.Waiting == 0
        ? Text.Status_nothing_waits
        : Sentence.Of(Text.Status_waiting, webhooks.Waiting, SiteWords.Ago(webhooks.OldestAt, Now));
}
