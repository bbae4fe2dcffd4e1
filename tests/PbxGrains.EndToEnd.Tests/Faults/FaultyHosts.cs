using System.Globalization;
using System.Net;
using Npgsql;
using PbxGrains.Testing;

namespace PbxGrains.EndToEnd.Tests.Faults;

/// <summary>
/// Two workers and two fronts, each with its own link to PostgreSQL; one, where libfaketime is installed, with a clock of its own.
/// They keep their ports over restarts, as on a machine of their own.
/// </summary>
internal sealed class FaultyHosts : IAsyncDisposable
{
    /// <summary>Workers; the fronts come after them.</summary>
    public const int Workers = 2;

    /// <summary>The one whose clock can be stepped: reading a clock that can takes longer, so not all have one.</summary>
    public const int SteppedHost = 1;

    /// <summary>Fronts.</summary>
    public const int FrontCount = 2;

    private static readonly string? FakeTime = new[] { "x86_64-linux-gnu", "aarch64-linux-gnu" }
        .Select(architecture => $"/usr/lib/{architecture}/faketime/libfaketimeMT.so.1")
        .FirstOrDefault(File.Exists);

    private readonly string _folder;
    private readonly NpgsqlConnectionStringBuilder _connection;
    private readonly int _relayPort;
    private readonly List<ServicedHost> _all = [];
    private readonly List<FaultyLink> _links = [];
    private readonly List<(int Http, int Report, int Silo, int Gateway)> _ports = [];

