namespace PbxGrains.Contracts.Checklists;

/// <summary>
/// Looks from one silo, key its address. Whoever asks gives the silo as the hint for placement; the answer says where it
/// really came from.
/// </summary>
[Alias("pbx.IOutletGrain")]
public interface IOutletGrain : IGrainWithStringKey
{
    /// <summary>By which of its addresses the silo reaches another machine; nothing is sent there.</summary>
    /// <param name="address">IP address of the other machine.</param>
    /// <param name="ct">Cancels waiting.</param>
    [Alias("LookTowards")]
    Task<OutletView> LookTowards(string address, CancellationToken ct = default);
}

/// <summary>By which address a silo reaches a machine.</summary>
/// <param name="Silo">The silo that looked.</param>
/// <param name="Address">Its address on the way there; null when it has no route.</param>
[GenerateSerializer, Immutable, Alias("pbx.OutletView")]
public sealed record OutletView([property: Id(0)] string Silo, [property: Id(1)] string? Address);
