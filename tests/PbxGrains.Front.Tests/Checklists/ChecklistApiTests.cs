using System.Net;
using System.Text.Json;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Checklists;
using PbxGrains.Front.Tests.Lab;
using PbxGrains.Grains.Checklists;
using PbxGrains.Storage.Checklists;

namespace PbxGrains.Front.Tests.Checklists;

public sealed class ChecklistApiTests : IAsyncLifetime
{
    private const string Route = "/api/pbx/sites/paris/checklist";

    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private FrontLab _front = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _front = await FrontLab.StartAsync();
        await _front.RegisterAsync("paris");
    }

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    [Fact]
    public async Task A_checklist_that_never_ran_says_how_to_run_it()
    {
        var problem = await (await _front.Admin.SendAsync(HttpMethod.Get, Route)).ProblemAsync(HttpStatusCode.NotFound, "checklist-none");

        problem.Text("detail").Should().Contain("POST " + Route);
        (await (await _front.Admin.SendAsync(HttpMethod.Get, Route + "/runs")).JsonAsync()).GetArrayLength().Should().Be(0);
        await (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/sites/nowhere/checklist")).ProblemAsync(HttpStatusCode.NotFound, "site-unknown");
    }

    [Fact]
    public async Task Items_stream_as_they_finish_and_the_run_comes_last()
    {
        var run = Run();
        _front.Site("paris").ChecklistStart = () => new ChecklistStart(run.RunId);
        _front.Site("paris").Checklist = from => from switch
        {
            0 => new ChecklistProgress([run.Items[0]], Run: null),
            1 => new ChecklistProgress([], Run: null),
            _ => throw new InvalidOperationException("Nobody has that many."),
        };
        var asked = 0;
        var first = _front.Site("paris").Checklist;
        _front.Site("paris").Checklist = from => ++asked <= 2 ? first(from) : new ChecklistProgress([.. run.Items.Skip(from)], run);

        using var response = await _front.Admin.SendAsync(HttpMethod.Post, Route, body: null, ("Accept", "application/x-ndjson"), ("Accept-Language", "fr-FR, en;q=0.5"));
        var lines = (await response.Content.ReadAsStringAsync(Ct)).TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();

        response.Content.Headers.ContentType!.MediaType.Should().Be("application/x-ndjson");
        lines.Should().HaveCount(3);
        lines.Select(line => line.EnumerateObject().Single().Name).Should().Equal("item", "item", "run");
        var item = lines[1].GetProperty("item");
        (item.Text("id"), item.Text("section"), item.Text("verdict"), item.Text("finding")).Should().Be(("network.tcp", "network", "fail", "port-refused"));
        item.Text("title").Should().Be("Le PBX accepte les connexions sur le port du site");
        item.Text("evidence").Should().Be("10.1.0.254 répond, mais rien n’écoute sur le port 8088.");
        item.Text("remedy").Should().Contain("Settings > System > Security > Service");
        item.GetProperty("facts").Text("port").Should().Be("8088");
        lines[0].GetProperty("item").GetProperty("remedy").ValueKind.Should().Be(JsonValueKind.Null);
        var whole = lines[2].GetProperty("run");
        (whole.Text("siteId"), whole.Text("verdict"), whole.Text("trigger"), whole.GetProperty("items").GetArrayLength()).Should().Be(("paris", "fail", "manual", 2));
        whole.GetProperty("counts").ToString().Should().Be("""{"pass":1,"warn":0,"fail":1,"skipped":0,"notice":0}""");
    }

    [Fact]
    public async Task Without_a_stream_the_answer_is_the_whole_run()
    {
        var run = Run();
        _front.Site("paris").ChecklistStart = () => new ChecklistStart(run.RunId, Joined: true);
        _front.Site("paris").Checklist = from => new ChecklistProgress([.. run.Items.Skip(from)], run);

        var answer = await (await _front.Admin.SendAsync(HttpMethod.Post, Route, new { returnPath = new { caller = "1001", callee = "1002" } })).JsonAsync();

        answer.Text("runId").Should().Be(run.RunId.ToString());
        answer.GetProperty("items")[0].Text("evidence").Should().Be("10.1.0.254 leads to 10.1.0.254.");
        _front.Site("paris").Checklists.Single().ReturnPath.Should().Be(new ReturnPathCall(ExtensionNumber.Parse("1001"), ExtensionNumber.Parse("1002")));
    }

    [Fact]
    public async Task A_wish_that_cannot_be_is_refused_before_anything_runs()
    {
        await (await _front.Admin.SendAsync(HttpMethod.Post, Route)).ProblemAsync(HttpStatusCode.Conflict, "site-suspended");
        var problem = await (await _front.Admin.SendAsync(HttpMethod.Post, Route, new { returnPath = new { caller = "1001", callee = "1001" } })).ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");

        problem.GetProperty("errors").GetProperty("returnPath.callee").GetArrayLength().Should().Be(1);
        _front.Site("paris").Checklists.Should().ContainSingle();
    }

    [Fact]
    public async Task Reading_needs_little_and_running_needs_an_operator()
    {
        await StoreAsync(_front.Service<ChecklistRuns>(), Run());
        var made = await (await _front.Admin.SendAsync(HttpMethod.Post, "/api/pbx/keys", new { name = "test", scope = "read" })).JsonAsync(HttpStatusCode.Created);
        (string, string) key = ("X-Api-Key", made.Text("key")!);

        (await _front.Anonymous.SendAsync(HttpMethod.Get, Route, body: null, key)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await _front.Anonymous.SendAsync(HttpMethod.Get, Route + "/runs", body: null, key)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await _front.Anonymous.SendAsync(HttpMethod.Get, Route + "/report", body: null, key)).StatusCode.Should().Be(HttpStatusCode.OK);
        await (await _front.Anonymous.SendAsync(HttpMethod.Post, Route, body: null, key)).ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        (await _front.Anonymous.SendAsync(HttpMethod.Get, Route)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        _front.Site("paris").Checklists.Should().BeEmpty();
    }

    [Fact]
    public async Task The_last_run_that_came_to_its_end_is_shown_and_all_are_listed()
    {
        var runs = _front.Service<ChecklistRuns>();
        var whole = Run();
        await StoreAsync(runs, whole);
        await StoreAsync(runs, whole with { RunId = Guid.NewGuid(), StartedAt = Start.AddHours(1), BrokenOff = true, Items = [] });

        var last = await (await _front.Admin.SendAsync(HttpMethod.Get, Route + "?lang=fr")).JsonAsync();
        var list = await (await _front.Admin.SendAsync(HttpMethod.Get, Route + "/runs")).JsonAsync();

        last.Text("runId").Should().Be(whole.RunId.ToString());
        last.GetProperty("items")[1].Text("evidence").Should().StartWith("10.1.0.254 répond");
        list.EnumerateArray().Select(run => run.GetProperty("brokenOff").GetBoolean()).Should().Equal(true, false);
        list.EnumerateArray().Select(run => run.Text("verdict")).Should().Equal("fail", "fail");
        list[1].GetProperty("counts").GetProperty("pass").GetInt32().Should().Be(1);
    }

    internal static ChecklistRun Run() => new()
    {
        RunId = Guid.CreateVersion7(Start),
        Site = SiteId.Parse("paris"),
        Trigger = ChecklistTrigger.Manual,
        StartedAt = Start,
        FinishedAt = Start.AddSeconds(4),
        Items =
        [
            Item("network.address", ChecklistVerdict.Pass, "address-known", ("host", "10.1.0.254"), ("addresses", "10.1.0.254")),
            Item("network.tcp", ChecklistVerdict.Fail, "port-refused", ("host", "10.1.0.254"), ("port", "8088"), ("tries", "1"), ("answered", "0")),
        ],
    };

    internal static ChecklistItem Item(string id, ChecklistVerdict verdict, string finding, params (string Name, string Value)[] facts) => new()
    {
        Id = id,
        Section = Enum.Parse<ChecklistSection>(id.Split('.')[0], ignoreCase: true),
        Verdict = verdict,
        Finding = finding,
        Facts = facts.ToDictionary(fact => fact.Name, fact => fact.Value, StringComparer.Ordinal),
        MeasuredAt = Start,
        Took = TimeSpan.FromMilliseconds(12.34),
    };

    internal static async Task StoreAsync(ChecklistRuns runs, ChecklistRun run)
    {
        await runs.BeginAsync(ChecklistRows.Of(run), Ct);
        await runs.EndAsync(ChecklistRows.Of(run), Ct);
    }
}
