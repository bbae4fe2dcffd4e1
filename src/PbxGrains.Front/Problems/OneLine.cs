namespace PbxGrains.Front.Problems;

/// <summary>Text that people write for people: it is stored, listed and logged, so it stays on one line.</summary>
internal static class OneLine
{
    /// <summary>True when the text has at most that many characters and no control character.</summary>
    public static bool Fits(string text, int longest) => text.Length <= longest && !text.Any(char.IsControl);
}
