using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using PbxGrains.Contracts.Events;
using PbxGrains.Front.Events;
using PbxGrains.Front.Tests.Lab;
using PbxGrains.Testing;
using static PbxGrains.Front.Tests.Subscriptions.SubscriptionLab;

namespace PbxGrains.Front.Tests.Subscriptions;

/// <summary>What happens when targets misbehave; time passes when a test says so.</summary>
public sealed class SubscriptionFailureTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly ConcurrentDictionary<string, IPAddress[]> _names = new(StringComparer.Ordinal);
    private SubscriptionLab _lab = null!;

    /// <summary>While something is waited for, time goes on a little, so that nothing sleeps through what a test did in that moment.</summary>
    private static readonly TimeSpan Creep = TimeSpan.FromMilliseconds(20);

    /// <summary>What that can come to on a busy machine.</summary>
    private static readonly TimeSpan Crept = TimeSpan.FromSeconds(4);

    /// <summary>The database keeps microseconds.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _lab = await SubscriptionLab.StartAsync(
        _time, (host, _) => _names.TryGetValue(host, out var addresses) ? Task.FromResult(addresses) : throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.HostNotFound));

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_delivery_is_tried_ten_times_under_one_id_and_then_kept()
    {
        _lab.Sink.Answer = http => WebhookSink.Status(http, HttpStatusCode.InternalServerError);
        var (id, _) = await _lab.SubscribeAsync();
        await _lab.TellAsync(1);

        TimeSpan[] pauses = [.. new[] { 5 / 3600.0, 5 / 60.0, 0.5, 2, 5, 10, 14, 20, 24 }.Select(TimeSpan.FromHours)];
        for (var tries = 1; tries <= pauses.Length; tries++)
        {
            var waiting = await WaitAsync(id, d => d.GetProperty("tries").GetInt32() == tries && d.Text("state") == "pending", $"failure {tries}");
            var next = waiting.GetProperty("nextTryAt").GetDateTimeOffset();
            (next - waiting.GetProperty("attempts")[tries - 1].GetProperty("at").GetDateTimeOffset()).Should().BeGreaterThanOrEqualTo(pauses[tries - 1] - Rounding).And.BeLessThan((pauses[tries - 1] * 1.101) + Crept);
            _lab.Sink.Got.Should().HaveCount(tries);
            _time.Advance(next - _time.GetUtcNow());
        }

        var failed = await WaitAsync(id, d => d.Text("state") == "failed", "the delivery to be given up");
        failed.GetProperty("attempts").GetArrayLength().Should().Be(10);
        var got = _lab.Sink.Got.ToList();
        got.Select(webhook => webhook.Id).Distinct().Should().ContainSingle();
        got.Select(webhook => webhook.Text).Distinct().Should().ContainSingle();
        got.Select(webhook => webhook.Headers["webhook-timestamp"]).Should().OnlyHaveUniqueItems();
        got.Select(webhook => webhook.Headers["webhook-signature"]).Should().OnlyHaveUniqueItems();

        _lab.Sink.Answer = http => WebhookSink.Status(http, HttpStatusCode.OK);
        await (await _lab.PostAsync($"{Route}/{id}/deliveries/{failed.GetProperty("id").GetInt64()}/resend")).JsonAsync(HttpStatusCode.Accepted);
        await WaitAsync(id, d => d.Text("state") == "delivered", "what was given up to be sent again");
        (await _lab.SubscriptionAsync(id)).GetProperty("failingSince").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests, "900", 900)]
    [InlineData(HttpStatusCode.ServiceUnavailable, "date", 1200)]
    [InlineData(HttpStatusCode.ServiceUnavailable, "99999999", 86400)]
    [InlineData(HttpStatusCode.ServiceUnavailable, "1", 5)]
    [InlineData(HttpStatusCode.ServiceUnavailable, "later", 5)]
    public async Task A_target_is_asked_again_no_sooner_than_it_says(HttpStatusCode status, string retryAfter, int seconds)
    {
        _lab.Sink.Answer = http =>
        {
            http.Response.Headers.RetryAfter = retryAfter == "date" ? _time.GetUtcNow().AddSeconds(seconds).ToString("R", CultureInfo.InvariantCulture) : retryAfter;
            return WebhookSink.Status(http, status);
        };
        var (id, _) = await _lab.SubscribeAsync();
        await _lab.TellAsync(1);

        var waiting = await WaitAsync(id, d => d.GetProperty("tries").GetInt32() == 1, "the failure");

        (waiting.GetProperty("nextTryAt").GetDateTimeOffset() - waiting.GetProperty("attempts")[0].GetProperty("at").GetDateTimeOffset())
            .TotalSeconds.Should().BeInRange(seconds - 1.5, (seconds * 1.11) + Crept.TotalSeconds);
    }

    [Fact]
    public async Task A_target_that_is_gone_is_switched_off_and_others_hear_of_it()
    {
        await using var watcher = await WebhookSink.StartAsync();
        await _lab.SubscribeAsync(watcher.Url, [EventTypes.SubscriptionDisabled]);
        _lab.Sink.Answer = http => WebhookSink.Status(http, HttpStatusCode.Gone);
        var (id, _) = await _lab.SubscribeAsync();
        await _lab.TellAsync(1);

        var told = (await watcher.ReceivesAsync(1)).Single().Json;

        told.Text("type").Should().Be(EventTypes.SubscriptionDisabled);
        told.Text("subject").Should().Be($"subscriptions/{id}");
        told.GetProperty("data").Text("reason").Should().Be("gone");
        told.GetProperty("data").EnumerateObject().Select(p => p.Name).Should().BeEquivalentTo(EventSchemas.Of(EventTypes.SubscriptionDisabled)!["properties"]!.AsObject().Select(p => p.Key));
        var off = await _lab.SubscriptionAsync(id);
        off.GetProperty("enabled").GetBoolean().Should().BeFalse();
        off.Text("disabledReason").Should().Be("gone");
        (await _lab.DeliveriesAsync(id))[0].Text("state").Should().Be("failed");
    }

    [Fact]
    public async Task Five_days_of_failure_switch_a_subscription_off()
    {
        _lab.Sink.Answer = http => WebhookSink.Status(http, HttpStatusCode.BadGateway);
        var (id, _) = await _lab.SubscribeAsync();
        await _lab.TellAsync(1);
        await WaitAsync(id, d => d.GetProperty("tries").GetInt32() == 1, "the first failure");
        (await _lab.SubscriptionAsync(id)).GetProperty("failingSince").GetDateTimeOffset().Should().BeCloseTo(_time.GetUtcNow(), Crept);

        _time.Advance(TimeSpan.FromDays(5));

        await Eventually.Holds(
            async () =>
            {
                _time.Advance(Creep);
                return (await _lab.SubscriptionAsync(id)).Text("disabledReason") == "failing";
            },
            "the subscription to be switched off");
    }

    [Fact]
    public async Task A_target_that_never_answers_delays_nobody_else()
    {
        using var never = new CancellationTokenSource();
        await using var black = await WebhookSink.StartAsync();
        black.Answer = http => Task.Delay(Timeout.Infinite, CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, never.Token).Token).ContinueWith(_ => { }, TaskScheduler.Default);
        var (hanging, _) = await _lab.SubscribeAsync(black.Url);
        await _lab.TellAsync(100);
        await black.ReceivesAsync(8);
        var (quick, _) = await _lab.SubscribeAsync();

        await _lab.TellAsync(300);
        await _lab.Sink.ReceivesAsync(300);

        // Not a moment has passed for the one that hangs.
        black.Got.Should().HaveCount(8);
        await _lab.DeliveriesAsync(quick, d => d.Text("state") == "delivered", "all others to be delivered");
        _time.Advance(TimeSpan.FromSeconds(16));
        await Eventually.Holds(
            async () => (await _lab.DeliveriesAsync(hanging)).Any(d => d.GetProperty("attempts") is { } a && a.GetArrayLength() > 0 && a[0].Text("error") == "No answer within 15 s."),
            "the attempts to time out");
        await never.CancelAsync();
    }

    [Fact]
    public async Task Redirects_are_not_followed()
    {
        await using var other = await WebhookSink.StartAsync();
        _lab.Sink.Answer = http =>
        {
            http.Response.Headers.Location = other.Url.AbsoluteUri;
            return WebhookSink.Status(http, HttpStatusCode.TemporaryRedirect);
        };
        var (id, _) = await _lab.SubscribeAsync();
        await _lab.TellAsync(1);

        var attempt = await FirstAttemptAsync(id);

        attempt.GetProperty("status").GetInt32().Should().Be(307);
        attempt.Text("error").Should().Contain("redirect");
        other.Got.Should().BeEmpty();
    }

    [Theory]
    [InlineData("https", "169.254.169.254", "metadata")]
    [InlineData("https", "10.0.0.7", "AllowedTargets")]
    [InlineData("https", "::ffff:192.168.0.1", "AllowedTargets")]
    [InlineData("http", "93.184.216.34", "https")]
    public async Task A_name_is_judged_by_the_address_it_has_at_that_moment(string scheme, string address, string word)
    {
        _names["crm.example"] = [IPAddress.Parse(address)];
        var (id, _) = await _lab.SubscribeAsync(new Uri($"{scheme}://crm.example:{_lab.Sink.Port}/hooks"));
        await _lab.TellAsync(1);

        (await FirstAttemptAsync(id)).Text("error").Should().Contain("refused").And.Contain(word);
        _lab.Sink.Got.Should().BeEmpty();

        // The same name, an address that may be: it is asked for at every connection.
        _names["crm.example"] = [IPAddress.Parse(address), IPAddress.Loopback];
        if (scheme == "http")
        {
            _time.Advance(TimeSpan.FromSeconds(6));
            await WaitAsync(id, d => d.Text("state") == "delivered", "the delivery to be made");
            _lab.Sink.Got.Should().ContainSingle();
        }
    }

    [Fact]
    public async Task What_goes_wrong_on_the_way_is_said_in_words()
    {
        var (unknown, _) = await _lab.SubscribeAsync(new Uri("https://nowhere.example/hooks"));
        var (closed, _) = await _lab.SubscribeAsync(new Uri($"http://127.0.0.1:{FreePort.Next()}/hooks"));
        var (plain, _) = await _lab.SubscribeAsync(new Uri($"https://127.0.0.1:{_lab.Sink.Port}/hooks"));
        var (broken, _) = await _lab.SubscribeAsync();
        var (wordy, _) = await _lab.SubscribeAsync(new Uri(_lab.Sink.Url, "/wordy"));
        _lab.Sink.Answer = async http =>
        {
            if (http.Request.Path == "/hooks")
            {
                http.Abort();
                return;
            }

            http.Response.StatusCode = 422;
            await http.Response.WriteAsync(new string('é', 100_000), http.RequestAborted);
        };

        await _lab.TellAsync(1);

        (await FirstAttemptAsync(unknown)).Text("error").Should().Be("The target's name cannot be resolved.");
        (await FirstAttemptAsync(closed)).Text("error").Should().Be("The target refuses the connection.");
        (await FirstAttemptAsync(plain)).Text("error").Should().Contain("TLS");
        (await FirstAttemptAsync(broken)).Text("error").Should().Contain("broke the connection");
        var answer = await FirstAttemptAsync(wordy);
        answer.GetProperty("status").GetInt32().Should().Be(422);
        answer.Text("answer")!.Length.Should().BeInRange(100, 1024);
    }

    [Fact]
    public async Task An_event_that_the_log_no_longer_has_is_given_up_and_says_nothing_about_the_target()
    {
        _lab.Sink.Answer = http => WebhookSink.Status(http, HttpStatusCode.InternalServerError);
        var (id, _) = await _lab.SubscribeAsync();
        await _lab.TellAsync(1);
        await WaitAsync(id, d => d.GetProperty("tries").GetInt32() == 1, "the first failure");
        await _lab.SqlAsync("DELETE FROM pbx.event");
        _time.Advance(TimeSpan.FromSeconds(6));

        var failed = await WaitAsync(id, d => d.Text("state") == "failed", "the delivery to be given up");

        failed.GetProperty("attempts")[1].Text("error").Should().Contain("no longer has");
        await (await _lab.PostAsync($"{Route}/{id}/deliveries/{failed.GetProperty("id").GetInt64()}/resend")).ProblemAsync(HttpStatusCode.Conflict, "event-gone");
    }

    [Fact]
    public async Task Deliveries_go_on_after_the_database_was_away()
    {
        var (id, _) = await _lab.SubscribeAsync();
        await _lab.TellAsync(1);
        await _lab.Sink.ReceivesAsync(1);

        await _lab.SqlAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        await Eventually.Holds(
            async () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                try
                {
                    await _lab.TellAsync(1);
                    return true;
                }
                catch (Storage.Events.EventLogUnavailableException)
                {
                    return false;
                }
            },
            "the database to take events again");

        await Eventually.Holds(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return _lab.Sink.Got.Count >= 2;
            },
            "the event to arrive");
        (await _lab.SubscriptionAsync(id)).GetProperty("enabled").GetBoolean().Should().BeTrue();
    }

    /// <summary>Waits until the only delivery is as wanted.</summary>
    private async Task<JsonElement> WaitAsync(Guid id, Func<JsonElement, bool> wanted, string what) => (await _lab.DeliveriesAsync(id, wanted, what, () => _time.Advance(Creep)))[0];

    private async Task<JsonElement> FirstAttemptAsync(Guid id) =>
        (await WaitAsync(id, d => d.GetProperty("attempts").GetArrayLength() > 0, "the first attempt")).GetProperty("attempts")[0];
}
