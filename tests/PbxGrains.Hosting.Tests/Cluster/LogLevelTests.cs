using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace PbxGrains.Hosting.Tests.Cluster;

public sealed class LogLevelTests
{
    [Theory]
    [InlineData("Npgsql.Command", LogLevel.Information, false)]
    [InlineData("Npgsql.Command", LogLevel.Warning, true)]
    [InlineData("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Information, false)]
    [InlineData("Orleans.Runtime.Silo", LogLevel.Information, false)]
    [InlineData("Microsoft.Hosting.Lifetime", LogLevel.Information, true)]
    [InlineData("PbxGrains.Grains.Sites.SiteGrain", LogLevel.Information, true)]
    public void Libraries_are_quiet_and_our_own_words_are_heard(string category, LogLevel level, bool heard)
    {
        using var host = Build();

        Logger(host, category).IsEnabled(level).Should().Be(heard);
    }

    [Fact]
    public void Configuration_makes_a_library_talk()
    {
        using var host = Build(("Logging:LogLevel:Npgsql", "Debug"));

        Logger(host, "Npgsql.Command").IsEnabled(LogLevel.Debug).Should().BeTrue();
    }

    private static ILogger Logger(IHost host, string category) => host.Services.GetRequiredService<ILoggerFactory>().CreateLogger(category);

    private static IHost Build(params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration["ConnectionStrings:Pbx"] = "Host=127.0.0.1";
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)));
        builder.AddPbxCluster();
        return builder.Build();
    }
}
