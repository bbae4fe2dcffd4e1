using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Front.Tests.Lab;
using PbxGrains.Testing;

namespace PbxGrains.Front.Tests.Agents;

public sealed class AgentsTests : IAsyncLifetime
{
    // It stands still: an actor that answers is never late because the machine is slow.
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));

    private FrontLab _front = null!;

    public async ValueTask InitializeAsync()
    {
        _front = await FrontLab.StartAsync(_clock, _ => { });
        await _front.RegisterAsync("paris");
    }

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    [Fact]
    public async Task A_preview_tells_what_a_save_will_tell_and_saves_nothing()
    {
        await SaveAsync(HttpMethod.Put, "", Agent("a", "paris", "1001", "Anne"), Agent("b", "paris", "1002"), Agent("c", "lyon", "1003"));
        object[] wanted = [Agent("a", "paris", "0010", "Anne-Marie"), Agent("b", "paris", "1002"), Agent("d", "paris", "1004")];

        var preview = await SaveAsync(HttpMethod.Put, "?dryRun=true", wanted);
        var before = await ListAsync();
        var saved = await SaveAsync(HttpMethod.Put, "", wanted);

        before.Should().Equal("a 1001", "b 1002", "c 1003");
        (await ListAsync()).Should().Equal("a 0010", "b 1002", "d 1004");
        preview.GetProperty("dryRun").GetBoolean().Should().BeTrue();
        saved.GetProperty("dryRun").GetBoolean().Should().BeFalse();
        foreach (var part in (string[])["added", "changed", "removed", "unchanged"])
        {
            preview.GetProperty(part).ToString().Should().Be(saved.GetProperty(part).ToString(), part);
        }

        saved.GetProperty("added").EnumerateArray().Select(agent => agent.Text("id")).Should().Equal("d");
        saved.GetProperty("removed").EnumerateArray().Select(agent => agent.Text("id")).Should().Equal("c");
        saved.GetProperty("unchanged").GetInt32().Should().Be(1);
        var changed = saved.GetProperty("changed").EnumerateArray().Single();
        changed.Text("id").Should().Be("a");
        changed.GetProperty("fields").EnumerateArray().Select(field => $"{field.Text("field")}: {field.Text("old")} > {field.Text("new")}")
            .Should().Equal("name: Anne > Anne-Marie", "extension: 1001 > 0010");
    }

    [Fact]
    public async Task A_patch_removes_nobody()
    {
        await SaveAsync(HttpMethod.Put, "", Agent("a", "paris", "1001"), Agent("b", "paris", "1002"));

        var preview = await SaveAsync(HttpMethod.Patch, "?dryRun=true", Agent("b", "paris", "1003"));
        var saved = await SaveAsync(HttpMethod.Patch, "", Agent("b", "paris", "1003"));

        preview.GetProperty("changed").GetArrayLength().Should().Be(1);
        saved.GetProperty("removed").GetArrayLength().Should().Be(0);
        (await ListAsync()).Should().Equal("a 1001", "b 1003");
    }

    [Fact]
    public async Task A_misspelt_preview_saves_nothing()
    {
        var problem = await (await _front.Admin.SendAsync(HttpMethod.Put, "/api/pbx/agents?dry-run=true", new { agents = new[] { Agent("a", "paris", "1001") } }))
            .ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");

        problem.GetProperty("errors").EnumerateObject().Single().Name.Should().Be("dry-run");
        (await ListAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_list_of_ten_thousand_is_taken_at_once_and_compared()
    {
        _front.Site("paris").Extensions = () => [.. Enumerable.Range(0, 1000).Select(i => View($"{1000 + i}", ExtensionStatus.Idle))];

        var saved = await SaveAsync(HttpMethod.Put, "", [.. Enumerable.Range(0, 10_000).Select(i => Agent($"agent-{i}", "paris", $"0{1000 + i}", new string('é', 90)))]);
        var diff = await (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/agents/diff")).JsonAsync();

        saved.GetProperty("added").GetArrayLength().Should().Be(10_000);
        diff.GetProperty("counts").ToString().Should().Be("""{"look-alike":1000,"extension-unknown":9000,"no-agent":1000}""");
    }

    [Theory]
    [InlineData(" 1001")]
    [InlineData("0010")]
    [InlineData("1\u00A0001")]
    [InlineData("\u200B1001")]
    [InlineData("１００１")]
    [InlineData("مكتب")]
    public async Task The_extension_is_kept_exactly_as_the_CRM_says_it(string extension)
    {
        await SaveAsync(HttpMethod.Put, "", Agent("a", "paris", extension));

        (await ListAsync()).Should().Equal("a " + extension);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\u200B\u00A0")]
    [InlineData("10\n01")]
    [InlineData("10\u202801")]
    [InlineData("10\u000001")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task A_text_that_is_no_number_at_all_is_refused_by_its_place(string extension)
    {
        var problem = await (await _front.Admin.SendAsync(HttpMethod.Put, "/api/pbx/agents", new { agents = new[] { Agent("a", "paris", "1"), Agent("b", "paris", extension) } }))
            .ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");

        problem.GetProperty("errors").EnumerateObject().Single().Name.Should().Be("agents[1].extension");
        (await ListAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task The_comparison_says_what_each_side_says()
    {
        await _front.RegisterAsync("dark");
        await _front.RegisterAsync("off");
        await (await _front.Admin.SendAsync(HttpMethod.Post, "/api/pbx/sites/off/suspend", new { reason = "test" })).JsonAsync();
        _front.Site("paris").Extensions = () => [View("1001", ExtensionStatus.Idle), View("1002", ExtensionStatus.Unregistered), View("0010", ExtensionStatus.Idle), View("1009", ExtensionStatus.Idle)];
        _front.Site("dark").Fresh = () => false;
        await SaveAsync(
            HttpMethod.Put, "", Agent("ok", "paris", "1001", "Anne"), Agent("silent", "paris", "1002"), Agent("zero", "paris", "10"), Agent("none", "paris", "7777"),
            Agent("dark", "dark", "1001"), Agent("off", "off", "1001"), Agent("lost", "nowhere", "1001"), Agent("twin", "dark", "1001"));

        var diff = await (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/agents/diff")).JsonAsync();

        diff.GetProperty("clean").GetBoolean().Should().BeFalse();
        diff.GetProperty("agents").GetInt32().Should().Be(8);
        var findings = diff.GetProperty("findings").EnumerateArray().ToList();
        findings.Select(finding => $"{finding.Text("site")} {finding.Text("extension")} {finding.Text("agentId") ?? "-"} {finding.Text("code")}").Should().Equal(
            "dark 1001 dark knowledge-stale", "dark 1001 dark duplicate", "dark 1001 twin knowledge-stale", "dark 1001 twin duplicate",
            "nowhere 1001 lost site-unknown", "off 1001 off site-suspended",
            "paris 0010 - no-agent", "paris 10 zero look-alike", "paris 1001 ok ok", "paris 1002 silent unregistered", "paris 1009 - no-agent", "paris 7777 none extension-unknown");
        var alike = findings.Single(finding => finding.Text("agentId") == "zero");
        alike.Text("probably").Should().Be("0010");
        alike.GetProperty("differences").EnumerateArray().Select(difference => difference.GetString()).Should().Equal("leading-zeros");
        alike.Text("message").Should().Contain("0010").And.Contain("leading zeros");
        findings.Single(finding => finding.Text("agentId") == "ok").GetProperty("registration").GetProperty("registered").GetBoolean().Should().BeTrue();
        findings.Single(finding => finding.Text("agentId") == "silent").GetProperty("registration").GetProperty("registered").GetBoolean().Should().BeFalse();
        diff.GetProperty("counts").GetProperty("no-agent").GetInt32().Should().Be(2);
    }

    [Fact]
    public async Task The_comparison_of_one_site_looks_at_that_one_and_a_misspelt_site_is_no_clean_one()
    {
        _front.Site("paris").Extensions = () => [View("1001", ExtensionStatus.Idle)];
        await SaveAsync(HttpMethod.Put, "", Agent("a", "paris", "1001"), Agent("b", "nowhere", "1"));

        (await (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/agents/diff?site=paris")).JsonAsync()).GetProperty("clean").GetBoolean().Should().BeTrue();
        (await (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/agents/diff?site=nowhere")).JsonAsync()).GetProperty("clean").GetBoolean().Should().BeFalse();
        await (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/agents/diff?site=pariss")).ProblemAsync(HttpStatusCode.NotFound, "site-unknown");
    }

    [Fact]
    public async Task A_site_whose_actor_fails_is_not_pretended_to_be_empty()
    {
        _front.Site("paris").Extensions = () => throw new TimeoutException();
        await SaveAsync(HttpMethod.Put, "", Agent("a", "paris", "1001"));

        var diff = await (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/agents/diff")).JsonAsync();

        diff.GetProperty("findings").EnumerateArray().Single().Text("code").Should().Be("knowledge-stale");
    }

    [Fact]
    public async Task A_site_whose_actor_is_silent_is_given_up_after_a_while()
    {
        await _front.RegisterAsync("silent");
        _front.Site("silent").Listing = new TaskCompletionSource().Task;
        _front.Site("paris").Extensions = () => [View("1001", ExtensionStatus.Idle)];
        await SaveAsync(HttpMethod.Put, "", Agent("a", "paris", "1001"), Agent("b", "silent", "1001"));

        var asked = _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/agents/diff");
        _ = await Eventually.Holds(
            () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(asked.IsCompleted);
            },
            "the silent site is given up");

        var diff = await (await asked).JsonAsync();
        diff.GetProperty("findings").EnumerateArray().Select(finding => finding.Text("code")).Should().Contain("knowledge-stale");
    }

    [Fact]
    public async Task An_extension_that_no_PBX_can_have_is_not_dialled_but_explained()
    {
        await SaveAsync(HttpMethod.Put, "", Agent("a", "paris", "１００１"), Agent("b", "paris", " 1001"));

        var problem = await (await CrmAsync("a")).ProblemAsync(HttpStatusCode.Conflict, "extension-invalid");
        await (await CrmAsync("b")).ProblemAsync(HttpStatusCode.Conflict, "extension-invalid");

        problem.Text("detail").Should().Contain("full-width").And.Contain("1001");
        _front.Site("paris").Originates.Should().BeEmpty();
    }

    [Fact]
    public async Task A_dry_run_for_an_agent_is_a_verdict_whatever_is_wrong()
    {
        await SaveAsync(HttpMethod.Put, "", Agent("a", "paris", "1001"), Agent("odd", "paris", "1O01?"), Agent("lost", "nowhere", "1001"));
        _front.Site("paris").Outcome = () => new OriginateOutcome
        {
            OriginateId = Guid.NewGuid(),
            State = OriginateState.Refused,
            Refusal = OriginateRefusal.ExtensionBusy,
            Message = "Busy.",
            Checks = [new(OriginateCheckKind.Site, OriginateVerdict.Pass, "site-online", "."), new(OriginateCheckKind.Idle, OriginateVerdict.Fail, "busy", "Busy.")],
        };

        Verdict(await (await CrmAsync("a", dryRun: true)).JsonAsync()).Should().Equal("refused extension-busy", "agent pass agent-known", "site pass site-online", "idle fail busy");
        Verdict(await (await CrmAsync("nobody", dryRun: true)).JsonAsync())[..3].Should().Equal("refused agent-unknown", "agent fail agent-unknown", "site skipped not-known");
        Verdict(await (await CrmAsync("odd", dryRun: true)).JsonAsync())[..3].Should().Equal("refused extension-invalid", "agent fail extension-invalid", "site skipped not-known");
        Verdict(await (await CrmAsync("lost", dryRun: true)).JsonAsync())[..4].Should().Equal("refused site-unknown", "agent pass agent-known", "site fail site-unknown", "extension skipped not-known");
        _front.Site("paris").Originates.Should().ContainSingle().Which.Should().Match<OriginateRequest>(request => request.DryRun && request.AgentId == "a");
    }

    private static object Agent(string id, string site, string extension, string? name = null) => new { id, site, extension, name };

    private static List<string> Verdict(JsonElement answer) =>
    [
        $"{answer.Text("state")} {answer.Text("refusal")}",
        .. answer.GetProperty("checks").EnumerateArray().Select(check => $"{check.Text("check")} {check.Text("verdict")} {check.Text("finding")}"),
    ];

    private static ExtensionView View(string number, ExtensionStatus status) => new()
    {
        Site = SiteId.Parse("paris"),
        Number = ExtensionNumber.Parse(number),
        Name = "Phone " + number,
        Type = "SIP",
        Status = status,
        Since = DateTimeOffset.UnixEpoch,
        AsOf = DateTimeOffset.UnixEpoch,
    };

    private async Task<JsonElement> SaveAsync(HttpMethod method, string query, params object[] agents) =>
        await (await _front.Admin.SendAsync(method, "/api/pbx/agents" + query, new { agents })).JsonAsync();

    private async Task<List<string>> ListAsync() =>
        [.. (await (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/agents")).JsonAsync()).EnumerateArray().Select(agent => $"{agent.Text("id")} {agent.Text("extension")}")];

    private Task<HttpResponseMessage> CrmAsync(string agentId, bool dryRun = false) =>
        _front.Admin.SendAsync(HttpMethod.Post, "/api/call/originate", new { agentId, destination = "0601020304", dryRun });
}
