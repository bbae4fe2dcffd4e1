using System.Net;
using PbxGrains.EndToEnd.Tests.Running;
using PbxGrains.Testing;

namespace PbxGrains.EndToEnd.Tests;

/// <summary>A front that is told to stop: proxies notice first, readers are sent away, then it ends.</summary>
public sealed class StoppedFrontTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_not_ready_any_more_before_it_stops_answering_and_sends_readers_away()
    {
        await using var installation = await Installation.CreateAsync(settings: new Dictionary<string, string>(StringComparer.Ordinal) { ["Front__Linger"] = "00:00:05" });
        var front = await installation.StartFrontAsync("silo");
        await installation.RegisterAsync("paris", installation.Fleet.Pbxs[0]);
        _ = await installation.WaitAsync("/api/pbx/sites/paris", s => s["status"]?["health"]?.GetValue<string>() == "online", "the site is online");
        using var stream = new StreamReader(await front.Http.GetStreamAsync(new Uri("/api/pbx/events", UriKind.Relative), Ct));
        (await stream.ReadLineAsync(Ct)).Should().Be(": connected");

        var stopping = front.TerminateAsync();

        _ = await Eventually.Holds(async () => await StatusAsync(front) == HttpStatusCode.ServiceUnavailable, "it is alive and not ready");
        (await stream.ReadToEndAsync(Ct)).Should().EndWith(": this front stops; resume with Last-Event-ID\n\n");
        using var again = await front.Http.GetAsync(new Uri("/api/pbx/events", UriKind.Relative), Ct);
        again.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await again.Content.ReadAsStringAsync(Ct)).Should().Contain("front-stops");
        _ = await stopping;
        installation.Fleet.Pbxs[0].Counters.LiveSessions.Should().Be(0, "it was alone, and logged out");
    }

    private static async Task<HttpStatusCode?> StatusAsync(HostProcess front)
    {
        using var answer = await front.Http.GetAsync(new Uri("/health/ready", UriKind.Relative), Ct);
        return answer.StatusCode;
    }
}
