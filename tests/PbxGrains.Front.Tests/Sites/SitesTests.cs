using System.Net;
using System.Net.Http.Headers;
using System.Text;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Front.Tests.Lab;
using PbxGrains.Storage.Sites;

namespace PbxGrains.Front.Tests.Sites;

public sealed class SitesTests : IAsyncLifetime
{
    private const string PasswordMd5 = "0359989c274ea965996ec2348d2e072c";

    private FrontLab _front = null!;

    public async ValueTask InitializeAsync() => _front = await FrontLab.StartAsync();

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    [Fact]
    public async Task A_site_is_registered_shown_changed_and_removed()
    {
        var created = await (await _front.Admin.SendAsync(HttpMethod.Put, "/api/pbx/sites/paris", FrontLab.Paris(), ("If-None-Match", "*"))).JsonAsync(HttpStatusCode.Created);
        created.GetProperty("webhook").Text("url").Should().StartWith("http://").And.EndWith("/api/pbx/webhook/paris/" + created.GetProperty("webhook").Text("secret"));

        var site = await (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/sites/paris")).JsonAsync();
        site.Text("siteId").Should().Be("paris");
        site.Text("address").Should().Be("https://10.1.0.254:8088");
        site.GetProperty("hasPassword").GetBoolean().Should().BeTrue();
        site.GetProperty("status").Text("health").Should().Be("online");
        site.GetProperty("status").Text("reason").Should().Be("polling");
        site.GetProperty("status").Text("message").Should().NotBeEmpty();
        site.GetProperty("status").GetProperty("extensions").GetProperty("onHold").GetInt32().Should().Be(0);

        var updated = await (await _front.Admin.SendAsync(HttpMethod.Put, "/api/pbx/sites/paris", new { name = "Paris 2" }, ("If-Match", "*"))).JsonAsync();
        updated.GetProperty("webhook").ValueKind.Should().Be(System.Text.Json.JsonValueKind.Null);
        updated.GetProperty("site").Text("name").Should().Be("Paris 2");
        updated.GetProperty("site").Text("userName").Should().Be("api");
        _front.Site("paris").RowVersion.Should().Be(updated.GetProperty("site").GetProperty("version").GetInt64());

        (await _front.Admin.SendAsync(HttpMethod.Delete, "/api/pbx/sites/paris")).StatusCode.Should().Be(HttpStatusCode.NoContent);
        _front.Site("paris").RowVersion.Should().BeNull();
        await (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/sites/paris")).ProblemAsync(HttpStatusCode.NotFound, "site-unknown");
        await (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/sites/paris/extensions")).ProblemAsync(HttpStatusCode.NotFound, "site-unknown");
    }

    [Fact]
    public async Task The_list_can_be_asked_for_some_sites()
    {
        foreach (var id in new[] { "lyon", "nice", "paris" })
        {
            await _front.RegisterAsync(id);
        }

        async Task<IEnumerable<string?>> IdsAsync(string query) =>
            (await (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/sites" + query)).JsonAsync()).EnumerateArray().Select(site => site.Text("siteId"));

        (await IdsAsync("")).Should().Equal("lyon", "nice", "paris");
        (await IdsAsync("?site=paris&site=lyon&site=gone")).Should().Equal("lyon", "paris");
        (await IdsAsync("?site=nice,paris")).Should().Equal("nice", "paris");
        (await IdsAsync("?site=gone")).Should().BeEmpty();
        await (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/sites?sites=paris")).ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        var many = string.Join(',', Enumerable.Range(0, 201).Select(i => $"site-{i}"));
        await (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/sites?site=" + many)).ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task Preconditions_keep_creation_and_change_apart()
    {
        await (await _front.Admin.SendAsync(HttpMethod.Put, "/api/pbx/sites/paris", FrontLab.Paris(), ("If-Match", "*"))).ProblemAsync(HttpStatusCode.PreconditionFailed, "site-unknown");
        await _front.RegisterAsync("paris");
        await (await _front.Admin.SendAsync(HttpMethod.Put, "/api/pbx/sites/paris", FrontLab.Paris(), ("If-None-Match", "*"))).ProblemAsync(HttpStatusCode.PreconditionFailed, "site-exists");
    }

    [Fact]
    public async Task The_password_is_stored_as_the_PBX_wants_it_and_never_shown()
    {
        await _front.RegisterAsync("paris");

        var row = await _front.Service<SiteRegistry>().FindAsync("paris", TestContext.Current.CancellationToken);
        Encoding.UTF8.GetString(row!.PasswordCipher).Should().Be(PasswordMd5);
        var shown = (await (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/sites")).JsonAsync()).ToString();
        shown.Should().NotContain("hush-password").And.NotContain(PasswordMd5).And.NotContain(Convert.ToBase64String(row.PasswordCipher));
        _front.Logs.Text.Should().NotContain("hush-password");
    }

    [Fact]
    public async Task Every_wrong_field_is_named_with_a_sentence()
    {
        var problem = await (await _front.Admin.SendAsync(HttpMethod.Put, "/api/pbx/sites/paris", new { name = "", address = "nonsense" })).ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");

        problem.GetProperty("errors").EnumerateObject().Select(e => e.Name).Should().BeEquivalentTo("name", "address", "userName", "password", "timeZone");
        await (await _front.Admin.SendAsync(HttpMethod.Put, "/api/pbx/sites/No_Id", FrontLab.Paris())).ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Theory]
    [InlineData("""{"name": 5}""", "$.name")]
    [InlineData("""{"name": "a", "adress": "b"}""", "adress")]
    [InlineData("""{"name": """, "$.name")]
    [InlineData("""{"password": {"hush": 1}}""", "$.password")]
    public async Task Broken_JSON_is_told_by_its_path_and_not_quoted(string body, string path)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        var problem = await (await _front.Admin.PutAsync("/api/pbx/sites/paris", content, TestContext.Current.CancellationToken)).ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");

        problem.GetProperty("errors").EnumerateObject().Single().Name.Should().Contain(path);
        problem.GetProperty("errors").ToString().Should().NotContain("hush");
    }

    [Fact]
    public async Task Suspend_and_resume_reach_the_directory_and_the_actor()
    {
        await _front.RegisterAsync("paris");

        var suspended = await (await _front.Admin.SendAsync(HttpMethod.Post, "/api/pbx/sites/paris/suspend", new { reason = "moving" })).JsonAsync();
        suspended.GetProperty("suspended").GetBoolean().Should().BeTrue();
        suspended.Text("suspendedReason").Should().Be("moving");

        var resumed = await (await _front.Admin.SendAsync(HttpMethod.Post, "/api/pbx/sites/paris/resume")).JsonAsync();
        resumed.GetProperty("suspended").GetBoolean().Should().BeFalse();
        _front.Site("paris").Resumed.Should().Be(1);
        _front.Site("paris").RowVersion.Should().Be(resumed.GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task A_site_is_shown_without_status_when_its_actor_cannot_be_asked()
    {
        await _front.RegisterAsync("paris");
        _front.Site("paris").Status = () => throw new TimeoutException();

        var site = await (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/sites/paris")).JsonAsync();

        site.GetProperty("status").ValueKind.Should().Be(System.Text.Json.JsonValueKind.Null);
    }

    [Fact]
    public async Task A_probe_tells_how_far_it_came()
    {
        var result = await (await _front.Admin.SendAsync(HttpMethod.Post, "/api/pbx/sites/probe", new { siteId = "paris", address = "10.1.0.254", userName = "api", password = "test", certificatePins = Array.Empty<string>(), allowPlainHttp = false })).JsonAsync();

        result.Text("reached").Should().Be("login");
        result.Text("failure").Should().Be("wrong-credentials");
        _front.Site("paris").Probes.Single().Should().BeEquivalentTo(new { Address = "https://10.1.0.254:8088", UserName = "api", PasswordMd5 = "098f6bcd4621d373cade4e832627b4f6" });
    }

    [Fact]
    public async Task Extensions_tell_how_old_the_knowledge_is()
    {
        await _front.RegisterAsync("paris");
        var asOf = new DateTimeOffset(2026, 3, 2, 9, 0, 30, TimeSpan.Zero);
        _front.Site("paris").Extensions = () =>
        [
            new ExtensionView { Site = SiteId.Parse("paris"), Number = ExtensionNumber.Parse("0010"), Status = ExtensionStatus.OnHold, Source = KnowledgeSource.Push, ConfirmedAt = asOf.AddSeconds(-2.5), AsOf = asOf, CurrentCall = CallId.Parse("1.10") },
            new ExtensionView { Site = SiteId.Parse("paris"), Number = ExtensionNumber.Parse("0011"), Status = ExtensionStatus.Unknown, AsOf = asOf },
        ];

        var list = await (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/sites/paris/extensions")).JsonAsync();

        list[0].Text("number").Should().Be("0010");
        list[0].Text("status").Should().Be("onHold");
        list[0].Text("source").Should().Be("push");
        list[0].Text("currentCall").Should().Be("1.10");
        list[0].GetProperty("ageSeconds").GetDouble().Should().Be(2.5);
        list[1].GetProperty("ageSeconds").ValueKind.Should().Be(System.Text.Json.JsonValueKind.Null);
    }

    [Fact]
    public async Task A_read_is_asked_once_more_when_the_cluster_was_busy()
    {
        await _front.RegisterAsync("paris");
        var asked = 0;
        _front.Site("paris").Extensions = () => ++asked == 1 ? throw new TimeoutException() : [];
        (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/sites/paris/extensions")).StatusCode.Should().Be(HttpStatusCode.OK);

        _front.Site("paris").Extensions = () => throw new Orleans.Runtime.SiloUnavailableException();
        var busy = await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/sites/paris/extensions");

        busy.Headers.RetryAfter.Should().NotBeNull();
        await busy.ProblemAsync(HttpStatusCode.ServiceUnavailable, "cluster-busy");
    }

    [Fact]
    public async Task Whatever_goes_wrong_is_told_as_a_problem_and_without_exception_text()
    {
        await _front.RegisterAsync("paris");
        _front.Site("paris").Extensions = () => throw new InvalidOperationException("hidden words");

        var broken = await (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/sites/paris/extensions")).ProblemAsync(HttpStatusCode.InternalServerError, "internal-error");
        broken.ToString().Should().NotContain("hidden");

        await (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/nothing")).ProblemAsync(HttpStatusCode.NotFound, "not-found");
        await (await _front.Admin.SendAsync(HttpMethod.Patch, "/api/pbx/sites", new { })).ProblemAsync(HttpStatusCode.MethodNotAllowed, "method-not-allowed");
        using var text = new StringContent("name=a");
        text.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        await (await _front.Admin.PutAsync("/api/pbx/sites/paris", text, TestContext.Current.CancellationToken)).ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
    }
}
