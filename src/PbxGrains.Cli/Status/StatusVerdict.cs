using PbxGrains.Cli.Api;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Status;

/// <summary>What follows from the state of the installation: what the shell is told, and what is to be done.</summary>
internal static class StatusVerdict
{
    private const int MostSites = 10;

    /// <summary>What the shell is told.</summary>
    public static ExitCode ExitCodeOf(StatusResource status) =>
        status.Silos is not { Count: > 0 } || status.Webhooks is { SwitchedOff: > 0 } || Problems(status).Any(IsOutOfOrder) ? ExitCode.OutOfOrder
        : status.Webhooks is { Failing: > 0 } || Problems(status).Count > 0 ? ExitCode.Attention
        : ExitCode.Ok;

    /// <summary>True for a site that does not work; false for one that works and has warnings.</summary>
    public static bool IsOutOfOrder(SiteProblem site) => site.Health is not ("online" or "connecting");

    /// <summary>What to do, most urgent first, a sentence with a command each; empty when nothing is to be done.</summary>
    public static IReadOnlyList<string> ToDo(StatusResource status)
    {
        List<string> steps = [];
        if (status.Silos is not { Count: > 0 })
        {
            steps.Add(Text.Status_do_silos);
        }

        steps.AddRange(Problems(status).Take(MostSites).Select(Step));
        if (Problems(status).Count > MostSites || status.Sites is { MoreProblems: > 0 })
        {
            steps.Add(Text.Status_do_more);
        }

        // An office where nobody telephones is silent, too: only that nothing ever came is a reason to look.
        if (status.Reports is { Silent: > 0, LastAt: null })
        {
            steps.Add(Text.Status_do_reports);
        }

        if (status.Webhooks is { SwitchedOff: > 0 } or { Failing: > 0 })
        {
            steps.Add(Text.Status_do_webhooks);
        }

        if (status.Sites is not { Total: > 0 })
        {
            steps.Add(Text.Status_do_first_site);
        }

        return steps;
    }

    private static IReadOnlyList<SiteProblem> Problems(StatusResource status) => status.Sites?.Problems ?? [];

    private static string Step(SiteProblem site) => site.Health switch
    {
        "credentialsRejected" => Sentence.Of(Text.Status_do_credentials, site.SiteId),
        "unreachable" or "degraded" => Sentence.Of(Text.Status_do_check, site.SiteId),
        null => Sentence.Of(Text.Status_do_unknown, site.SiteId),
        _ => Sentence.Of(Text.Status_do_warnings, site.SiteId),
    };
}
