using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PbxGrains.EndToEnd.Tests.Faults;

/// <summary>How a site does, as a front told.</summary>
/// <param name="At">When it was asked, on the run's clock.</param>
/// <param name="Health">Its health; null when its actor could not be asked.</param>
/// <param name="Silo">Where its actor is.</param>
internal readonly record struct SiteSeen(TimeSpan At, string? Health, string? Silo);

/// <summary>Asks the fronts by turns, over and over, how all sites do.</summary>
/// <param name="fronts">The fronts.</param>
/// <param name="now">The run's clock.</param>
internal sealed class SiteBoard(IReadOnlyList<HttpClient> fronts, Func<TimeSpan> now)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, SiteSeen> _seen = new(StringComparer.Ordinal);

    /// <summary>What was told last of a site.</summary>
    public SiteSeen Of(string site) => _seen.GetValueOrDefault(site);

    /// <summary>Where actors are that were last seen on a silo.</summary>
    public IReadOnlyList<string> On(string silo) => [.. _seen.Where(site => site.Value.Silo?.StartsWith(silo, StringComparison.Ordinal) is true).Select(site => site.Key)];

    /// <summary>Asks until it is called off.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        for (var turn = 0; !ct.IsCancellationRequested; turn++)
        {
            try
            {
                var at = now();
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
                limit.CancelAfter(LongestAnswer);
                foreach (var (site, seen) in await ReadAsync(fronts[turn % fronts.Count], limit.Token))
                {
                    _seen[site] = seen with { At = at };
                }
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException or IOException)
            {
                // That front is away: the other one is asked next.
            }

            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    /// <summary>Asks one front.</summary>
    public static async Task<IReadOnlyDictionary<string, SiteSeen>> ReadAsync(HttpClient front, CancellationToken ct)
    {
        var answer = await front.GetFromJsonAsync<JsonNode>(new Uri("/api/pbx/sites", UriKind.Relative), ct);
        return answer!.AsArray().ToDictionary(
            site => site!["siteId"]!.GetValue<string>(),
            site => new SiteSeen(TimeSpan.Zero, site!["status"]?["health"]?.GetValue<string>(), site["status"]?["silo"]?.GetValue<string>()),
            StringComparer.Ordinal);
    }
}
