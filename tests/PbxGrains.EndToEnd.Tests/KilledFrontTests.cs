using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PbxGrains.Contracts.Events;
using PbxGrains.EndToEnd.Tests.Running;
using PbxGrains.Storage;
using PbxGrains.Storage.Events;
using PbxGrains.Testing;

namespace PbxGrains.EndToEnd.Tests;

public sealed class KilledFrontTests(ITestOutputHelper output)
{
    private const int Events = 10_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_fronts_share_ten_thousand_webhooks_and_one_that_is_killed_loses_none()
    {
        await using var installation = await Installation.CreateAsync(settings: new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Subscriptions__AllowedTargets__0"] = "127.0.0.0/8",
            ["Subscriptions__Timeout"] = "00:00:04",
            ["Subscriptions__Lease"] = "00:00:08",
        });
        await installation.StartFrontAsync("silo");
        var doomed = await installation.StartFrontAsync("silo");
        await using var sink = await WebhookSink.StartAsync();
        var made = await installation.Front.Http.PostAsJsonAsync(new Uri("/api/pbx/subscriptions", UriKind.Relative), new { url = sink.Url }, Ct);
        made.EnsureSuccessStatusCode();
        var id = (await made.Content.ReadFromJsonAsync<JsonNode>(Ct))!["subscription"]!["id"]!.GetValue<string>();

        await using var database = PbxDataSource.Create(installation.ConnectionString);
        await using var log = new EventLog(database, TimeProvider.System, NullLogger<EventLog>.Instance);
        var told = Enumerable.Range(0, Events).Select(Ended).ToList();
        var began = TimeProvider.System.GetTimestamp();
        foreach (var some in told.Chunk(250))
        {
            await log.AppendAsync(some, Ct);
        }

        await Eventually.Holds(() => sink.Got.Count > Events / 5, "a part to arrive", TimeSpan.FromSeconds(60));
        await doomed.KillAsync();
        var gotAtTheKill = sink.Got.Count;
        var expected = told.Select(e => e.Id.ToString()).ToHashSet(StringComparer.Ordinal);
        await Eventually.Holds(() => sink.Got.Count >= Events && expected.IsSubsetOf(sink.Got), "every webhook to arrive", TimeSpan.FromSeconds(180));
        var took = TimeProvider.System.GetElapsedTime(began);

        var (_, _) = await installation.WaitAsync($"/api/pbx/subscriptions/{id}/deliveries?state=pending", page => page["items"]!.AsArray().Count == 0, "nothing to be left");
        var twice = sink.Got.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key).ToList();
        var claimedAgain = await ClaimedAgainAsync(database);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Events} webhooks in {took.TotalSeconds:0.0} s; one front killed after {gotAtTheKill}; {claimedAgain.Count} claimed again, {twice.Count} arrived twice."));
        gotAtTheKill.Should().BeLessThan(Events);
        sink.Got.ToHashSet(StringComparer.Ordinal).SetEquals(expected).Should().BeTrue("nothing but what was told may arrive");
        twice.Should().BeSubsetOf(claimedAgain, "only what the killed one had under way may come again");
    }

    [Fact]
    public async Task One_front_delivers_quickly_and_soon()
    {
        await using var installation = await Installation.CreateAsync(settings: new Dictionary<string, string>(StringComparer.Ordinal) { ["Subscriptions__AllowedTargets__0"] = "127.0.0.0/8" });
        await installation.StartFrontAsync("silo");
        await using var sink = await WebhookSink.StartAsync();
        (await installation.Front.Http.PostAsJsonAsync(new Uri("/api/pbx/subscriptions", UriKind.Relative), new { url = sink.Url }, Ct)).EnsureSuccessStatusCode();
        await using var database = PbxDataSource.Create(installation.ConnectionString);
        await using var log = new EventLog(database, TimeProvider.System, NullLogger<EventLog>.Instance);

        var soon = new List<double>();
        for (var i = 0; i < 120; i++)
        {
            var began = TimeProvider.System.GetTimestamp();
            var arrival = sink.NextAsync();
            await log.AppendAsync([Ended(i)], Ct);
            await arrival.WaitAsync(TimeSpan.FromSeconds(30), Ct);
            soon.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
        }

        var start = TimeProvider.System.GetTimestamp();
        foreach (var some in Enumerable.Range(0, Events).Select(Ended).Chunk(250))
        {
            await log.AppendAsync(some, Ct);
        }

        await Eventually.Holds(() => sink.Got.Count >= Events + soon.Count, "every webhook to arrive", TimeSpan.FromSeconds(120));
        var took = TimeProvider.System.GetElapsedTime(start);
        var ordered = soon.Skip(20).Order().ToList();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Event to sink: p50 {ordered[ordered.Count / 2]:0.0} ms, p95 {ordered[ordered.Count * 95 / 100]:0.0} ms. {Events / took.TotalSeconds:0} deliveries/s, from the first append to the last arrival."));
        sink.Got.Should().HaveCount(Events + soon.Count).And.OnlyHaveUniqueItems();
    }

    private static EventRow Ended(int number) => new()
    {
        Id = Guid.CreateVersion7(),
        Type = EventTypes.CallEnded,
        SiteId = "paris",
        Subject = string.Create(CultureInfo.InvariantCulture, $"calls/{number}.1"),
        OccurredAt = TimeProvider.System.GetUtcNow(),
        CallId = string.Create(CultureInfo.InvariantCulture, $"{number}.1"),
        Extensions = ["1001"],
        Data = JsonSerializer.Serialize(new { site = "paris", callId = number, caller = "0612345678", callee = "1001", direction = "inbound" }),
    };

    private static async Task<IReadOnlySet<string>> ClaimedAgainAsync(NpgsqlDataSource database)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        await using var command = database.CreateCommand("SELECT event_id FROM pbx.delivery WHERE claim > 1");
        await using var reader = await command.ExecuteReaderAsync(Ct);
        while (await reader.ReadAsync(Ct))
        {
            _ = names.Add(reader.GetGuid(0).ToString());
        }

        return names;
    }
}
