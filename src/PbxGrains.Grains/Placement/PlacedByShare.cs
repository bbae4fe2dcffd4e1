using System.Diagnostics.CodeAnalysis;
using Orleans.Metadata;
using Orleans.Runtime.Placement;
using PbxGrains.Grains.Extensions;
using PbxGrains.Grains.Sites;

namespace PbxGrains.Grains.Placement;

/// <summary>Sites and their extensions live on the silo that has the site by <see cref="SiteShares"/>.</summary>
[GenerateSerializer, Immutable, Alias("pbx.PlacedByShare")]
internal sealed class PlacedByShare : PlacementStrategy
{
    public static readonly PlacedByShare Instance = new();
}

/// <summary>
/// Names the strategy for the actors it holds for. Not by an attribute: that would stand in the manifest, where a silo of a
/// version that does not know the strategy reads it, too, and could place nothing any more.
/// </summary>
internal sealed class ShareStrategyResolver(GrainTypeResolver types) : IPlacementStrategyResolver
{
    private readonly GrainType _site = types.GetGrainType(typeof(SiteGrain));
    private readonly GrainType _extension = types.GetGrainType(typeof(ExtensionGrain));

    /// <inheritdoc />
    public bool TryResolvePlacementStrategy(GrainType grainType, GrainProperties? properties, [MaybeNullWhen(false)] out PlacementStrategy result)
    {
        result = grainType == _site || grainType == _extension ? PlacedByShare.Instance : null;
        return result is not null;
    }
}

/// <summary>Places an actor where the share says.</summary>
internal sealed class ShareDirector(SiteShares shares) : IPlacementDirector
{
    private const StringComparison Exactly = StringComparison.Ordinal;

    /// <inheritdoc />
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var compatible = context.GetCompatibleSilos(target);
        var place = IPlacementDirector.GetPlacementHint(target.RequestContextData, compatible) ?? shares.PlaceOf(SiteIn(target.GrainIdentity.Key.ToString()!));

        // A silo that the share does not know yet, or knows no longer, must not keep the actor from living.
        return Task.FromResult(place is not null && compatible.Contains(place) ? place : compatible.Min()!);
    }

    /// <summary>The site in <c>site:{site}</c> or <c>ext:{site}/{number}</c>. Keys of nobody are placed, too, and refused by their actor.</summary>
    private static string SiteIn(string key)
    {
        var from = key.IndexOf(':', Exactly) + 1;
        var to = key.StartsWith("ext:", Exactly) ? key.IndexOf('/', Exactly) : -1;
        return to > from ? key[from..to] : key[from..];
    }
}
