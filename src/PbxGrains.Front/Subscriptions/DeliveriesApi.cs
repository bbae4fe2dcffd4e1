using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using PbxGrains.Contracts.Events;
using PbxGrains.Front.Cdrs;
using PbxGrains.Front.Events;
using PbxGrains.Front.Keys;
using PbxGrains.Front.OpenApi;
using PbxGrains.Front.Problems;
using PbxGrains.Front.Sites;
using PbxGrains.Storage.Events;
using PbxGrains.Storage.Subscriptions;

namespace PbxGrains.Front.Subscriptions;

/// <summary>Routes of a subscription's deliveries: their log, a test, and sending again.</summary>
internal static class DeliveriesApi
{
    private const int DefaultLimit = 50;
    private const int LargestLimit = 500;

    private static readonly QueryParameter[] LogParameters =
    [
        new("state", "pending, delivered or failed."),
        new("limit", "How many at most: 1 to 500, 50 by default."),
        new("after", "The next of the page before."),
    ];

    public static IEndpointRouteBuilder MapDeliveriesApi(this IEndpointRouteBuilder routes)
    {
        var one = routes.MapGroup(SubscriptionsApi.Route + "/{id:guid}").WithTags("Subscriptions").RequireAuthorization(Scope.Admin).ProducesProblems(404, 503);
        one.MapPost("/test", Test).WithName("TestSubscription")
            .WithSummary("Sends a pbx.subscription.test the way every event goes, once; the delivery tells what came of it.").ProducesProblems(409);
        one.MapGet("/deliveries", List).WithName("ListDeliveries").WithQuery(LogParameters).WithSummary("Deliveries with their attempts, newest first.").ProducesProblems(400);
        one.MapGet("/deliveries/{deliveryId:long}", Find).WithName("GetDelivery").WithSummary("One delivery with its attempts.");
        one.MapPost("/deliveries/{deliveryId:long}/resend", Resend).WithName("ResendDelivery")
            .WithSummary("Sends a delivery again, whatever became of it; its webhook-id stays the same.").ProducesProblems(409);
        one.MapPost("/replay", Replay).WithName("ReplaySubscription")
            .WithSummary("Delivers past events once more, by the time they were recorded or by cursor; each keeps its webhook-id.").ProducesProblems(400, 409);
        one.MapGet("/replays", ListReplays).WithName("ListReplays").WithSummary("The last 20 replays, newest first, with how far they have come.");
        return routes;
    }

    private static async Task<Results<Accepted<DeliveryResource>, ProblemHttpResult>> Test(
        Guid id, SubscriptionRegistry registry, Deliveries deliveries, DeliveryLanes lanes, TimeProvider time, CancellationToken ct)
    {
        if (await RefusedAsync(id, registry, ct) is { } refusal)
        {
            return refusal;
        }

        var now = time.GetUtcNow();
        var told = new EventRow
        {
            Id = Guid.CreateVersion7(now),
            Type = EventTypes.SubscriptionTest,
            SiteId = "",
            Subject = $"subscriptions/{id}",
            OccurredAt = now,
            Data = JsonSerializer.Serialize(new SubscriptionTestEvent(id, "PbxGrains says hello: this address gets the events of this subscription."), EventJson.Words.SubscriptionTestEvent),
        };
        var row = await deliveries.AddTestAsync(id, told.Id, told.Type, Encoding.UTF8.GetString(StreamedEvent.Write(told, cursor: null).Span), now, ct);
        lanes.Wake(id);
        return Accepted(row, now);
    }

    private static async Task<Results<Ok<DeliveryPage>, ProblemHttpResult>> List(
        Guid id, HttpContext http, SubscriptionRegistry registry, Deliveries deliveries, TimeProvider time, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var query = new QueryReader(http.Request.Query, errors);
        query.Only([.. LogParameters.Select(parameter => parameter.Name)]);
        var state = query.Word("state", "pending", "delivered", "failed");
        var limit = (int)(query.Number("limit", 1, LargestLimit) ?? DefaultLimit);
        var after = query.Number("after", 1, long.MaxValue);
        if (!errors.None)
        {
            return Problem.Invalid(errors.ToDictionary());
        }

        if (await registry.FindAsync(id, ct) is null)
        {
            return SubscriptionsApi.Unknown();
        }

        var rows = await deliveries.ListAsync(id, state is null ? null : Enum.Parse<DeliveryState>(state, ignoreCase: true), after, limit, ct);
        return TypedResults.Ok(new DeliveryPage(
            [.. rows.Select(row => DeliveryResource.Of(row, time.GetUtcNow()))],
            rows.Count == limit ? rows[^1].DeliveryId.ToString(CultureInfo.InvariantCulture) : null));
    }

