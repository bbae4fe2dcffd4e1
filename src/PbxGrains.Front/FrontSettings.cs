using System.Globalization;

namespace PbxGrains.Front;

/// <summary>How a front takes part in the cluster.</summary>
public enum FrontHosting
{
    /// <summary>As a silo that hosts actors too.</summary>
    Silo,

    /// <summary>As a pure client of other silos.</summary>
    Client,
}

/// <summary>Settings of a front; configuration section <c>Front</c>.</summary>
public sealed record FrontSettings
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Front";

    /// <summary>Silo (default) or pure client.</summary>
    public FrontHosting Hosting { get; init; } = FrontHosting.Silo;

    /// <summary>Address the API listens on. The default serves this machine only; <c>0.0.0.0</c> serves every network.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>Port the API listens on; 0 lets the system pick.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>Address the report listener listens on. PBXs elsewhere need an address they can reach.</summary>
    public string ReportListenAddress { get; init; } = "127.0.0.1";

    /// <summary>Port of the report listener; <c>0</c> lets the system pick, <c>off</c> or <c>-1</c> switches it off.</summary>
    public string ReportPort { get; init; } = "8260";

    /// <summary>Reverse proxies (addresses or networks) whose <c>X-Forwarded-*</c> headers are believed. None by default.</summary>
    public IReadOnlyList<string> Proxies { get; init; } = [];

    /// <summary>
    /// File that holds an admin key. Where it holds none that lives, a new one is made at start and written there, for
    /// its owner only. Null: no key is made.
    /// </summary>
    public string? AdminKeyFile { get; init; }

    /// <summary>
    /// How long a front that was told to stop goes on answering, with <c>/health/ready</c> at 503 already: proxies and load
    /// balancers shall have noticed before it refuses connections. Give it the interval of their checks.
    /// </summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The report listener's port; null when it is off.</summary>
    /// <exception cref="InvalidOperationException">The setting is neither a port nor <c>off</c>.</exception>
    public int? ReportPortNumber() => ReportPort switch
    {
        "off" or "-1" => null,
        _ when int.TryParse(ReportPort, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535 => port,
        _ => throw new InvalidOperationException($"Front:ReportPort is '{ReportPort}': use a port, 0 for any free one, or off."),
    };
}
