namespace PbxGrains.Front.Board.Charts;

/// <summary>Pages of charts.</summary>
internal static class ChartPages
{
    public static IEndpointRouteBuilder MapChartPages(this IEndpointRouteBuilder routes) => routes;
}
