using System.Net;
using PbxGrains.Contracts.Sites;
using PbxGrains.Front.Tests.Lab;
using PbxGrains.Storage.Cdrs;

namespace PbxGrains.Front.Tests.Cdrs;

public sealed class ImportsTests : IAsyncLifetime
{
    private const string Route = "/api/pbx/sites/paris/imports";
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private FrontLab _front = null!;

    public async ValueTask InitializeAsync()
    {
        _front = await FrontLab.StartAsync();
        _ = await _front.RegisterAsync("paris");
    }

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    [Fact]
    public async Task An_import_is_started_followed_and_called_off()
    {
        var row = await BeginAsync();
        _front.Site("paris").ImportStart = () => new HistoryImportStart(row.ImportId, Refusal: null);

        using var response = await _front.Admin.SendAsync(HttpMethod.Post, Route, new { since = "2026-01-01", until = "2026-01-31" });
        response.Headers.Location!.ToString().Should().Be($"{Route}/{row.ImportId}");
        var started = await response.JsonAsync(HttpStatusCode.Accepted);

        started.Text("importId").Should().Be(row.ImportId.ToString());
        _front.Site("paris").Imports.Should().Equal((new DateOnly(2026, 1, 1), new DateOnly(2026, 1, 31)));
        _ = await _front.Service<HistoryImports>().AdvanceAsync(row.ImportId, new DateTime(2026, 1, 16, 12, 0, 0), rows: 40, found: 30, whole: false, TestContext.Current.CancellationToken);
        var shown = await (await _front.Admin.SendAsync(HttpMethod.Get, $"{Route}/{row.ImportId}")).JsonAsync();
        shown.ToString().Should().Contain("\"progress\":0.5,").And.Contain("\"position\":\"2026-01-16T12:00:00\"").And.Contain("\"since\":\"2026-01-01\"")
            .And.Contain("\"rowsRead\":40").And.Contain("\"rowsNew\":30").And.Contain("\"windowsFailed\":1").And.Contain("\"state\":\"waiting\"").And.Contain("\"finishedAt\":null");
        (await (await _front.Admin.SendAsync(HttpMethod.Get, Route)).JsonAsync()).GetArrayLength().Should().Be(1);

        (await _front.Admin.SendAsync(HttpMethod.Delete, $"{Route}/{row.ImportId}")).StatusCode.Should().Be(HttpStatusCode.NoContent);
        _front.Site("paris").CancelledImports.Should().Equal(row.ImportId);
        _ = await _front.Service<HistoryImports>().EndAsync(row.ImportId, HistoryImportState.Cancelled, detail: null, TestContext.Current.CancellationToken);
        (await _front.Admin.SendAsync(HttpMethod.Delete, $"{Route}/{row.ImportId}")).StatusCode.Should().Be(HttpStatusCode.NoContent);
        _front.Site("paris").CancelledImports.Should().HaveCount(1, "it is over");
    }

    [Fact]
    public async Task A_running_one_is_named_when_another_is_asked_for()
    {
        var running = Guid.NewGuid();
        _front.Site("paris").ImportStart = () => new HistoryImportStart(running, HistoryImportRefusal.AlreadyRunning);

        var problem = await (await StartAsync("2026-01-01")).ProblemAsync(HttpStatusCode.Conflict, "import-running");

        problem.Text("importId").Should().Be(running.ToString());
    }

    [Theory]
    [InlineData(HistoryImportRefusal.SiteSuspended, HttpStatusCode.Conflict, "site-suspended")]
    [InlineData(HistoryImportRefusal.InTheFuture, HttpStatusCode.BadRequest, "invalid-request")]
    [InlineData(HistoryImportRefusal.TooLongAgo, HttpStatusCode.BadRequest, "invalid-request")]
    [InlineData(HistoryImportRefusal.EndsBeforeItBegins, HttpStatusCode.BadRequest, "invalid-request")]
    [InlineData(HistoryImportRefusal.SiteUnknown, HttpStatusCode.NotFound, "site-unknown")]
    public async Task Every_refusal_has_its_problem(HistoryImportRefusal refusal, HttpStatusCode status, string code)
    {
        _front.Site("paris").ImportStart = () => new HistoryImportStart(ImportId: null, refusal);

        _ = await (await StartAsync("2026-01-01")).ProblemAsync(status, code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("01/02/2026")]
    [InlineData("2026-02-30")]
    [InlineData("2026-01-01T00:00:00")]
    public async Task A_day_that_is_none_is_refused_before_anybody_is_asked(string since)
    {
        var problem = await (await StartAsync(since)).ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");

        problem.GetProperty("errors").GetProperty("since").GetArrayLength().Should().Be(1);
        _front.Site("paris").Imports.Should().BeEmpty();
    }

    [Fact]
    public async Task Unknown_sites_and_imports_are_said_to_be_unknown()
    {
        _ = await (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/sites/berlin/imports")).ProblemAsync(HttpStatusCode.NotFound, "site-unknown");
        _ = await (await _front.Admin.SendAsync(HttpMethod.Get, $"{Route}/{Guid.NewGuid()}")).ProblemAsync(HttpStatusCode.NotFound, "import-unknown");
        _ = await (await _front.Admin.SendAsync(HttpMethod.Delete, $"{Route}/{Guid.NewGuid()}")).ProblemAsync(HttpStatusCode.NotFound, "import-unknown");
        (await _front.Anonymous.SendAsync(HttpMethod.Get, Route)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    private Task<HttpResponseMessage> StartAsync(string since) => _front.Admin.SendAsync(HttpMethod.Post, Route, new { since });

    private async Task<HistoryImportRow> BeginAsync()
    {
        var row = new HistoryImportRow
        {
            ImportId = Guid.NewGuid(),
            SiteId = "paris",
            Since = new DateOnly(2026, 1, 1),
            Until = new DateOnly(2026, 1, 31),
            Position = new DateTime(2026, 1, 1),
            Ends = new DateTime(2026, 2, 1),
            CreatedAt = Noon,
            UpdatedAt = Noon,
        };
        (await _front.Service<HistoryImports>().BeginAsync(row, TestContext.Current.CancellationToken)).Should().BeNull();
        return row;
    }
}
