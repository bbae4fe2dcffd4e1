using Microsoft.Extensions.Logging.Abstractions;
using PbxGrains.Contracts;
using PbxGrains.Grains.Sites;
using PbxGrains.Simulator;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Tests.Sites;

public sealed class SiteSessionTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nobody_logs_in_with_credentials_that_are_being_replaced()
    {
        await using var fleet = await SimulatedFleet.StartAsync(new FleetOptions { Sites = 1, Extensions = 1, Port = 0, Https = false }, TimeProvider.System, Ct);
        var pbx = fleet.Pbxs[0];
        var connector = new PbxConnector(TimeProvider.System);
        using var session = Session(connector);
        var old = Configuration(pbx, rowVersion: 1);
        _ = await session.EnsureAsync(old, Ct);
        session.Drop(session.Client);
        pbx.Password = "New-Password-1";

        // The session is gone, so the round that begins now would log in, while the proof is another login on the wire.
        var (round, proof) = await session.WithoutLoginsAsync(
            async () =>
            {
                var waiting = session.EnsureAsync(old, Ct);
                var proven = await connector.ConnectAsync(Configuration(pbx, rowVersion: 2).Connection!, Ct);
                await session.CloseAsync(validFrom: 2);
                return (waiting, proven);
            },
            Ct);

        proof.Succeeded.Should().BeTrue();
        (await round).Succeeded.Should().BeFalse("its configuration no longer holds");
        pbx.Counters.LoginsFailed.Should().Be(0);
        (await session.EnsureAsync(Configuration(pbx, rowVersion: 2), Ct)).Succeeded.Should().BeTrue();
        pbx.Counters.LoginsTried.Should().Be(3);
    }

    [Fact]
    public async Task Two_replacements_come_one_after_the_other()
    {
        using var session = Session(new PbxConnector(TimeProvider.System));
        var first = new TaskCompletionSource<int>();

        var one = session.WithoutLoginsAsync(() => first.Task, Ct);
        var began = false;
        var two = session.WithoutLoginsAsync(() => Task.FromResult(began = true), Ct);

        began.Should().BeFalse();
        first.SetException(new InvalidOperationException("This one failed."));
        await FluentActions.Awaiting(() => one).Should().ThrowAsync<InvalidOperationException>();
        (await two).Should().BeTrue("a failure lets the next one in");
    }

    private static SiteSession Session(PbxConnector connector) => new(
        connector,
        new LoginBudget(new LoginRecord()),
        _ => Task.CompletedTask,
        new SiteHealthBook(SiteId.Parse("paris"), DateTimeOffset.UtcNow, NullLogger.Instance),
        TimeProvider.System,
        CancellationToken.None);

    private static SiteConfiguration Configuration(SimulatedPbx pbx, long rowVersion) => new()
    {
        Site = SiteId.Parse("paris"),
        RowVersion = rowVersion,
        CredentialsVersion = rowVersion,
        Connection = new PbxConnection
        {
            Address = pbx.Address,
            UserName = pbx.UserName,
            Password = PbxPassword.FromPlainText(pbx.Password),
            AllowPlainHttp = true,
            ConnectTimeout = TimeSpan.FromMinutes(1),
            AnswerTimeout = TimeSpan.FromMinutes(1),
        },
        Periods = new PollPeriods
        {
            Busy = TimeSpan.FromSeconds(1),
            PushSilent = TimeSpan.FromSeconds(1),
            PushProven = TimeSpan.FromSeconds(1),
            BackoffFirst = TimeSpan.FromSeconds(1),
            BackoffLast = TimeSpan.FromSeconds(1),
            Heartbeat = TimeSpan.FromMinutes(5),
            StaleAfter = TimeSpan.FromMinutes(5),
            CatchUp = TimeSpan.FromMinutes(5),
        },
        Suspended = false,
        Zone = TimeZoneInfo.Utc,
    };
}
