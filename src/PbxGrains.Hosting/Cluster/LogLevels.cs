using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace PbxGrains.Hosting.Cluster;

/// <summary>
/// What a host logs unless its configuration says otherwise: our own words, and of the libraries only what is wrong.
/// Each poll and each request would else write several lines.
/// </summary>
internal static class LogLevels
{
    private static readonly string[] Quiet = ["Microsoft.AspNetCore", "Npgsql", "Orleans", "Polly", "System.Net.Http"];

    /// <summary>
    /// Adds the defaults before all other rules: of two that fit alike, the later one counts. The console's form can be
    /// configured in every host: a slim one would keep to the simple form.
    /// </summary>
    public static void AddLogLevels(this IServiceCollection services)
    {
        services.PostConfigure<LoggerFilterOptions>(options =>
        {
            foreach (var library in Quiet)
            {
                options.Rules.Insert(0, new LoggerFilterRule(providerName: null, library, LogLevel.Warning, filter: null));
            }
        });
        services.AddOptions<ConsoleLoggerOptions>().BindConfiguration("Logging:Console");
    }
}
