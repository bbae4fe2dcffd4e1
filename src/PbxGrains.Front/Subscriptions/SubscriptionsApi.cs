using Microsoft.AspNetCore.Http.HttpResults;
using PbxGrains.Front.Keys;
using PbxGrains.Front.OpenApi;
using PbxGrains.Front.Problems;
using PbxGrains.Front.Sites;
using PbxGrains.Grains.Secrets;
using PbxGrains.Storage.Subscriptions;

namespace PbxGrains.Front.Subscriptions;

/// <summary>Routes of subscriptions: webhooks that we send.</summary>
internal static class SubscriptionsApi
{
    /// <summary>Where they are.</summary>
    public const string Route = "/api/pbx/subscriptions";

    private const int MostSubscriptions = 200;
    private const int DefaultOverlapHours = 24;
    private const int LongestOverlapHours = 168;

    public static IEndpointRouteBuilder MapSubscriptionsApi(this IEndpointRouteBuilder routes)
    {
        var subscriptions = routes.MapGroup(Route).WithTags("Subscriptions").RequireAuthorization(Scope.Admin).ProducesProblems(503);
        subscriptions.MapGet("", List).WithName("ListSubscriptions").WithSummary("All subscriptions; their secrets are never shown again.");
        subscriptions.MapPost("", Create).WithName("CreateSubscription").WithSummary("Subscribes an address to events; the secret that signs them is shown this once.")
            .ProducesProblems(400, 409);
        subscriptions.MapGet("/{id:guid}", Find).WithName("GetSubscription").WithSummary("One subscription.").ProducesProblems(404);
        subscriptions.MapPatch("/{id:guid}", Change).WithName("ChangeSubscription")
            .WithSummary("Changes what is given. One that is switched on again goes on where it stopped.").ProducesProblems(400, 404);
        subscriptions.MapDelete("/{id:guid}", Remove).WithName("RemoveSubscription").WithSummary("Removes a subscription with its deliveries.").ProducesProblems(404);
        subscriptions.MapPost("/{id:guid}/secret", Rotate).WithName("RotateSubscriptionSecret")
            .WithSummary("Makes a new secret; for a while webhooks carry signatures of both.").ProducesProblems(400, 404);
        return routes;
    }

    public static ProblemHttpResult Unknown() => Problem.Of(
        StatusCodes.Status404NotFound, ProblemCodes.SubscriptionUnknown, "No such subscription", $"GET {Route} lists the subscriptions.");

    private static async Task<Ok<IReadOnlyList<SubscriptionResource>>> List(SubscriptionRegistry registry, CancellationToken ct) =>
        TypedResults.Ok<IReadOnlyList<SubscriptionResource>>([.. (await registry.ListAsync(ct)).Select(SubscriptionResource.Of)]);

    private static async Task<Results<Ok<SubscriptionResource>, ProblemHttpResult>> Find(Guid id, SubscriptionRegistry registry, CancellationToken ct) =>
        await registry.FindAsync(id, ct) is { } row ? TypedResults.Ok(SubscriptionResource.Of(row)) : Unknown();

    private static async Task<Results<Created<SubscriptionMade>, ProblemHttpResult>> Create(
        SubscriptionInput input, SubscriptionRegistry registry, TargetGuard guard, ISecretProtector protector, TimeProvider time, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var terms = new SubscriptionTerms(
            SubscriptionFields.Url(input.Url, guard, errors),
            new SubscriptionFilter(SubscriptionFields.Types(input.Types ?? [], errors), SubscriptionFields.Sites(input.Sites ?? [], errors)),
            SubscriptionFields.Description(input.Description, errors),
            input.Enabled ?? true);
        var secret = SubscriptionFields.Secret(input.Secret, errors);
        if (!errors.None)
        {
            return Problem.Invalid(errors.ToDictionary());
        }

        if ((await registry.ListAsync(ct)).Count >= MostSubscriptions)
        {
            return Problem.Of(StatusCodes.Status409Conflict, ProblemCodes.TooManySubscriptions, "Too many subscriptions", $"There may be {MostSubscriptions}. Remove one that nobody needs.");
        }

        var id = Guid.CreateVersion7(time.GetUtcNow());
        await registry.AddAsync(id, terms, protector.Protect(secret.Text), time.GetUtcNow(), ct);
        return await registry.FindAsync(id, ct) is { } row
            ? TypedResults.Created($"{Route}/{id}", new SubscriptionMade(SubscriptionResource.Of(row), secret.Text))
            : Unknown();
    }

    private static async Task<Results<Ok<SubscriptionResource>, ProblemHttpResult>> Change(
        Guid id, SubscriptionChange change, SubscriptionRegistry registry, TargetGuard guard, DeliveryLanes lanes, TimeProvider time, CancellationToken ct)
    {
        if (await registry.FindAsync(id, ct) is not { Terms: var terms })
        {
            return Unknown();
        }

        var errors = new FieldErrors();
        var changed = new SubscriptionTerms(
            change.Url is { } url ? SubscriptionFields.Url(url, guard, errors) : terms.Url,
            new SubscriptionFilter(
                change.Types is { } types ? SubscriptionFields.Types(types, errors) : terms.Filter.Types,
                change.Sites is { } sites ? SubscriptionFields.Sites(sites, errors) : terms.Filter.Sites),
            change.Description is { } text ? SubscriptionFields.Description(text, errors) : terms.Description,
            change.Enabled ?? terms.Enabled);
        if (!errors.None)
        {
            return Problem.Invalid(errors.ToDictionary());
        }

        _ = await registry.UpdateAsync(id, changed, time.GetUtcNow(), ct);
        lanes.Wake(id);
        return await Find(id, registry, ct);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(Guid id, SubscriptionRegistry registry, CancellationToken ct) =>
        await registry.RemoveAsync(id, ct) ? TypedResults.NoContent() : Unknown();

    private static async Task<Results<Ok<SubscriptionSecretMade>, ProblemHttpResult>> Rotate(
        Guid id, SubscriptionSecretInput? input, SubscriptionRegistry registry, ISecretProtector protector, TimeProvider time, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var secret = SubscriptionFields.Secret(input?.Secret, errors);
        var hours = input?.OverlapHours ?? DefaultOverlapHours;
        if (hours is < 0 or > LongestOverlapHours)
        {
            errors.Add("overlapHours", $"Give 0 to {LongestOverlapHours} hours.");
        }

        if (!errors.None)
        {
            return Problem.Invalid(errors.ToDictionary());
        }

        var (now, overlap) = (time.GetUtcNow(), TimeSpan.FromHours(hours));
        return await registry.RotateAsync(id, protector.Protect(secret.Text), now, overlap, ct)
            ? TypedResults.Ok(new SubscriptionSecretMade(secret.Text, now + overlap))
            : Unknown();
    }
}
