using System.Net;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Front.Tests.Lab;

namespace PbxGrains.Front.Tests.Calls;

public sealed class CallsTests : IAsyncLifetime
{
    private static readonly Guid Id = Guid.Parse("0195d4a2-0000-7000-8000-000000000001");

    private FrontLab _front = null!;

    public async ValueTask InitializeAsync()
    {
        _front = await FrontLab.StartAsync();
        await _front.RegisterAsync("paris");
    }

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    [Fact]
    public async Task An_accepted_call_is_created_under_its_call_id()
    {
        _front.Site("paris").Outcome = () => new OriginateOutcome { OriginateId = Id, State = OriginateState.Accepted, CallId = CallId.Parse("1700000000.10"), Reference = "R1" };

        var response = await StartAsync(new { extension = "0010", destination = " 0601020304 ", autoAnswer = true, reference = "R1" }, ("Idempotency-Key", "key-1"));

        response.Headers.Location!.ToString().Should().Be("/api/pbx/sites/paris/calls/1700000000.10");
        var call = await response.JsonAsync(HttpStatusCode.Created);
        call.Text("state").Should().Be("accepted");
        call.Text("callId").Should().Be("1700000000.10");
        call.GetProperty("originateId").GetGuid().Should().Be(Id);
        _front.Site("paris").Originates.Single().Should().Be(new OriginateRequest { Extension = ExtensionNumber.Parse("0010"), Destination = "0601020304", AutoAnswer = true, Reference = "R1", IdempotencyKey = "key-1" });
    }

    [Fact]
    public async Task A_dry_run_and_a_lost_answer_are_told_apart_from_a_call()
    {
        _front.Site("paris").Outcome = () => new OriginateOutcome { OriginateId = Id, State = OriginateState.Possible, Checks = [new(OriginateCheckKind.Site, OriginateVerdict.Pass, "site-online", "The site is online.")] };
        var verdict = await (await StartAsync(new { extension = "1000", destination = "1001", dryRun = true })).JsonAsync();
        verdict.Text("state").Should().Be("possible");
        verdict.GetProperty("checks").EnumerateArray().Select(check => $"{check.Text("check")} {check.Text("verdict")} {check.Text("finding")}").Should().Equal("agent skipped no-agent-named", "site pass site-online");

        _front.Site("paris").Outcome = () => new OriginateOutcome { OriginateId = Id, State = OriginateState.Unknown, Message = "Lost." };
        var lost = await StartAsync(new { extension = "1000", destination = "1001" });
        lost.Headers.Location!.ToString().Should().Be($"/api/pbx/sites/paris/originates/{Id}");
        (await lost.JsonAsync(HttpStatusCode.Accepted)).Text("state").Should().Be("unknown");
    }

    [Theory]
    [InlineData(OriginateRefusal.SiteUnknown, 404, "site-unknown")]
    [InlineData(OriginateRefusal.ExtensionUnknown, 404, "extension-unknown")]
    [InlineData(OriginateRefusal.ExtensionUnregistered, 409, "extension-unregistered")]
    [InlineData(OriginateRefusal.ExtensionBusy, 409, "extension-busy")]
    [InlineData(OriginateRefusal.NotPermitted, 403, "not-permitted")]
    [InlineData(OriginateRefusal.DestinationRejected, 422, "destination-rejected")]
    [InlineData(OriginateRefusal.PbxUnreachable, 503, "pbx-unreachable")]
    [InlineData(OriginateRefusal.CredentialsRejected, 503, "credentials-rejected")]
    [InlineData(OriginateRefusal.SiteSuspended, 409, "site-suspended")]
    [InlineData(OriginateRefusal.PbxRefused, 502, "pbx-refused")]
    [InlineData(OriginateRefusal.IdempotencyConflict, 409, "idempotency-conflict")]
    [InlineData(OriginateRefusal.NotStarted, 504, "not-started")]
    public async Task Every_refusal_is_a_problem_of_its_own(OriginateRefusal refusal, int status, string code)
    {
        _front.Site("paris").Outcome = () => new OriginateOutcome { OriginateId = Id, State = OriginateState.Refused, Refusal = refusal, PbxErrorCode = "30001" };

        var response = await StartAsync(new { extension = "1000", destination = "1001" });

        response.Headers.RetryAfter.Should().Match(r => r != null == (refusal == OriginateRefusal.PbxUnreachable));
        var problem = await response.ProblemAsync((HttpStatusCode)status, code);
        problem.GetProperty("originateId").GetGuid().Should().Be(Id);
        problem.Text("pbxErrorCode").Should().Be("30001");
    }

