using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Microsoft.Extensions.Options;
using PbxGrains.Front.Events;
using PbxGrains.Storage.Subscriptions;

namespace PbxGrains.Front.Subscriptions;

/// <summary>Makes one attempt at one delivery, and judges what the target said.</summary>
internal sealed class DeliverySender(TargetHttp http, IOptions<SubscriptionSettings> settings, TimeProvider time)
{
    private const int LongestAnswer = 1024;

    private static readonly MediaTypeHeaderValue CloudEvent = new("application/cloudevents+json", "utf-8");

    private static readonly ProductInfoHeaderValue Product = new("PbxGrains", typeof(DeliverySender).Assembly.GetName().Version?.ToString(2));

    /// <summary>Tries a delivery.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="delivery">What.</param>
    /// <param name="ct">The front stops: the delivery is given back, and others make it.</param>
    public async Task<DeliveryOutcome> SendAsync(DeliveryTarget target, ClaimedDelivery delivery, CancellationToken ct)
    {
        var (at, began) = (time.GetUtcNow(), time.GetTimestamp());
        try
        {
            var verdict = await TryAsync(target, delivery, at, ct);
            var attempt = new DeliveryAttempt(at, (int)time.GetElapsedTime(began).TotalMilliseconds, verdict.Status, verdict.Error, verdict.Answer);
            return Judge(target, delivery, verdict, attempt);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return new DeliveryOutcome(target.SubscriptionId, delivery, DeliveryState.Pending, time.GetUtcNow(), Attempt: null);
        }
    }

    private DeliveryOutcome Judge(DeliveryTarget target, ClaimedDelivery delivery, Verdict verdict, DeliveryAttempt attempt)
    {
        var now = time.GetUtcNow();
        if (verdict.Error is null)
        {
            return new DeliveryOutcome(target.SubscriptionId, delivery, DeliveryState.Delivered, now, attempt);
        }

        var isGone = verdict.Status == (int)HttpStatusCode.Gone;
        var pause = isGone || verdict.IsFinal || delivery.IsTest ? null : RetrySchedule.PauseAfter(delivery.Tries + 1, verdict.RetryAfter);
        return new DeliveryOutcome(target.SubscriptionId, delivery, pause is null ? DeliveryState.Failed : DeliveryState.Pending, now + (pause ?? TimeSpan.Zero), attempt)
        {
            IsGone = isGone,
            FailedHere = verdict.IsOurs,
        };
    }

    private async Task<Verdict> TryAsync(DeliveryTarget target, ClaimedDelivery delivery, DateTimeOffset at, CancellationToken ct) =>
        BodyOf(delivery) is not { } body ? new Verdict(Status: null, "The event log no longer has this event.") { IsOurs = true, IsFinal = true }
        : target.Secrets.Count == 0 ? new Verdict(Status: null, "No signing secret can be decrypted here: the key folder is another one. Restore it, or rotate the secret.") { IsOurs = true }
        : await PostAsync(target, delivery, body, at, ct);

    private async Task<Verdict> PostAsync(DeliveryTarget target, ClaimedDelivery delivery, ReadOnlyMemory<byte> body, DateTimeOffset at, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(settings.Value.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        using var request = Request(target, delivery, body, at);
        try
        {
            using var response = await http.SendAsync(request, either.Token);
            return response.IsSuccessStatusCode
                ? new Verdict((int)response.StatusCode)
                : new Verdict((int)response.StatusCode, Sentence(response.StatusCode), RetryAfterOf(response), await ReadAsync(response, either.Token));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new Verdict(Status: null, string.Create(CultureInfo.InvariantCulture, $"No answer within {settings.Value.Timeout.TotalSeconds:0.#} s."));
        }
        catch (HttpRequestException error)
        {
            return new Verdict(Status: null, Sentence(error));
        }
    }

    private static HttpRequestMessage Request(DeliveryTarget target, ClaimedDelivery delivery, ReadOnlyMemory<byte> body, DateTimeOffset at)
    {
        var (id, timestamp) = (delivery.EventId.ToString(), at.ToUnixTimeSeconds());
        var request = new HttpRequestMessage(HttpMethod.Post, target.Url) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = CloudEvent;
        request.Headers.UserAgent.Add(Product);
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", target.Sign(id, timestamp, body.Span));
        return request;
    }

    /// <summary>The message, byte by byte as it is signed and sent; null when its event is gone.</summary>
    private static ReadOnlyMemory<byte>? BodyOf(ClaimedDelivery delivery) => delivery switch
    {
        { Event: { } logged } => StreamedEvent.Of(logged).Json,
        { Body: { } test } => new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(test)),
        _ => default(ReadOnlyMemory<byte>?),
    };

    /// <summary>The beginning of what the target says, for people; a body that never ends is not waited for.</summary>
    private static async Task<string?> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(ct);
            var bytes = new byte[LongestAnswer];
            var count = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, ct);
            return count > 0 ? Encoding.UTF8.GetString(bytes, 0, count) : null;
        }
        catch (Exception error) when (error is IOException or HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    private TimeSpan? RetryAfterOf(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } seconds } => seconds,
        { Date: { } date } => date - time.GetUtcNow(),
        _ => null,
    };

    private static string Sentence(HttpStatusCode status) => (int)status switch
    {
        >= 300 and < 400 => $"The target answered {(int)status}: webhooks follow no redirects. Give the address it leads to.",
        410 => "The target answered 410: it wants nothing more. The subscription is switched off.",
        _ => $"The target answered {(int)status}.",
    };

    private static string Sentence(HttpRequestException error) => error switch
    {
        { InnerException: TargetRefusedException refused } => refused.Message,
        { InnerException: AuthenticationException } => "The target's certificate is not trusted, or it speaks no TLS.",
        { HttpRequestError: HttpRequestError.NameResolutionError } or { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } } => "The target's name cannot be resolved.",
        { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => "The target refuses the connection.",
        { InnerException: SocketException } => "The target cannot be reached.",
        { HttpRequestError: HttpRequestError.ConnectionError } => "The target cannot be reached.",
        _ => "The target broke the connection, or answered with something that is no HTTP.",
    };

    /// <summary>What came of an attempt.</summary>
    private sealed record Verdict(int? Status, string? Error = null, TimeSpan? RetryAfter = null, string? Answer = null)
    {
        /// <summary>The target was not asked.</summary>
        public bool IsOurs { get; init; }

        /// <summary>Nothing would be different the next time.</summary>
        public bool IsFinal { get; init; }
    }
}
