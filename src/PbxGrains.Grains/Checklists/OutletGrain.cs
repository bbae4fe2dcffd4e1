using System.Net;
using Orleans.Placement;
using PbxGrains.Contracts.Checklists;
using PbxGrains.Yeastar.Network;

namespace PbxGrains.Grains.Checklists;

/// <summary>Looks from the silo it was placed on, and ends at once: the next question may want it elsewhere.</summary>
[RandomPlacement]
internal sealed class OutletGrain(ILocalSiloDetails silo) : Grain, IOutletGrain
{
    public Task<OutletView> LookTowards(string address, CancellationToken ct = default)
    {
        DeactivateOnIdle();
        var outlet = IPAddress.TryParse(address, out var target) ? Outlet.Towards(target) : null;
        return Task.FromResult(new OutletView(silo.SiloAddress.ToParsableString(), outlet?.ToString()));
    }
}
