using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PbxGrains.Contracts.Events;
using PbxGrains.Front.Events;
using PbxGrains.Front.Tests.Lab;
using PbxGrains.Storage.Events;
using PbxGrains.Testing;
using static PbxGrains.Front.Tests.Subscriptions.SubscriptionLab;

namespace PbxGrains.Front.Tests.Subscriptions;

public sealed class SubscriptionTests : IAsyncLifetime
{
    private SubscriptionLab _lab = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _lab = await SubscriptionLab.StartAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task What_happens_arrives_signed_and_two_libraries_that_are_not_ours_agree()
    {
        var (id, secret) = await _lab.SubscribeAsync();

        await _lab.TellAsync(20);
        var got = await _lab.Sink.ReceivesAsync(20);

        (await WebhookVerifier.CheckAsync([.. got.Select(webhook => (webhook, secret))])).Should().HaveCount(20).And.OnlyContain(word => word == "ok");
        got.Should().OnlyContain(webhook => webhook.Headers["content-type"] == "application/cloudevents+json; charset=utf-8" && webhook.Path == "/hooks");
        var events = await _lab.GetAsync("/api/pbx/events/page?after=beginning");
        var told = events.GetProperty("items").EnumerateArray().ToDictionary(e => e.Text("id")!, StringComparer.Ordinal);
        told.Should().HaveCount(20);
        got.Should().OnlyContain(webhook => JsonElement.DeepEquals(webhook.Json, told[webhook.Id]));
        got.Should().OnlyContain(webhook => webhook.Json.GetProperty("id").GetString() == webhook.Id);
        var deliveries = await _lab.DeliveriesAsync(id, d => d.Text("state") == "delivered", "all to be delivered");
        deliveries.Should().HaveCount(20).And.OnlyContain(d => d.GetProperty("attempts")[0].GetProperty("status").GetInt32() == 204);
        (await _lab.SubscriptionAsync(id)).Text("cursor").Should().Be(events.Text("next"));
    }

