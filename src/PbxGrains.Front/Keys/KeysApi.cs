using Microsoft.AspNetCore.Http.HttpResults;
using PbxGrains.Front.Problems;
using PbxGrains.Storage.Keys;

namespace PbxGrains.Front.Keys;

/// <summary>Routes of API keys.</summary>
internal static class KeysApi
{
    private const int LongestName = 100;

    public static IEndpointRouteBuilder MapKeysApi(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/api/pbx/keys").WithTags("Keys").RequireAuthorization(Scope.Admin);
        keys.MapGet("", List).WithName("ListKeys").WithSummary("All keys, revoked ones too; their text is never shown again.");
        keys.MapPost("", Create).WithName("CreateKey").WithSummary("Makes a key; its text is shown this once.").ProducesProblem(StatusCodes.Status400BadRequest);
        keys.MapDelete("/{keyId}", Revoke).WithName("RevokeKey").WithSummary("Revokes a key; other fronts follow within five seconds.")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        return routes;
    }

    private static async Task<Ok<IReadOnlyList<KeyResource>>> List(ApiKeys keys, CancellationToken ct)
    {
        var rows = await keys.ListAsync(ct);
        return TypedResults.Ok<IReadOnlyList<KeyResource>>([.. rows.Select(k => new KeyResource(k.KeyId, k.Name, k.Scope, k.CreatedAt, k.RevokedAt))]);
    }

    private static async Task<Results<Created<KeyMade>, ProblemHttpResult>> Create(KeyInput input, ApiKeys keys, TimeProvider time, CancellationToken ct)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (string.IsNullOrWhiteSpace(input.Name) || !OneLine.Fits(input.Name, LongestName))
        {
            errors["name"] = [$"Say what the key is for, in 1 to {LongestName} characters, on one line."];
        }

        if (!Scope.IsKnown(input.Scope))
        {
            errors["scope"] = ["Use read, operate or admin."];
        }

        if (errors.Count > 0)
        {
            return Problem.Invalid(errors);
        }

        var key = ApiKey.Create();
        await keys.AddAsync(new ApiKeyRow(key.Id, input.Name!.Trim(), key.Hash(), input.Scope!, time.GetUtcNow(), RevokedAt: null), ct);
        return TypedResults.Created($"/api/pbx/keys/{key.Id}", new KeyMade(key.Id, input.Name.Trim(), input.Scope!, key.Text));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Revoke(string keyId, ApiKeys keys, KnownKeys known, TimeProvider time, CancellationToken ct)
    {
        var rows = await keys.ListAsync(ct);
        if (rows.FirstOrDefault(k => string.Equals(k.KeyId, keyId, StringComparison.Ordinal)) is not { } row)
        {
            return Problem.Of(StatusCodes.Status404NotFound, ProblemCodes.KeyUnknown, "No such key", "GET /api/pbx/keys lists the keys.");
        }

        var lastAdmin = row is { Scope: Scope.Admin, RevokedAt: null } && rows.Count(k => k is { Scope: Scope.Admin, RevokedAt: null }) == 1;
        if (lastAdmin)
        {
            return Problem.Of(StatusCodes.Status409Conflict, ProblemCodes.LastAdminKey, "The last admin key stays", "Make another admin key first, then revoke this one with it.");
        }

        await keys.RevokeAsync(keyId, time.GetUtcNow(), ct);
        known.Forget(keyId);
        return TypedResults.NoContent();
    }
}