    [Fact]
    public async Task A_command_whose_answer_never_came_is_unknown_and_not_repeated()
    {
        _front.Site("paris").Outcome = () => throw new TimeoutException();

        var response = await StartAsync(new { extension = "1000", destination = "1001" });

        response.Headers.RetryAfter.Should().BeNull();
        await response.ProblemAsync(HttpStatusCode.GatewayTimeout, "outcome-unknown");
        _front.Site("paris").Originates.Should().ContainSingle();
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\tb")]
    public async Task An_idempotency_key_that_is_none_is_refused(string key)
    {
        var problem = await (await StartAsync(new { extension = "1000", destination = "1001" }, ("Idempotency-Key", key))).ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");

        problem.GetProperty("errors").EnumerateObject().Single().Name.Should().Be("Idempotency-Key");
        _front.Site("paris").Originates.Should().BeEmpty();
    }

    [Fact]
    public async Task Commands_reach_the_call()
    {
        (await _front.Admin.SendAsync(HttpMethod.Delete, "/api/pbx/sites/paris/calls/1.10?extension=1000")).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await SteerAsync("transfer", new { destination = "1002" })).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await SteerAsync("hold", new { extension = "1000", on = true })).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await SteerAsync("mute", new { on = false })).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await SteerAsync("monitor", new { supervisor = "1009", mode = "whisper" })).StatusCode.Should().Be(HttpStatusCode.NoContent);

        var extension = ExtensionNumber.Parse("1000");
        _front.Site("paris").Commands.Should().Equal(
            new HangUp(extension),
            new Transfer(null, "1002"),
            new Hold(extension, On: true),
            new Mute(null, On: false),
            new Contracts.Calls.Monitor(ExtensionNumber.Parse("1009"), null, MonitorMode.Whisper));
    }

    [Theory]
    [InlineData(CallCommandResult.CallNotFound, 404, "call-unknown")]
    [InlineData(CallCommandResult.LegNotFound, 409, "leg-unknown")]
    [InlineData(CallCommandResult.Refused, 502, "pbx-refused")]
    [InlineData(CallCommandResult.PbxUnreachable, 503, "pbx-unreachable")]
    [InlineData(CallCommandResult.Unknown, 504, "outcome-unknown")]
    [InlineData(CallCommandResult.NotSupported, 501, "not-supported")]
    public async Task A_command_that_failed_is_a_problem_of_its_own(CallCommandResult result, int status, string code)
    {
        _front.Site("paris").CommandOutcome = () => new CallCommandOutcome(result, "Why.", "123");

        await (await SteerAsync("hold", new { on = true })).ProblemAsync((HttpStatusCode)status, code);
    }

    [Fact]
    public async Task The_CRM_calls_for_an_agent()
    {
        _front.Site("paris").Outcome = () => new OriginateOutcome { OriginateId = Id, State = OriginateState.Accepted, CallId = CallId.Parse("1700000000.10") };
        var agents = await (await _front.Admin.SendAsync(HttpMethod.Put, "/api/pbx/agents", new { agents = new[] { new { id = "a-1", site = "paris", extension = "1000" }, new { id = "a-2", site = "nowhere", extension = "1000" } } })).JsonAsync();
        agents.GetProperty("added").GetArrayLength().Should().Be(2);

        var call = await (await CrmAsync("a-1")).JsonAsync();
        _front.Site("paris").Originates.Last().AgentId.Should().Be("a-1", "the records of the call shall name the agent");
        call.Text("pbxCallId").Should().Be("1700000000.10");
        _front.Site("paris").Originates.Single().Extension.Value.Should().Be("1000");

        await (await CrmAsync("a-2")).ProblemAsync(HttpStatusCode.NotFound, "site-unknown");
        await (await CrmAsync("a-3")).ProblemAsync(HttpStatusCode.NotFound, "agent-unknown");
        _front.Site("paris").Outcome = () => new OriginateOutcome { OriginateId = Id, State = OriginateState.Unknown };
        var lost = await (await CrmAsync("a-1")).JsonAsync(HttpStatusCode.Accepted);
        lost.Text("pbxCallId").Should().BeNull();
        lost.Text("state").Should().Be("unknown");
    }

    [Fact]
    public async Task Agents_are_added_and_removed_one_by_one()
    {
        await (await _front.Admin.SendAsync(HttpMethod.Patch, "/api/pbx/agents", new { agents = new[] { new { id = "a-1", site = "paris", extension = "1000" } } })).JsonAsync();
        await (await _front.Admin.SendAsync(HttpMethod.Patch, "/api/pbx/agents", new { agents = new[] { new { id = "a-2", site = "paris", extension = "1001" } } })).JsonAsync();

        (await _front.Admin.SendAsync(HttpMethod.Delete, "/api/pbx/agents/a-1")).StatusCode.Should().Be(HttpStatusCode.NoContent);
        await (await _front.Admin.SendAsync(HttpMethod.Delete, "/api/pbx/agents/a-1")).ProblemAsync(HttpStatusCode.NotFound, "agent-unknown");

        (await (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/agents")).JsonAsync()).EnumerateArray().Single().Text("id").Should().Be("a-2");
        await (await _front.Admin.SendAsync(HttpMethod.Put, "/api/pbx/agents", new { agents = new[] { new { id = "a", site = "No Site", extension = "" } } })).ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    private Task<HttpResponseMessage> StartAsync(object call, params (string, string)[] headers) => _front.Admin.SendAsync(HttpMethod.Post, "/api/pbx/sites/paris/calls", call, headers);

    private Task<HttpResponseMessage> SteerAsync(string what, object body) => _front.Admin.SendAsync(HttpMethod.Post, "/api/pbx/sites/paris/calls/1.10/" + what, body);

    private Task<HttpResponseMessage> CrmAsync(string agentId) => _front.Admin.SendAsync(HttpMethod.Post, "/api/call/originate", new { agentId, destination = "0601020304" });
}
