using System.Net;
using PbxGrains.Contracts.Sites;
using PbxGrains.Front.Tests.Lab;

namespace PbxGrains.Front.Tests.Sites;

public sealed class SiteCredentialsTests : IAsyncLifetime
{
    private const string Route = "/api/pbx/sites/paris/credentials";

    private FrontLab _front = null!;

    public async ValueTask InitializeAsync()
    {
        _front = await FrontLab.StartAsync();
        await _front.RegisterAsync("paris");
    }

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    [Fact]
    public async Task Credentials_the_actor_proved_are_answered_with_the_site_and_the_proof()
    {
        var changed = await (await _front.Admin.SendAsync(HttpMethod.Put, Route, new { userName = "api2", password = "test" })).JsonAsync();

        changed.GetProperty("site").Text("siteId").Should().Be("paris");
        changed.GetProperty("proof").Text("reached").Should().Be("done");
        changed.ToString().Should().NotContain("098f6bcd4621d373cade4e832627b4f6");
        _front.Site("paris").NewCredentials.Single().Should().BeEquivalentTo(new { UserName = "api2", PasswordMd5 = "098f6bcd4621d373cade4e832627b4f6" });
        _front.Logs.Text.Should().NotContain("098f6bcd4621d373cade4e832627b4f6");
    }

    [Fact]
    public async Task Credentials_that_were_not_proven_are_refused_with_the_step_that_failed()
    {
        _front.Site("paris").Change = () => new CredentialsChange(
            CredentialsOutcome.NotProven, new SiteProbeResult { Reached = SiteProbeStep.Login, Failure = "wrong-credentials", Message = "User or password is wrong." });

        var problem = await (await _front.Admin.SendAsync(HttpMethod.Put, Route, new { password = "test" })).ProblemAsync(HttpStatusCode.Conflict, "credentials-not-proven");

        problem.Text("detail").Should().Contain("User or password is wrong.").And.Contain("Nothing was changed");
        problem.Text("reached").Should().Be("login");
        problem.Text("failure").Should().Be("wrong-credentials");
        _front.Site("paris").NewCredentials.Single().UserName.Should().BeNull();
    }

    [Fact]
    public async Task A_change_by_somebody_else_meanwhile_wins()
    {
        _front.Site("paris").Change = () => new CredentialsChange(CredentialsOutcome.ChangedMeanwhile);

        await (await _front.Admin.SendAsync(HttpMethod.Put, Route, new { password = "test" })).ProblemAsync(HttpStatusCode.Conflict, "credentials-changed-meanwhile");
    }

    [Fact]
    public async Task An_actor_that_does_not_answer_leaves_the_outcome_unknown()
    {
        _front.Site("paris").Change = () => throw new TimeoutException();

        await (await _front.Admin.SendAsync(HttpMethod.Put, Route, new { password = "test" })).ProblemAsync(HttpStatusCode.GatewayTimeout, "outcome-unknown");
    }

    [Fact]
    public async Task What_cannot_be_tried_reaches_no_actor()
    {
        var problem = await (await _front.Admin.SendAsync(HttpMethod.Put, Route, new { userName = " " })).ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        problem.GetProperty("errors").EnumerateObject().Select(e => e.Name).Should().BeEquivalentTo("userName", "password");

        await (await _front.Admin.SendAsync(HttpMethod.Put, "/api/pbx/sites/lyon/credentials", new { password = "test" })).ProblemAsync(HttpStatusCode.NotFound, "site-unknown");
        (await _front.Anonymous.SendAsync(HttpMethod.Put, Route, new { password = "test" })).StatusCode.Should().Be(HttpStatusCode.Unauthorized);

        _front.Site("paris").NewCredentials.Should().BeEmpty();
    }
}
