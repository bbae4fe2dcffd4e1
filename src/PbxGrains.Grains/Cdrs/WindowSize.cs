namespace PbxGrains.Grains.Cdrs;

/// <summary>
/// How much a PBX is asked for at once. Half as much when it answers too slowly; twice as much again after some windows
/// that worked, more of them each time it turned out too much. Pure.
/// </summary>
public sealed class WindowSize
{
    /// <summary>Windows that must work before the first try with larger ones.</summary>
    public const int FirstPatience = 4;

    /// <summary>Most windows that must work before another try: about two days of them.</summary>
    public const int LongestPatience = 256;

    private int _patience = FirstPatience;
    private int _worked;

    /// <summary>Longest window to ask for.</summary>
    public TimeSpan Current { get; private set; } = CatchUpPlan.LongestWindow;

    /// <summary>A window was answered too slowly.</summary>
    /// <param name="length">Its length.</param>
    /// <returns>False when it was as short as may be.</returns>
    public bool TooSlow(TimeSpan length)
    {
        if (length <= CatchUpPlan.ShortestWindow)
        {
            return false;
        }

        Current = length / 2 > CatchUpPlan.ShortestWindow ? length / 2 : CatchUpPlan.ShortestWindow;
        _patience = Math.Min(_patience * 2, LongestPatience);
        _worked = 0;
        return true;
    }

    /// <summary>A window was read.</summary>
    /// <param name="length">Its length: a shorter one than asked for proves nothing.</param>
    public void Worked(TimeSpan length)
    {
        if (Current >= CatchUpPlan.LongestWindow || length < Current || ++_worked < _patience)
        {
            return;
        }

        Current = Current * 2 < CatchUpPlan.LongestWindow ? Current * 2 : CatchUpPlan.LongestWindow;
        _worked = 0;
        if (Current == CatchUpPlan.LongestWindow)
        {
            _patience = FirstPatience;
        }
    }
}
