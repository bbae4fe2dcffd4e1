using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;
using PbxGrains.Cli.Api;

namespace PbxGrains.Cli.Completion;

/// <summary>
/// Completes ids by asking the front: of sites, keys and subscriptions, wherever a command takes one. A shell waits for it
/// while somebody is typing, so it takes little time and says nothing when it does not work.
/// </summary>
/// <param name="options">Options every command takes.</param>
/// <param name="environment">Environment variables.</param>
internal sealed class IdCompletion(GlobalOptions options, Func<string, string?> environment)
{
    /// <summary>Variable with the longest time to wait for ids, seconds.</summary>
    public const string PatienceVariable = "PBX_COMPLETION_TIMEOUT";

    private const double DefaultPatience = 1;
    private const double LongestPatience = 60;

    /// <summary>Teaches the command and all below it.</summary>
    public void AddTo(Command command)
    {
        foreach (var argument in command.Arguments)
        {
            Teach(argument.Name, argument.CompletionSources);
        }

        foreach (var option in command.Options.Where(option => option.Name == "--site"))
        {
            Teach("site", option.CompletionSources);
        }

        foreach (var sub in command.Subcommands)
        {
            AddTo(sub);
        }
    }

    private void Teach(string name, List<Func<CompletionContext, IEnumerable<CompletionItem>>> sources)
    {
        switch (name)
        {
            case "site":
                sources.Add(context => Ask(context, (api, ct) => api.ListSites(ct), site => (site.SiteId, site.Name)));
                break;
            case "key":
                sources.Add(context => Ask(context, (api, ct) => api.ListKeys(ct), key => (key.RevokedAt is null ? key.KeyId : null, key.Name)));
                break;
            case "subscription":
                sources.Add(context => Ask(context, (api, ct) => api.ListSubscriptions(ct), one => (one.Id, one.Url)));
                break;
            default:
                break;
        }
    }

    private IEnumerable<CompletionItem> Ask<T>(
        CompletionContext context, Func<PbxApi, CancellationToken, Task<ApiAnswer<IReadOnlyList<T>>>> ask, Func<T, (string? Id, string? About)> read)
    {
        using var api = options.FrontOf(context.ParseResult);
        if (api is null)
        {
            return [];
        }

        using var limit = new CancellationTokenSource(Patience());
        try
        {
            var answer = Task.Run(() => ask(api, limit.Token), limit.Token).GetAwaiter().GetResult();
            return [.. (answer.Value ?? []).Select(read).Where(one => IsPlain(one.Id)).Select(one => new CompletionItem(one.Id!, detail: one.About))];
        }
        catch (OperationCanceledException)
        {
            return [];
        }
    }

    private TimeSpan Patience() =>
        double.TryParse(environment(PatienceVariable), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= LongestPatience
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.FromSeconds(DefaultPatience);

    // What is put on a command line unseen must mean nothing to a shell, whatever a front answers.
    private static bool IsPlain(string? id) => id is { Length: > 0 } && char.IsAsciiLetterOrDigit(id[0]) && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
