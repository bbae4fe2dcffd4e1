using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using PbxGrains.Benchmarks.Running;
using PbxGrains.Testing;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Benchmarks.Polling;

/// <summary>The simulated PBXs, as a process of their own: plain HTTP, the newer dialect, fifty extensions each, no calls.</summary>
internal sealed class SiteFleet : IAsyncDisposable
{
    /// <summary>Extensions of each PBX.</summary>
    public const int Extensions = 50;

    /// <summary>API user of every PBX.</summary>
    public const string UserName = "api";

    private const string ListPath = "v2.0.0/extension/list";
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(120);

    private readonly HttpClient _control;

    private SiteFleet(PinnedProcess process, int sites, int port, int controlPort)
    {
        Process = process;
        Sites = sites;
        Port = port;
        _control = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{controlPort}") };
    }

    /// <summary>What the wire carries in place of the password.</summary>
    public static string PasswordDigest { get; } = PbxPassword.FromPlainText("Password1").Reveal();

    /// <summary>Number of PBXs.</summary>
    public int Sites { get; }

    /// <summary>Port of every PBX.</summary>
    public int Port { get; }

    /// <summary>The process.</summary>
    public PinnedProcess Process { get; }

    /// <summary>Where the simulator puts its PBX of an index.</summary>
    public static Uri AddressOf(int index, int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.{1 + (index % 250)}.{index / 250}.254:{port}"));

    /// <summary>Starts them; all accept connections when it returns.</summary>
    public static async Task<SiteFleet> StartAsync(int sites, int? core)
    {
        var (port, controlPort) = (FreePort.Next(), FreePort.Next());
        string[] arguments =
        [
            "--plain-http", "--firmware", "30.13.0.30", "--user", UserName,
            "--sites", Written(sites), "--extensions", Written(Extensions), "--port", Written(port),
            "--control", $"http://127.0.0.1:{controlPort}",
        ];
        var fleet = new SiteFleet(PinnedProcess.Start(Programs.Simulator, core, environment: null, arguments), sites, port, controlPort);
        try
        {
            await fleet.Process.UntilAsync(() => Task.FromResult(fleet.Process.Output.Contains("simulator ready", StringComparison.Ordinal)), "the simulated PBXs are ready", StartsWithin);
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>From now on each list of extensions is all new, or none is.</summary>
    public async Task FlapAsync(bool on, CancellationToken ct)
    {
        using var answer = await _control.PutAsJsonAsync(new Uri("/sim/faults", UriKind.Relative), new { telephonesFlap = on }, ct);
        _ = answer.EnsureSuccessStatusCode();
    }

    /// <summary>Requests of a kind so far, of all PBXs together.</summary>
    public async Task<FleetCount> CountAsync(CancellationToken ct)
    {
        using var counters = JsonDocument.Parse(await _control.GetStreamAsync(new Uri("/sim/counters", UriKind.Relative), ct));
        var requests = counters.RootElement.GetProperty("requests").EnumerateObject().ToList();
        return new FleetCount(
            requests.Where(path => path.NameEquals(ListPath)).Sum(path => path.Value.GetInt64()),
            requests.Where(path => path.Name.Contains("/cdr/", StringComparison.Ordinal)).Sum(path => path.Value.GetInt64()),
            counters.RootElement.GetProperty("loginsTried").GetInt64(),
            [.. counters.RootElement.GetProperty("secondsSinceListed").EnumerateArray().Select(since => since.ValueKind is JsonValueKind.Number ? since.GetDouble() : (double?)null)]);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        await Process.DisposeAsync();
    }

    private static string Written(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What PBXs were asked so far.</summary>
/// <param name="Lists">Lists of extensions: one in each round of polling.</param>
/// <param name="Records">Requests for call records.</param>
/// <param name="Logins">Logins.</param>
/// <param name="SecondsSinceListed">For each PBX the time since its last list; null before.</param>
internal sealed record FleetCount(long Lists, long Records, long Logins, IReadOnlyList<double?> SecondsSinceListed);