    private static async Task<Results<Ok<DeliveryResource>, ProblemHttpResult>> Find(Guid id, long deliveryId, Deliveries deliveries, TimeProvider time, CancellationToken ct) =>
        await deliveries.FindAsync(id, deliveryId, ct) is { } row ? TypedResults.Ok(DeliveryResource.Of(row, time.GetUtcNow())) : UnknownDelivery();

    private static async Task<Results<Accepted<DeliveryResource>, ProblemHttpResult>> Resend(
        Guid id, long deliveryId, SubscriptionRegistry registry, Deliveries deliveries, DeliveryLanes lanes, TimeProvider time, CancellationToken ct)
    {
        if (await RefusedAsync(id, registry, ct) is { } refusal)
        {
            return refusal;
        }

        var now = time.GetUtcNow();
        var outcome = await deliveries.ResendAsync(id, deliveryId, now, ct);
        if (outcome == ResendOutcome.EventGone)
        {
            return Problem.Of(StatusCodes.Status409Conflict, ProblemCodes.EventGone, "The event is gone", "The event log no longer has this event: it was removed for its age.");
        }

        lanes.Wake(id);
        return await deliveries.FindAsync(id, deliveryId, ct) is { } row ? Accepted(row, now) : UnknownDelivery();
    }

    private static async Task<Results<Accepted<ReplayResource>, ProblemHttpResult>> Replay(
        Guid id, ReplayInput input, SubscriptionRegistry registry, Replays replays, EventReader log, TimeProvider time, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var wish = ReplayWish.Read(input, time.GetUtcNow(), await log.LimitAsync(ct), errors);
        if (!errors.None)
        {
            return Problem.Invalid(errors.ToDictionary());
        }

        if (await RefusedAsync(id, registry, ct) is { } refusal)
        {
            return refusal;
        }

        var row = wish.Recorded is { } recorded
            ? await replays.AddAsync(id, recorded, time.GetUtcNow(), ct)
            : await replays.AddAsync(id, wish.After, wish.Until, time.GetUtcNow(), ct);
        return row is null ? SubscriptionsApi.Unknown() : TypedResults.Accepted($"{SubscriptionsApi.Route}/{id}/replays", ReplayResource.Of(row));
    }

    private static async Task<Results<Ok<IReadOnlyList<ReplayResource>>, ProblemHttpResult>> ListReplays(Guid id, SubscriptionRegistry registry, Replays replays, CancellationToken ct) =>
        await registry.FindAsync(id, ct) is null
            ? SubscriptionsApi.Unknown()
            : TypedResults.Ok<IReadOnlyList<ReplayResource>>([.. (await replays.ListAsync(id, ct)).Select(ReplayResource.Of)]);

    /// <summary>What is switched off sends nothing, and nobody should wait for it.</summary>
    private static async Task<ProblemHttpResult?> RefusedAsync(Guid id, SubscriptionRegistry registry, CancellationToken ct) => await registry.FindAsync(id, ct) switch
    {
        null => SubscriptionsApi.Unknown(),
        { Terms.Enabled: false } => Problem.Of(
            StatusCodes.Status409Conflict, ProblemCodes.SubscriptionDisabled, "The subscription is switched off", "Nothing is sent while it is. Switch it on first: PATCH it with enabled = true."),
        _ => null,
    };

    private static Accepted<DeliveryResource> Accepted(DeliveryRow row, DateTimeOffset now) =>
        TypedResults.Accepted(string.Create(CultureInfo.InvariantCulture, $"{SubscriptionsApi.Route}/{row.SubscriptionId}/deliveries/{row.DeliveryId}"), DeliveryResource.Of(row, now));

    private static ProblemHttpResult UnknownDelivery() => Problem.Of(
        StatusCodes.Status404NotFound, ProblemCodes.DeliveryUnknown, "No such delivery", "GET …/deliveries lists them; those delivered are kept for days only.");
}
