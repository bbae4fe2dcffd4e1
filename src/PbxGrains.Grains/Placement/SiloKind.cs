using Orleans.Metadata;
using PbxGrains.Grains.Sites;

namespace PbxGrains.Grains.Placement;

/// <summary>What a silo is there for.</summary>
public enum SiloKind
{
    /// <summary>Answers the outside; hosts sites when there is no worker.</summary>
    Front = 0,

    /// <summary>Hosts sites.</summary>
    Worker = 1,
}

/// <summary>
/// Tells the other silos which kind this one is, as a property of the site actor in its manifest: nobody places anything
/// on a silo before its manifest is known, so its kind is always known, and the same, to all. A silo of a version without
/// it knows no shares either; see <see cref="SiteShares"/>.
/// </summary>
internal sealed class SiloKindProperty(SiloKind kind) : IGrainPropertiesProvider
{
    private const string Name = "pbx.silo";

    /// <inheritdoc />
    public void Populate(Type grainClass, GrainType grainType, Dictionary<string, string> properties)
    {
        if (grainClass == typeof(SiteGrain))
        {
            properties[Name] = kind.ToString();
        }
    }

    /// <summary>The kind a manifest tells; null for a silo of a version that tells none.</summary>
    public static SiloKind? Of(GrainManifest manifest, GrainType site) =>
        manifest.Grains.TryGetValue(site, out var properties) && properties.Properties.TryGetValue(Name, out var text) && Enum.TryParse<SiloKind>(text, out var kind)
            ? kind
            : null;
}
