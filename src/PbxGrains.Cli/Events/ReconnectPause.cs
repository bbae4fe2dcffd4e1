namespace PbxGrains.Cli.Events;

/// <summary>
/// How long to wait before a lost stream is opened again: longer after each vain try, and by chance, so that all who were
/// connected to a front that stopped do not come back in the same moment.
/// </summary>
internal static class ReconnectPause
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>The pause.</summary>
    /// <param name="failures">Vain tries so far; 0 right after the loss.</param>
    /// <param name="chance">From 0 to 1: the pause lies between half of its longest and all of it.</param>
    public static TimeSpan After(int failures, double chance)
    {
        var longest = Math.Min(Longest.TotalMilliseconds, First.TotalMilliseconds * Math.Pow(2, failures));
        return TimeSpan.FromMilliseconds(longest * (1 + chance) / 2);
    }
}
