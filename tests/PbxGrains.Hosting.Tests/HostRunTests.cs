using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace PbxGrains.Hosting.Tests;

public sealed class HostRunTests
{
    [Fact]
    public async Task A_host_that_ends_when_asked_ended_well()
    {
        (await HostRun.ToEndAsync(() => AskedToEnd(_ => Task.CompletedTask))).Should().Be(0);
    }

    [Fact]
    public async Task A_host_that_never_finishes_ending_is_left_behind()
    {
        (await HostRun.ToEndAsync(() => AskedToEnd(_ => Task.Delay(Timeout.Infinite, CancellationToken.None)))).Should().Be(HostRun.CutShort);
    }

    [Fact]
    public async Task A_host_that_was_not_asked_to_end_runs_on()
    {
        using var host = AskedToEnd(_ => Task.CompletedTask, isAsked: false);
        var run = HostRun.ToEndAsync(() => host);
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        await Task.Delay(Timeout.Infinite, lifetime.ApplicationStarted).ContinueWith(_ => { }, TestContext.Current.CancellationToken);

        run.IsCompleted.Should().BeFalse();
        lifetime.StopApplication();

        (await run).Should().Be(0);
    }

    [Fact]
    public async Task What_the_operator_can_mend_is_refused_and_what_he_cannot_is_thrown()
    {
        (await HostRun.ToEndAsync(() => Failing(new StartRefusedException("Set it.")))).Should().Be(HostRun.Refused);
        await FluentActions.Awaiting(() => HostRun.ToEndAsync(() => Failing(new InvalidDataException("Broken.")))).Should().ThrowAsync<InvalidDataException>();
    }

    private static IHost AskedToEnd(Func<CancellationToken, Task> end, bool isAsked = true) =>
        Host(services => services.AddHostedService(provider => new Part(
            isAsked ? provider.GetRequiredService<IHostApplicationLifetime>().StopApplication : () => { },
            end)));

    private static IHost Failing(Exception why) => Host(services => services.AddHostedService(_ => new Part(() => throw why, _ => Task.CompletedTask)));

    private static IHost Host(Action<IServiceCollection> add)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(50));
        add(builder.Services);
        return builder.Build();
    }

    private sealed class Part(Action start, Func<CancellationToken, Task> end) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            start();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => end(cancellationToken);
    }
}
