using System.Globalization;
using Microsoft.Playwright;
using Npgsql;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Front.Tests.Lab;
using static Microsoft.Playwright.Assertions;

namespace PbxGrains.Front.Tests.Board;

/// <summary>A company with a thousand sites of fifty extensions, while 200 things a second happen.</summary>
public sealed class ManySitesTests(Browser browser) : IClassFixture<Browser>
{
    private const int Sites = 1000;
    private const int Bursts = 120;
    private const int PerBurst = 20;

    private static readonly TimeSpan BetweenBursts = TimeSpan.FromMilliseconds(100);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_wall_stays_at_hand_with_a_thousand_sites_and_misses_nothing()
    {
        await using var front = await FrontLab.StartAsync();
        var calls = new int[Sites];
        await RegisterAsync(front, calls);
        await using var reader = await browser.SignInAsync(front);
        var page = reader.Page;
        await Expect(page.Locator("[data-sum=all]")).ToHaveTextAsync("1000");
        await MeasureAsync(page);

        var happening = HappenAsync(front, calls);
        for (var round = 0; round < 10; round++)
        {
            var wanted = (round * 97) + 3;
            await page.FillAsync("input[type=search]", $"Agence {wanted:0000}");
            await Expect(page.Locator(".tile:not([hidden])")).ToHaveAttributeAsync("data-site", $"site-{wanted:0000}");
            await page.FillAsync("input[type=search]", "");
            await Expect(page.Locator(".tile:not([hidden])")).ToHaveCountAsync(Sites);
            await page.Mouse.WheelAsync(0, 2500);
        }

        await Reader.PictureAsync(page, "sites-1000");
        await happening;

        // Whatever came in whichever order: in the end the wall says what the actors say.
        await Expect(page.Locator("[data-sum=calls]")).ToHaveTextAsync(calls.Sum().ToString(CultureInfo.InvariantCulture));
        TestContext.Current.TestOutputHelper!.WriteLine(await page.EvaluateAsync<string>("""
            async () => {
              const told = [];
              for (const path of ['/', '/api/pbx/sites']) {
                const began = performance.now();
                const size = (await (await fetch(path)).text()).length;
                told.push(`${path}: ${Math.round(size / 1024)} KiB in ${Math.round(performance.now() - began)} ms`);
              }
              return told.join('; ');
            }
            """));
        TestContext.Current.TestOutputHelper!.WriteLine(await page.EvaluateAsync<string>("report()"));
        reader.Troubles.Should().BeEmpty();
    }

    private static async Task RegisterAsync(FrontLab front, int[] calls)
    {
        await using var command = front.Service<NpgsqlDataSource>().CreateCommand("""
            INSERT INTO pbx.site (site_id, name, address, user_name, password_cipher, time_zone)
            SELECT format('site-%s', to_char(n, 'FM0000')), format('Agence %s', to_char(n, 'FM0000')), format('https://10.%s.%s.254:8088', n / 250, n % 250), 'api', 'x', 'Europe/Paris'
            FROM generate_series(0, $1 - 1) AS n
            """);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Sites });
        (await command.ExecuteNonQueryAsync(Ct)).Should().Be(Sites);
        for (var i = 0; i < Sites; i++)
        {
            var (number, id) = (i, Id(i));
            front.Site(id).Status = () => Scene.Status(id, calls: Volatile.Read(ref calls[number])) with
            {
                Extensions = new Dictionary<ExtensionStatus, int> { [ExtensionStatus.Idle] = 48 - calls[number], [ExtensionStatus.Busy] = calls[number], [ExtensionStatus.Unregistered] = 2 },
            };
        }
    }

    private static async Task HappenAsync(FrontLab front, int[] calls)
    {
        using var rhythm = new PeriodicTimer(BetweenBursts);
        for (var burst = 0; burst < Bursts && await rhythm.WaitForNextTickAsync(Ct); burst++)
        {
            var moved = Enumerable.Range(0, PerBurst).Select(n => ((burst * PerBurst) + n) * 37 % Sites).ToList();
            moved.ForEach(site => Volatile.Write(ref calls[site], (burst % 7) + 1));
            await front.AppendAsync([.. moved.Select(site => Scene.StatusEvent(Id(site), 1001 + (burst % 50), ExtensionStatus.Busy))]);
        }
    }

    // Printed, not judged: how long the page was ever busy at a stretch.
    private static async Task MeasureAsync(IPage page) => _ = await page.EvaluateAsync("""
        () => {
          const tasks = [], gaps = [];
          const began = performance.now();
          new PerformanceObserver(list => tasks.push(...list.getEntries().map(entry => entry.duration))).observe({ type: 'longtask' });
          let last = began;
          const frame = now => { gaps.push(now - last); last = now; requestAnimationFrame(frame); };
          requestAnimationFrame(frame);
          window.report = () => {
            const sorted = gaps.sort((a, b) => a - b);
            const at = share => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]);
            return `${Math.round((performance.now() - began) / 1000)} s: frames p50 ${at(.5)} ms, p95 ${at(.95)} ms, p99 ${at(.99)} ms, longest ${at(1)} ms; ` +
              `${tasks.length} long tasks, longest ${Math.round(Math.max(0, ...tasks))} ms, together ${Math.round(tasks.reduce((sum, task) => sum + task, 0))} ms`;
          };
        }
        """);

    private static string Id(int number) => $"site-{number:0000}";
}
