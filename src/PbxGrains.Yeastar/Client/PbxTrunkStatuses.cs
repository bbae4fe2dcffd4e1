namespace PbxGrains.Yeastar.Client;

/// <summary>The PBX's words for the state of a trunk (fact sheet S-Series §4.7).</summary>
public static class PbxTrunkStatuses
{
    /// <summary>Whether calls can go over a trunk in this state. Case and surrounding space do not count.</summary>
    /// <param name="word">The word as sent; null or blank when the PBX sent none.</param>
    /// <returns>True for a trunk in service, busy ones included; false when not; null when the word does not tell.</returns>
    public static bool? IsUsable(string? word) => word?.Trim().ToUpperInvariant() switch
    {
        "IDLE" or "BUSY" or "UP" or "REGISTERED" or "REGISTERED (UNMONITORED)" => true,
        "FAULT" or "ALARM" or "DOWN" or "POWER OFF" or "NO SIM" or "NO SIGNAL" or "PIN ERROR" or "UNREGISTER" => false,
        "REGISTERING" or "FAILURE" or "DISABLE" => false,
        _ => null,
    };
}
