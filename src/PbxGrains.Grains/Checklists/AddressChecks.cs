using Orleans.Runtime.Placement;
using PbxGrains.Contracts.Checklists;

namespace PbxGrains.Grains.Checklists;

/// <summary>By which of our addresses the PBX sees us, as far as that can be seen from here.</summary>
internal sealed class AddressChecks(IGrainFactory grains, ISiloStatusOracle silos, TimeProvider time)
{
    public const string Local = "addresses.local";
    public const string Silos = "addresses.silos";
    public const string Outside = "addresses.outside";

    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(5);

    public IEnumerable<Check> All =>
    [
        Check.Judging(Local, [NetworkChecks.Tcp], round => AddressFindings.SeenBy.With(("address", round.LocalAddress?.ToString()))),
        new(Silos, [NetworkChecks.Tcp], SilosAsync),
        Check.Judging(Outside, [], _ => AddressFindings.CannotBeSeen.With()),
    ];

    /// <summary>Whether all silos leave by one address. Pure.</summary>
    /// <param name="outlets">What each silo said; null for one that did not.</param>
    public static Measured Judge(IReadOnlyList<OutletView?> outlets)
    {
        var heard = outlets.OfType<OutletView>().ToList();
        var addresses = heard.Select(outlet => outlet.Address).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var routeless = heard.Count(outlet => outlet.Address is null);
        var finding = routeless > 0 ? AddressFindings.SiloWithoutRoute
            : addresses.Count > 1 ? AddressFindings.SilosDiffer
            : heard.Count < outlets.Count ? AddressFindings.SilosUnheard
            : AddressFindings.SilosAgree;
        return finding.With(("silos", outlets.Count), ("heard", heard.Count), ("addresses", addresses), ("routeless", routeless == 0 ? null : routeless));
    }

    private async Task<Measured> SilosAsync(CheckRound round, CancellationToken ct)
    {
        var target = round.Addresses[0].ToString();
        var active = silos.GetApproximateSiloStatuses(onlyActive: true).Keys;
        return Judge(await Task.WhenAll(active.Select(silo => LookAsync(silo, target, ct))));
    }

    /// <summary>Asks one silo; a silo of an older version has no such actor, and its place is taken by another, which says so.</summary>
    private async Task<OutletView?> LookAsync(SiloAddress silo, string target, CancellationToken ct)
    {
        var name = silo.ToParsableString();
        try
        {
            RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
            var view = await grains.GetGrain<IOutletGrain>(name).LookTowards(target, ct).WaitAsync(AnswersWithin, time, ct);
            return view.Silo == name ? view : null;
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            return null;
        }
        finally
        {
            _ = RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        }
    }
}
