using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;

namespace PbxGrains.Hosting.Logging;

/// <summary>Log levels that let an operator read what happens to the sites instead of the platform's own chatter.</summary>
internal static class QuietDefaults
{
    /// <summary>Adds them below every other source, so that any configured level wins.</summary>
    public static void AddQuietDefaults(this IConfigurationManager configuration) =>
        configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Logging:LogLevel:Default"] = "Information",
                ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
                ["Logging:LogLevel:Microsoft.Orleans"] = "Warning",
                ["Logging:LogLevel:Orleans"] = "Warning",
                ["Logging:LogLevel:Npgsql"] = "Warning",
            },
        });
}
