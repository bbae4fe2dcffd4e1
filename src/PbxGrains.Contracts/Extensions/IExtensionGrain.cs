using Orleans.Concurrency;

namespace PbxGrains.Contracts.Extensions;

/// <summary>
/// The actor of one extension, key <see cref="ExtensionId.GrainKey"/>: holds its status. Written by its site's actor
/// only, read by anyone.
/// </summary>
[Alias("pbx.IExtensionGrain")]
public interface IExtensionGrain : IGrainWithStringKey
{
    /// <summary>The extension as known now; null when the site has no such extension.</summary>
    [Alias("Get"), AlwaysInterleave]
    Task<ExtensionView?> Get(CancellationToken ct = default);

    /// <summary>Takes what the site's actor has learnt; an older revision changes nothing.</summary>
    [Alias("Update"), AlwaysInterleave]
    Task Update(ExtensionKnowledge knowledge, CancellationToken ct = default);
}