    public FaultyHosts(string folder, string connectionString, int relayPort)
    {
        _folder = folder;
        _relayPort = relayPort;
        _connection = new NpgsqlConnectionStringBuilder(connectionString);
        for (var i = 0; i < Workers + FrontCount; i++)
        {
            var number = i;
            _links.Add(new FaultyLink(new IPEndPoint(IPAddress.Loopback, _connection.Port)));
            _ports.Add((FreePort.Next(), FreePort.Next(), FreePort.Next(), FreePort.Next()));
            _all.Add(new ServicedHost(NameOf(i), () => StartHostAsync(number)));
        }

        SetClock(TimeSpan.Zero);
        ReportPorts = [.. _ports.Skip(Workers).Select(ports => ports.Report)];
        Fronts = [.. _ports.Skip(Workers).Select(ports => new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{ports.Http}"), Timeout = TimeSpan.FromSeconds(60) })];
    }

    /// <summary>True when the clock of a running process can be stepped here.</summary>
    public static bool CanStepClocks => FakeTime is not null;

    /// <summary>All of them, workers first.</summary>
    public IReadOnlyList<ServicedHost> All => _all;

    /// <summary>Links to PostgreSQL, in the order of <see cref="All" />.</summary>
    public IReadOnlyList<FaultyLink> Links => _links;

    /// <summary>Clients of the fronts, who may ask anything.</summary>
    public IReadOnlyList<HttpClient> Fronts { get; }

    /// <summary>Where the fronts take reports.</summary>
    public IReadOnlyList<int> ReportPorts { get; }

    /// <summary>What all of them logged as errors: each kind once, with how often.</summary>
    public IReadOnlyList<string> Errors =>
    [
        .. _all.SelectMany(host => host.Outputs)
            .SelectMany(output => output.Split('\n').Where(line => line.StartsWith("fail:", StringComparison.Ordinal) || line.StartsWith("crit:", StringComparison.Ordinal)))
            .GroupBy(line => line.Trim(), StringComparer.Ordinal)
            .Select(kind => $"{kind.Count()} x {kind.Key}")
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>How a silo's name in the cluster begins.</summary>
    public string SiloOf(int host) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_ports[host].Silo}@");

    /// <summary>Starts all, and lets the clients in.</summary>
    public async Task StartAsync()
    {
        await Task.WhenAll(_all.Select(host => host.StartAsync()));
        var key = (await File.ReadAllTextAsync(KeyFile)).Trim();
        foreach (var front in Fronts)
        {
            front.DefaultRequestHeaders.Authorization = new("Bearer", key);
        }
    }

    /// <summary>Sets the clock of <see cref="SteppedHost" /> ahead or back, or right again; it notices within a second.</summary>
    public void SetClock(TimeSpan ahead)
    {
        var fresh = ClockFile + ".new";
        File.WriteAllText(fresh, string.Create(CultureInfo.InvariantCulture, $"{ahead.TotalSeconds:+0;-0;+0}\n"));
        File.Move(fresh, ClockFile, overwrite: true);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_all.Select(host => host.DisposeAsync().AsTask()));
        foreach (var link in _links)
        {
            await link.DisposeAsync();
        }

        foreach (var front in Fronts)
        {
            front.Dispose();
        }

        // Who is killed leaves these behind, also who never became ready.
        var leftovers = CanStepClocks ? Directory.EnumerateFiles("/dev/shm", "*faketime_s*") : [];
        foreach (var left in leftovers.Where(file => !Directory.Exists($"/proc/{file[(file.LastIndexOf('_') + 1)..]}")))
        {
            File.Delete(left);
        }
    }

    private string KeyFile => Path.Combine(_folder, "admin.key");

    private static string NameOf(int host) => host < Workers ? $"worker {host}" : $"front {host - Workers}";

    private string ClockFile => Path.Combine(_folder, "clock");

    private Task<HostProcess> StartHostAsync(int number)
    {
        var ports = _ports[number];
        var environment = Common(number);
        if (number < Workers)
        {
            environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{ports.Http}";
            return HostProcess.StartAsync("PbxGrains.Silo", ports.Http, environment);
        }

        environment["Front__Port"] = ports.Http.ToString(CultureInfo.InvariantCulture);
        environment["Front__ReportPort"] = ports.Report.ToString(CultureInfo.InvariantCulture);
        environment["Front__AdminKeyFile"] = KeyFile;
        return HostProcess.StartAsync("PbxGrains.Front", ports.Http, environment);
    }

    /// <summary>What all hosts share. Periods are short: a minute shall see many of them.</summary>
    private Dictionary<string, string> Common(int number)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ConnectionStrings__Pbx"] = new NpgsqlConnectionStringBuilder(_connection.ConnectionString) { Port = _links[number].Port, MaxPoolSize = 15 }.ConnectionString,
            ["Cluster__SiloPort"] = _ports[number].Silo.ToString(CultureInfo.InvariantCulture),
            ["Cluster__GatewayPort"] = _ports[number].Gateway.ToString(CultureInfo.InvariantCulture),
            ["DataProtection__Folder"] = Path.Combine(_folder, "keys"),
            ["Recordings__Folder"] = Path.Combine(_folder, "recordings"),
            ["Subscriptions__AllowedTargets__0"] = "127.0.0.0/8",
            ["Subscriptions__Timeout"] = "00:00:04",
            ["Subscriptions__Lease"] = "00:00:08",
            ["Pbx__ReportAddress"] = $"127.0.0.1:{_relayPort}",
            ["Pbx__CatchUp"] = "00:00:05",
            ["Pbx__PushProven"] = "00:00:03",
            ["Pbx__PushSilent"] = "00:00:03",
            ["Pbx__BackoffFirst"] = "00:00:01",
            ["Pbx__BackoffLast"] = "00:00:05",
            ["Pbx__AnswerTimeout"] = "00:00:05",
            ["Pbx__Reconcile"] = "00:00:05",
            ["Pbx__StaleAfter"] = FaultOptions.StaleAfter.ToString("c", CultureInfo.InvariantCulture),
        };
        if (FakeTime is not null && number == SteppedHost)
        {
            settings["LD_PRELOAD"] = FakeTime;
            settings["FAKETIME_TIMESTAMP_FILE"] = ClockFile;
            settings["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
            settings["FAKETIME_CACHE_DURATION"] = "1";

            // With it each wait for a condition would end at once: .NET waits by the monotonic clock.
            settings["FAKETIME_FORCE_MONOTONIC_FIX"] = "0";
        }

        return settings;
    }
}