    [Fact]
    public async Task What_was_changed_on_the_way_is_found_out()
    {
        var (_, secret) = await _lab.SubscribeAsync();
        await _lab.TellAsync(1);
        var webhook = (await _lab.Sink.ReceivesAsync(1))[0];
        var forged = webhook with { Body = [.. webhook.Body[..^1], (byte)' ', (byte)'}'] };
        var renamed = webhook with { Headers = webhook.Headers.ToDictionary(h => h.Key, h => h.Key == "webhook-id" ? "other" : h.Value, StringComparer.Ordinal) };

        var words = await WebhookVerifier.CheckAsync((webhook, secret), (forged, secret), (renamed, secret), (webhook, SigningOther()));

        words[0].Should().Be("ok");
        words.Skip(1).Should().HaveCount(3).And.OnlyContain(word => word.Contains("standardwebhooks: No matching", StringComparison.Ordinal) && word.Contains("svix: No matching", StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_a_secret_is_being_replaced_both_are_good()
    {
        var (id, old) = await _lab.SubscribeAsync();
        var made = await (await _lab.PostAsync($"{Route}/{id}/secret")).JsonAsync();
        made.GetProperty("previousValidUntil").GetDateTimeOffset().Should().BeAfter(DateTimeOffset.UtcNow.AddHours(23));
        await _lab.TellAsync(1);
        var during = (await _lab.Sink.ReceivesAsync(1))[0];

        var own = "whsec_" + Convert.ToBase64String(new byte[24]);
        (await (await _lab.PostAsync($"{Route}/{id}/secret", new { secret = own, overlapHours = 0 })).JsonAsync()).Text("secret").Should().Be(own);
        await _lab.TellAsync(1);
        var after = (await _lab.Sink.ReceivesAsync(2))[1];

        during.Signatures.Should().HaveCount(2);
        after.Signatures.Should().ContainSingle();
        (await WebhookVerifier.CheckAsync((during, old), (during, made.Text("secret")!), (after, own), (after, made.Text("secret")!))).Take(3).Should().OnlyContain(word => word == "ok");
        (await WebhookVerifier.CheckAsync((after, made.Text("secret")!))).Single().Should().NotBe("ok");
    }

    [Fact]
    public async Task Secrets_are_shown_once_and_never_logged()
    {
        var (id, secret) = await _lab.SubscribeAsync();
        await _lab.TellAsync(1);
        await _lab.Sink.ReceivesAsync(1);

        (await _lab.GetAsync(Route)).GetRawText().Should().NotContain("whsec_");
        (await _lab.SubscriptionAsync(id)).GetRawText().Should().NotContain("whsec_");
        _lab.Front.Logs.Text.Should().NotContain(secret["whsec_".Length..]);
    }

    [Fact]
    public async Task A_subscription_gets_the_types_and_sites_it_names()
    {
        var (id, _) = await _lab.SubscribeAsync(types: ["pbx.call.*"], sites: ["lyon"]);

        await _lab.TellAsync(Ringing("1"), Ringing("2", "lyon") with { Type = EventTypes.ExtensionStatus }, Ringing("3", "lyon"));

        (await _lab.Sink.ReceivesAsync(1)).Single().Json.GetProperty("data").Text("extension").Should().Be("3");
        (await _lab.DeliveriesAsync(id)).Should().ContainSingle();
    }

    [Fact]
    public async Task A_test_message_goes_the_same_way_and_stays_out_of_the_log()
    {
        var (id, secret) = await _lab.SubscribeAsync(types: [EventTypes.CallEnded]);

        var asked = await (await _lab.PostAsync($"{Route}/{id}/test")).JsonAsync(HttpStatusCode.Accepted);

        var webhook = (await _lab.Sink.ReceivesAsync(1)).Single();
        (await WebhookVerifier.CheckAsync((webhook, secret))).Single().Should().Be("ok");
        webhook.Id.Should().Be(asked.Text("eventId"));
        webhook.Json.Text("type").Should().Be(EventTypes.SubscriptionTest);
        webhook.Json.Text("source").Should().Be("/api/pbx");
        webhook.Json.TryGetProperty("site", out _).Should().BeFalse();
        webhook.Json.GetProperty("data").EnumerateObject().Select(p => p.Name).Should().BeEquivalentTo(EventSchemas.Of(EventTypes.SubscriptionTest)!["properties"]!.AsObject().Select(p => p.Key));
        await Eventually.Holds(async () => (await _lab.GetAsync($"{Route}/{id}/deliveries/{asked.GetProperty("id").GetInt64()}")).Text("state") == "delivered", "the test to be delivered");
        (await _lab.GetAsync("/api/pbx/events/page?after=beginning")).GetProperty("items").GetArrayLength().Should().Be(0);
    }

    [Fact]
    public async Task A_test_that_fails_is_not_tried_again()
    {
        _lab.Sink.Answer = http => WebhookSink.Status(http, HttpStatusCode.InternalServerError);
        var (id, _) = await _lab.SubscribeAsync();

        await _lab.PostAsync($"{Route}/{id}/test");

        var failed = (await _lab.DeliveriesAsync(id, d => d.Text("state") == "failed", "the test to fail")).Single();
        failed.GetProperty("attempts").GetArrayLength().Should().Be(1);
        (await _lab.SubscriptionAsync(id)).GetProperty("failingSince").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Fact]
    public async Task Past_events_are_replayed_by_time_or_by_cursor_under_the_same_ids()
    {
        var (id, _) = await _lab.SubscribeAsync();
        await _lab.TellAsync(5);
        var first = await _lab.Sink.ReceivesAsync(5);
        var cursors = first.Select(webhook => webhook.Json.Text("cursor")!).Order(Comparer<string>.Create((a, b) => Cursor(a).CompareTo(Cursor(b)))).ToList();

        var byTime = await (await _lab.PostAsync($"{Route}/{id}/replay", new { from = DateTimeOffset.UtcNow.AddMinutes(-5).ToString("O", CultureInfo.InvariantCulture) })).JsonAsync(HttpStatusCode.Accepted);
        await _lab.Sink.ReceivesAsync(10);
        await (await _lab.PostAsync($"{Route}/{id}/replay", new { after = cursors[1], until = cursors[3] })).JsonAsync(HttpStatusCode.Accepted);
        var all = await _lab.Sink.ReceivesAsync(12);

        byTime.GetProperty("replay").GetInt32().Should().Be(1);
        all.Skip(5).Take(5).Select(webhook => webhook.Id).Should().BeEquivalentTo(first.Select(webhook => webhook.Id));
        all.Skip(10).Select(webhook => webhook.Json.Text("cursor")).Should().BeEquivalentTo(cursors[2..4]);
        await Eventually.Holds(async () => (await _lab.GetAsync($"{Route}/{id}/replays")).EnumerateArray().All(r => r.GetProperty("finishedAt").ValueKind == JsonValueKind.String), "the replays to end");
        (await _lab.GetAsync($"{Route}/{id}/replays")).EnumerateArray().Select(r => r.GetProperty("enqueued").GetInt32()).Should().Equal(2, 5);
        _lab.Sink.Got.Should().HaveCount(12);
    }

    [Fact]
    public async Task A_delivery_is_sent_again_on_request()
    {
        var (id, _) = await _lab.SubscribeAsync();
        await _lab.TellAsync(1);
        var delivered = (await _lab.DeliveriesAsync(id, d => d.Text("state") == "delivered", "the event to be delivered")).Single();

        await (await _lab.PostAsync($"{Route}/{id}/deliveries/{delivered.GetProperty("id").GetInt64()}/resend")).JsonAsync(HttpStatusCode.Accepted);

        (await _lab.Sink.ReceivesAsync(2)).Select(webhook => webhook.Id).Distinct().Should().ContainSingle();
        await (await _lab.PostAsync($"{Route}/{id}/deliveries/999999/resend")).ProblemAsync(HttpStatusCode.NotFound, "delivery-unknown");
    }

    [Fact]
    public async Task The_log_of_deliveries_comes_in_pages()
    {
        var (id, _) = await _lab.SubscribeAsync();
        await _lab.TellAsync(25);
        await _lab.Sink.ReceivesAsync(25);

        var seen = new List<long>();
        for (string? next = "?limit=10"; next is not null;)
        {
            var page = await _lab.GetAsync($"{Route}/{id}/deliveries{next}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(d => d.GetProperty("id").GetInt64()));
            next = page.Text("next") is { } after ? $"?limit=10&after={after}" : null;
        }

        seen.Should().HaveCount(25).And.BeInDescendingOrder();
        await Eventually.Holds(async () => (await _lab.DeliveriesAsync(id, "?state=pending")).Count == 0, "nothing to wait");
        (await _lab.DeliveriesAsync(id, "?state=delivered")).Should().HaveCount(25);
    }

    [Fact]
    public async Task A_subscription_is_changed_switched_off_and_on_and_removed()
    {
        var (id, _) = await _lab.SubscribeAsync();
        var off = await (await _lab.Front.Admin.PatchAsJsonAsync($"{Route}/{id}", new { enabled = false, description = "CRM" }, Ct)).JsonAsync();
        await _lab.TellAsync(3);

        off.Text("disabledReason").Should().Be("operator");
        off.Text("description").Should().Be("CRM");
        await (await _lab.PostAsync($"{Route}/{id}/test")).ProblemAsync(HttpStatusCode.Conflict, "subscription-disabled");
        await (await _lab.PostAsync($"{Route}/{id}/replay", new { after = "beginning" })).ProblemAsync(HttpStatusCode.Conflict, "subscription-disabled");
        _lab.Sink.Got.Should().BeEmpty();
        var on = await (await _lab.Front.Admin.PatchAsJsonAsync($"{Route}/{id}", new { enabled = true, types = new[] { "pbx.call.*" } }, Ct)).JsonAsync();
        on.GetProperty("disabledReason").ValueKind.Should().Be(JsonValueKind.Null);
        await _lab.Sink.ReceivesAsync(3);

        (await _lab.Front.Admin.DeleteAsync($"{Route}/{id}", Ct)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        await (await _lab.Front.Admin.GetAsync($"{Route}/{id}", Ct)).ProblemAsync(HttpStatusCode.NotFound, "subscription-unknown");
        await (await _lab.Front.Admin.GetAsync($"{Route}/{id}/deliveries", Ct)).ProblemAsync(HttpStatusCode.NotFound, "subscription-unknown");
        (await _lab.GetAsync(Route)).GetArrayLength().Should().Be(0);
    }

    [Theory]
    [InlineData("""{"url":"crm.example/hooks"}""", "url")]
    [InlineData("""{"url":"ftp://crm.example/hooks"}""", "url")]
    [InlineData("""{"url":"https://user:pass@crm.example/hooks"}""", "url")]
    [InlineData("""{"url":"https://10.0.0.1/hooks"}""", "url")]
    [InlineData("""{"url":"https://169.254.169.254/latest/meta-data"}""", "url")]
    [InlineData("""{"url":"https://0xa9fea9fe/"}""", "url")]
    [InlineData("""{"url":"https://[::ffff:10.0.0.1]/hooks"}""", "url")]
    [InlineData("""{"url":"http://8.8.8.8/hooks"}""", "url")]
    [InlineData("""{"url":"https://crm.example/#x"}""", "url")]
    [InlineData("""{"url":"https://crm.example/hooks","types":["pbx.cal.ringing"]}""", "types")]
    [InlineData("""{"url":"https://crm.example/hooks","types":[null]}""", "types")]
    [InlineData("""{"url":"https://crm.example/hooks","sites":["Paris!"]}""", "sites")]
    [InlineData("""{"url":"https://crm.example/hooks","secret":"whsec_c2hvcnQ="}""", "secret")]
    [InlineData("""{"url":"https://crm.example/hooks","description":"a\nb"}""", "description")]
    [InlineData("""{"url":"https://crm.example/hooks","colour":"red"}""", "$")]
    public async Task What_cannot_be_used_is_refused_with_a_sentence(string body, string field)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        var problem = await (await _lab.Front.Admin.PostAsync(Route, content, Ct)).ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");

        problem.GetProperty("errors").EnumerateObject().Should().ContainSingle().Which.Name.Should().StartWith(field);
        (await _lab.GetAsync(Route)).GetArrayLength().Should().Be(0);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"from":"2026-11-22T10:00:00Z","after":"1-1-1"}""")]
    [InlineData("""{"from":"2026-11-22T10:00:00"}""")]
    [InlineData("""{"from":"2026-11-22","to":"2026-11-21"}""")]
    [InlineData("""{"to":"2026-11-22"}""")]
    [InlineData("""{"after":"soon"}""")]
    [InlineData("""{"after":"9-1-1"}""")]
    [InlineData("""{"until":"1-1-1"}""")]
    public async Task A_replay_of_nothing_in_particular_is_refused(string body)
    {
        var (id, _) = await _lab.SubscribeAsync();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        await (await _lab.Front.Admin.PostAsync($"{Route}/{id}/replay", content, Ct)).ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task Only_administrators_may_look()
    {
        var key = (await (await _lab.PostAsync("/api/pbx/keys", new { name = "crm", scope = "operate" })).JsonAsync(HttpStatusCode.Created)).Text("key")!;

        (await _lab.Front.Anonymous.GetAsync(Route, Ct)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await _lab.Front.Anonymous.SendAsync(HttpMethod.Get, Route, null, ("X-Api-Key", key))).StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    private static EventCursor Cursor(string text) => EventCursor.TryParse(text, out var cursor) ? cursor : default;

    private static string SigningOther() => "whsec_" + Convert.ToBase64String(new byte[32]);
}
