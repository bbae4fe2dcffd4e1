using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PbxGrains.Contracts.Events;
using PbxGrains.Front.Events;
using PbxGrains.Front.Subscriptions;
using PbxGrains.Front.Tests.Lab;
using PbxGrains.Storage.Events;
using PbxGrains.Testing;

namespace PbxGrains.Front.Tests.Subscriptions;

/// <summary>A front that may send webhooks to this machine, and somebody who gets them.</summary>
internal sealed class SubscriptionLab : IAsyncDisposable
{
    public const string Route = "/api/pbx/subscriptions";

    private SubscriptionLab(FrontLab front, WebhookSink sink)
    {
        Front = front;
        Sink = sink;
    }

    public FrontLab Front { get; }

    public WebhookSink Sink { get; }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<SubscriptionLab> StartAsync(TimeProvider? time = null, ResolveHost? resolve = null, params (string Key, string Value)[] settings)
    {
        var front = await FrontLab.StartAsync(
            time,
            services =>
            {
                if (resolve is not null)
                {
                    services.AddSingleton(resolve);
                }
            },
            [("Subscriptions:AllowedTargets:0", "127.0.0.0/8"), .. settings]);
        await Eventually.Holds(() => front.Service<EventRing>().HasStarted, "the tail of the event log to start");
        return new SubscriptionLab(front, await WebhookSink.StartAsync());
    }

    /// <summary>Subscribes a target to everything, or to what is given.</summary>
    public async Task<(Guid Id, string Secret)> SubscribeAsync(Uri? url = null, string[]? types = null, string[]? sites = null)
    {
        var made = await (await Front.Admin.PostAsJsonAsync(Route, new { url = url ?? Sink.Url, types, sites }, Ct)).JsonAsync(HttpStatusCode.Created);
        return (made.GetProperty("subscription").GetProperty("id").GetGuid(), made.Text("secret")!);
    }

    public Task TellAsync(params EventRow[] events) => Front.Service<EventLog>().AppendAsync(events, Ct);

    public Task TellAsync(int count) => TellAsync([.. Enumerable.Range(0, count).Select(number => Ringing($"{number}"))]);

    public static EventRow Ringing(string extension, string site = "paris") => new()
    {
        Id = Guid.CreateVersion7(),
        Type = EventTypes.CallRinging,
        SiteId = site,
        Subject = "calls/1.1",
        OccurredAt = DateTimeOffset.UtcNow,
        CallId = "1.1",
        AgentId = "jana",
        Extensions = [extension],
        Data = $$"""{"extension": "{{extension}}", "caller": "Zoé"}""",
    };

    public Task<JsonElement> GetAsync(string route) => Front.Admin.GetFromJsonAsync<JsonElement>(route, Ct);

    public Task<JsonElement> SubscriptionAsync(Guid id) => GetAsync($"{Route}/{id}");

    /// <summary>Deliveries in the order in which they were made.</summary>
    public async Task<IReadOnlyList<JsonElement>> DeliveriesAsync(Guid id, string query = "?limit=500") =>
        [.. (await GetAsync($"{Route}/{id}/deliveries{query}")).GetProperty("items").EnumerateArray().Reverse()];

    /// <summary>Waits until all deliveries are as wanted, of which there must be some.</summary>
    public async Task<IReadOnlyList<JsonElement>> DeliveriesAsync(Guid id, Func<JsonElement, bool> wanted, string what, Action? meanwhile = null)
    {
        IReadOnlyList<JsonElement> deliveries = [];
        await Eventually.Holds(
            async () =>
            {
                meanwhile?.Invoke();
                return (deliveries = await DeliveriesAsync(id)) is { Count: > 0 } && deliveries.All(wanted);
            },
            what,
            TimeSpan.FromSeconds(60));
        return deliveries;
    }

    public Task<HttpResponseMessage> PostAsync(string route, object? body = null) => Front.Admin.SendAsync(HttpMethod.Post, route, body);

    public async Task SqlAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Front.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await Front.DisposeAsync();
        await Sink.DisposeAsync();
    }
}
