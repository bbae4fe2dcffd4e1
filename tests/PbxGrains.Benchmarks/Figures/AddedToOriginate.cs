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
    private const string Direct = "(a) the same dial sent to the same simulated PBXs directly, over an open connection with a token, nothing written down";
    private const string Written = "(b) the same as (a), each dial first committed as one row of a table, nothing else";
    private const int SitesEach = 8;
    private const int Extensions = 101;
    private const int WarmUpDials = 240;
    private const int Dials = 160;
    private const int AtOnce = 2;

    // About 19 dials a second: what a dial takes, not how it waits behind all that the ones before it have set in motion.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private static readonly Measure P50 = new("p50, against (a)", "ms", Direct, Aim.AddedAtMost(1));
    private static readonly Measure P99 = new("p99, against (a)", "ms", Direct, Aim.AddedAtMost(5));
    private static readonly Measure P50ToWritten = new("p50, against (b)", "ms", Written);
    private static readonly Measure P99ToWritten = new("p99, against (b)", "ms", Written);

    public string Name => "originate";

    public string Title => string.Create(CultureInfo.InvariantCulture, $"Originate, each durable before it leaves and after; {AtOnce} at a time and {Pause.TotalMilliseconds:0} ms between, plain HTTP to the PBX");

    public IReadOnlyList<Measure> Measures => [P50, P99, P50ToWritten, P99ToWritten];

    public async IAsyncEnumerable<FigureRound> RoundsAsync(FigureScale scale, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var fleet = await PbxFleet.StartAsync(3 * SitesEach, Extensions, history: 0, ct);
        await using var product = await ProductUnderTest.StartAsync(sites: 0, ct);
        using var direct = new DirectDial();
        await using var written = await WrittenDial.CreateAsync(direct, product.ConnectionString, ct);
        for (var i = 0; i < SitesEach; i++)
        {
            await product.RegisterAsync(SiteId(i), fleet.Addresses[i], PbxFleet.Password, ct);
            _ = await Eventually.Holds(() => IsOnlineAsync(product, i, ct), $"{SiteId(i)} is online", TimeSpan.FromSeconds(60));
        }

        foreach (var address in fleet.Addresses.Skip(SitesEach))
        {
            await direct.LogInAsync(address, PbxFleet.Password, ct);
        }

        // Every telephone rings once: it stays busy until the end. The last of a PBX is whom all dial.
        var callee = (PbxFleet.FirstExtension + Extensions - 1).ToString(CultureInfo.InvariantCulture);
        var dialled = 0;
        _ = await DialAllAsync(WarmUpDials);
        for (var round = 0; round < Math.Min(scale.Rounds, 3); round++)
        {
            var (ours, directly, writtenDown) = await DialAllAsync(scale.Of(Dials));
            var (q, a, b) = (Quantiles.Of(ours), Quantiles.Of(directly), Quantiles.Of(writtenDown));
            yield return new FigureRound()
                .Add(P50, q.P50, a.P50)
                .Add(P99, q.P99, a.P99)
                .Add(P50ToWritten, q.P50, b.P50)
                .Add(P99ToWritten, q.P99, b.P99)
                .Draw(FigurePlots.Originates, "through PbxGrains", Quantiles.Line(ours))
                .Draw(FigurePlots.Originates, "directly", Quantiles.Line(directly))
                .Draw(FigurePlots.Originates, "directly, written down first", Quantiles.Line(writtenDown));
        }

        async Task<(LatencySample Ours, LatencySample Directly, LatencySample WrittenDown)> DialAllAsync(int dials)
        {
            var ours = await DialAsync(dialled, dials, (site, caller) => OriginateAsync(product, site, caller, callee, ct), ct);
            var directly = await DialAsync(dialled, dials, (site, caller) => direct.DialAsync(site, caller, callee, ct), ct);
            var writtenDown = await DialAsync(dialled, dials, (site, caller) => written.DialAsync(SitesEach + site, caller, callee, ct), ct);
            dialled += dials;
            return (ours, directly, writtenDown);
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
