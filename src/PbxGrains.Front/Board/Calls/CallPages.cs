namespace PbxGrains.Front.Board.Calls;

/// <summary>Pages of calls.</summary>
internal static class CallPages
{
    public static IEndpointRouteBuilder MapCallPages(this IEndpointRouteBuilder routes) => routes;
}
