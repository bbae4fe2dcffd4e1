namespace PbxGrains.Yeastar.Client;

/// <summary>The PBX's words for what an extension is doing (fact sheet S-Series §4.2, §7.4).</summary>
public static class PbxExtensionStatuses
{
    /// <summary>
    /// Reads a status word. Case and surrounding space do not count, because official samples already differ in case.
    /// </summary>
    /// <param name="word">The word as sent; null or blank when the PBX sent none.</param>
    /// <returns><see cref="PbxExtensionStatus.Unknown"/> for no word and for a word we do not know.</returns>
    public static PbxExtensionStatus Parse(string? word)
    {
        var trimmed = word.AsSpan().Trim();
        return trimmed switch
        {
            _ when Is(trimmed, "Registered") || Is(trimmed, "Idle") => PbxExtensionStatus.Idle,
            _ when Is(trimmed, "Unavailable") || Is(trimmed, "Unregistered") => PbxExtensionStatus.Unregistered,
            _ when Is(trimmed, "Busy") => PbxExtensionStatus.Busy,
            _ when Is(trimmed, "Ringing") => PbxExtensionStatus.Ringing,
            _ when Is(trimmed, "Hold") => PbxExtensionStatus.OnHold,
            _ when Is(trimmed, "Malfunction") || Is(trimmed, "Fxsnoport") => PbxExtensionStatus.Fault,
            _ => PbxExtensionStatus.Unknown,
        };
    }

    private static bool Is(ReadOnlySpan<char> word, string known) => word.Equals(known, StringComparison.OrdinalIgnoreCase);
}
