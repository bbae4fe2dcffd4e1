using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;

namespace PbxGrains.Hosting.Cluster;

/// <summary>
/// What a host logs unless its configuration says otherwise: our own words, and of the libraries only what is wrong.
/// Each poll and each request would else write several lines.
/// </summary>
internal static class LogLevels
{
    private const string Section = "Logging:LogLevel:";

    private static readonly string[] Quiet = ["Microsoft.AspNetCore", "Npgsql", "Orleans", "Polly", "System.Net.Http"];

    /// <summary>Puts the defaults below everything the host was configured with.</summary>
    public static void AddDefaults(IConfigurationBuilder configuration) =>
        configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = Quiet.Select(library => KeyValuePair.Create(Section + library, (string?)"Warning")).ToList(),
        });
}
