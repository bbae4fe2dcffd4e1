namespace PbxGrains.Front.Board;

/// <summary>Marks a route as a page of the board.</summary>
internal sealed record BoardPage
{
    /// <summary>Who may see pages: anybody signed in; others are led to the sign-in page.</summary>
    public const string Policy = "board";
}
