namespace PbxGrains.Front.Cdrs;

/// <summary>
/// Keeps a spreadsheet from running what a caller sent: a cell that would start a formula gets an apostrophe in front,
/// which shows it as text.
/// </summary>
internal static class FormulaGuard
{
    /// <summary>The cell as it may be opened in a spreadsheet.</summary>
    public static string Neutral(string cell)
    {
        if (cell is [] || (!IsDangerous(cell[0]) && !char.IsWhiteSpace(cell[0])))
        {
            return cell;
        }

        // Spreadsheets trim before they look.
        var seen = cell.AsSpan().TrimStart();
        return IsDangerous(cell[0]) || (seen is [var first, ..] && IsDangerous(first)) ? "'" + cell : cell;
    }

    private static bool IsDangerous(char first) => first is '=' or '+' or '-' or '@' or '\t' or '\r';
}
