using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PbxGrains.EndToEnd.Tests.Faults;

/// <summary>
/// Reads extensions of PBXs that nothing can be heard of: once the bound has passed, none may read as idle or busy.
/// </summary>
/// <param name="fronts">The fronts.</param>
/// <param name="now">The run's clock.</param>
/// <param name="violations">Told of what reads as fresh.</param>
internal sealed class StaleKnowledge(IReadOnlyList<HttpClient> fronts, Func<TimeSpan> now, Violations violations)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(15);

    /// <summary>What left a PBX before the silence arrives later and is news then, on a busy machine by so much.</summary>
    private static readonly TimeSpan UnderWay = TimeSpan.FromSeconds(1);

    /// <summary>A silo whose machine's clock was set back lets its own run a fiftieth slower until they agree.</summary>
    private static readonly TimeSpan Bound = (FaultOptions.StaleAfter * 1.03) + UnderWay;

    private volatile Silence? _silence;

    /// <summary>From now on nothing is heard of these sites' PBXs.</summary>
    public void OutOfReach(IReadOnlyList<string> sites, TimeSpan since) => _silence = new Silence(sites, since);

    /// <summary>From now on they are heard of again.</summary>
    public void InReach() => _silence = null;

    /// <summary>Reads until it is called off.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        for (var turn = 0; !ct.IsCancellationRequested; turn++)
        {
            if (_silence is { } silence)
            {
                foreach (var site in silence.Sites)
                {
                    await LookAsync(fronts[turn % fronts.Count], site, silence, ct);
                }
            }

            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private async Task LookAsync(HttpClient front, string site, Silence silence, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(LongestAnswer);
        try
        {
            // Knowledge is at least as old at the answer as it was when it was asked for.
            var age = now() - silence.Since;
            var listed = await front.GetFromJsonAsync<JsonNode>(new Uri($"/api/pbx/sites/{site}/extensions", UriKind.Relative), limit.Token);
            var one = await front.GetFromJsonAsync<JsonNode>(new Uri($"/api/pbx/sites/{site}/extensions/1001", UriKind.Relative), limit.Token);
            if (age <= Bound || _silence != silence)
            {
                return;
            }

            foreach (var extension in listed!.AsArray().Append(one))
            {
                violations.Checked(Invariant.StaleIsMarked);
                if (extension!["status"]!.GetValue<string>() != "unknown")
                {
                    violations.Add(Invariant.StaleIsMarked, string.Create(CultureInfo.InvariantCulture, $"{site} {extension["number"]} reads {extension["status"]} {age.TotalSeconds:0.0} s after its PBX was last heard of: confirmed {extension["confirmedAt"]}, source {extension["source"]}, as of {extension["asOf"]}"));
                }
            }
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException or IOException)
        {
            // That front or that site's actor is away just now.
        }
    }

    private sealed record Silence(IReadOnlyList<string> Sites, TimeSpan Since);
}
