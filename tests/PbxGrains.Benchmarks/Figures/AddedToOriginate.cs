using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using PbxGrains.Benchmarks.Running;
using PbxGrains.Testing;

namespace PbxGrains.Benchmarks.Figures;

/// <summary>What a CRM waits longer for its click-to-call than if it asked the PBX itself.</summary>
internal sealed class AddedToOriginate : IFigure
{
    private const string Direct = "the same dial sent to the same simulated PBXs directly, over an open connection with a token, nothing written down";
    private const int SitesEach = 8;
    private const int Extensions = 101;
    private const int WarmUpDials = 240;
    private const int Dials = 160;
    private const int AtOnce = 2;

    // About 19 dials a second: what a dial takes, not how it waits behind all that the ones before it have set in motion.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private static readonly Measure P50 = new("p50", "ms", Direct, Aim.AddedAtMost(1));
    private static readonly Measure P99 = new("p99", "ms", Direct, Aim.AddedAtMost(5));

    public string Name => "originate";

    public string Title => string.Create(CultureInfo.InvariantCulture, $"Originate, each durable before it leaves and after; {AtOnce} at a time and {Pause.TotalMilliseconds:0} ms between, plain HTTP to the PBX");

    public IReadOnlyList<Measure> Measures => [P50, P99];

    public async IAsyncEnumerable<FigureRound> RoundsAsync(FigureScale scale, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var fleet = await PbxFleet.StartAsync(2 * SitesEach, Extensions, history: 0, ct);
        await using var product = await ProductUnderTest.StartAsync(sites: 0, ct);
        using var direct = new DirectDial();
        for (var i = 0; i < SitesEach; i++)
        {
            await product.RegisterAsync(SiteId(i), fleet.Addresses[i], PbxFleet.Password, ct);
            await direct.LogInAsync(fleet.Addresses[SitesEach + i], PbxFleet.Password, ct);
            _ = await Eventually.Holds(() => IsOnlineAsync(product, i, ct), $"{SiteId(i)} is online", TimeSpan.FromSeconds(60));
        }

        // Every telephone rings once: it stays busy until the end. The last of a PBX is whom all dial.
        var callee = (PbxFleet.FirstExtension + Extensions - 1).ToString(CultureInfo.InvariantCulture);
        var (oursDialled, directlyDialled) = (0, 0);
        await DialBothAsync(WarmUpDials);
        for (var round = 0; round < Math.Min(scale.Rounds, 3); round++)
        {
            var (ours, directly) = await DialBothAsync(scale.Of(Dials));
            var (q, b) = (Quantiles.Of(ours), Quantiles.Of(directly));
            yield return new FigureRound()
                .Add(P50, q.P50, b.P50)
                .Add(P99, q.P99, b.P99)
                .Draw(FigurePlots.Originates, "through PbxGrains", Quantiles.Line(ours))
                .Draw(FigurePlots.Originates, "directly", Quantiles.Line(directly));
        }

        async Task<(LatencySample Ours, LatencySample Directly)> DialBothAsync(int dials)
        {
            var ours = await DialAsync(oursDialled, dials, (site, caller) => OriginateAsync(product, site, caller, callee, ct), ct);
            oursDialled += dials;
            var directly = await DialAsync(directlyDialled, dials, (site, caller) => direct.DialAsync(site, caller, callee, ct), ct);
            directlyDialled += dials;
            return (ours, directly);
        }
    }

    private static async Task<LatencySample> DialAsync(int from, int count, Func<int, string, Task> dial, CancellationToken ct)
    {
        var times = new ConcurrentBag<double>();
        await Parallel.ForAsync(from, from + count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (number, stop) =>
        {
            var caller = (PbxFleet.FirstExtension + (number / SitesEach)).ToString(CultureInfo.InvariantCulture);
            var started = Stopwatch.GetTimestamp();
            await dial(number % SitesEach, caller);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            await Task.Delay(Pause, stop);
        });
        return new LatencySample([.. times], count);
    }

    private static async Task OriginateAsync(ProductUnderTest product, int site, string extension, string destination, CancellationToken ct)
    {
        using var answer = await product.Http.PostAsJsonAsync(new Uri($"/api/pbx/sites/{SiteId(site)}/calls", UriKind.Relative), new { extension, destination }, ct);
        if (answer.StatusCode != HttpStatusCode.Created)
        {
            throw new InvalidOperationException($"The originate was not accepted: {await answer.Content.ReadAsStringAsync(ct)}");
        }
    }

    private static async Task<bool> IsOnlineAsync(ProductUnderTest product, int site, CancellationToken ct) =>
        (await product.Http.GetStringAsync(new Uri($"/api/pbx/sites/{SiteId(site)}", UriKind.Relative), ct)).Contains("\"online\"", StringComparison.Ordinal);

    private static string SiteId(int site) => string.Create(CultureInfo.InvariantCulture, $"bench-{site}");
}
