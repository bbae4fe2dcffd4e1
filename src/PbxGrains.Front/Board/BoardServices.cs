using PbxGrains.Front.Board.Calls;
using PbxGrains.Front.Board.Charts;
using PbxGrains.Front.Board.Checklists;
using PbxGrains.Front.Board.Shell;
using PbxGrains.Front.Board.SignIn;
using PbxGrains.Front.Board.Sites;

namespace PbxGrains.Front.Board;

/// <summary>The supervisors' board: pages rendered here, kept alive in the browser by the public API and its stream.</summary>
internal static class BoardServices
{
    public static IServiceCollection AddBoard(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddSingleton<BoardAssets>();
        return services;
    }

    /// <summary>Runs after routing, before authentication.</summary>
    public static IApplicationBuilder UseBoard(this IApplicationBuilder app) => app.UseWhen(IsBoard, board =>
    {
        board.UseMiddleware<BoardHeaders>();
        board.UseRequestLocalization(BoardLanguage.Configure);
    });

    /// <summary>All pages and what they are made of.</summary>
    public static IEndpointRouteBuilder MapBoard(this IEndpointRouteBuilder routes)
    {
        routes.MapBoardAssets();
        routes.MapSignIn();
        routes.MapBoardLanguage();
        routes.MapSitePages();
        routes.MapChecklistPages();
        routes.MapCallPages();
        routes.MapChartPages();
        return routes;
    }

    /// <summary>A group of pages for who is signed in.</summary>
    public static RouteGroupBuilder MapBoardPages(this IEndpointRouteBuilder routes) =>
        routes.MapGroup("").RequireAuthorization(BoardPage.Policy).AsBoardPages();

    /// <summary>Makes routes pages of the board: in the reader's language, with strict headers, and not part of the API.</summary>
    public static RouteGroupBuilder AsBoardPages(this RouteGroupBuilder pages) => pages.WithMetadata(new BoardPage()).ExcludeFromDescription();

    private static bool IsBoard(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<BoardPage>() is not null;
}
