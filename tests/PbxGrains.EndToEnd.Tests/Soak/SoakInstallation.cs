using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Npgsql;
using PbxGrains.Simulator;
using PbxGrains.Testing;

namespace PbxGrains.EndToEnd.Tests.Soak;

/// <summary>
/// The product to be tormented: a front that is a pure client, worker silos that may be killed, a PostgreSQL that may be
/// restarted, and PBXs in several zones, of both dialects, one with a clock that is wrong.
/// </summary>
internal sealed class SoakInstallation : IAsyncDisposable
{
    /// <summary>Worker silos.</summary>
    public const int SiloCount = 2;

    private const int StartTries = 5;

    private static readonly string[] Zones = ["Europe/Paris", "America/New_York", "Asia/Kolkata", "UTC"];
    private static readonly TimeSpan WrongClock = TimeSpan.FromMinutes(7);

    private readonly DirectoryInfo _folder;
    private readonly HostProcess?[] _silos = new HostProcess?[SiloCount];
    private readonly ConcurrentQueue<string> _outputOfTheKilled = [];
    private readonly ReportRelay _relay = new();
    private OwnPostgres _postgres = null!;
    private NpgsqlDataSource _database = null!;
    private SimulatedFleet _fleet = null!;
    private HostProcess _front = null!;
    private string _connectionString = "";

    private SoakInstallation(DirectoryInfo folder) => _folder = folder;

    public OwnPostgres Postgres => _postgres;

    public NpgsqlDataSource Database => _database;

    public ReportRelay Relay => _relay;

    /// <summary>The PBXs; number i is the site <see cref="SiteOf" />.</summary>
    public IReadOnlyList<SimulatedPbx> Pbxs => _fleet.Pbxs;

    /// <summary>All that the hosts printed last, for a failure's sake.</summary>
    public string LastWords => string.Join(Environment.NewLine, _silos.Append(_front).OfType<HostProcess>().Select(host => string.Join('\n', host.Output.Split('\n').TakeLast(15))));

    /// <summary>What all hosts, the killed ones too, logged as errors: each kind once, with how often.</summary>
    public IReadOnlyList<string> Errors =>
    [
        .. _silos.Append(_front).OfType<HostProcess>().Select(host => host.Output).Concat(_outputOfTheKilled)
            .SelectMany(output => output.Split('\n').Where(line => line.StartsWith("fail:", StringComparison.Ordinal) || line.StartsWith("crit:", StringComparison.Ordinal)))
            .GroupBy(line => line.Trim(), StringComparer.Ordinal)
            .Select(kind => $"{kind.Count()} x {kind.Key}")
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Site id of a PBX.</summary>
    public static string SiteOf(int index) => string.Create(CultureInfo.InvariantCulture, $"site-{index}");

    /// <summary>Starts everything and waits until each site is online.</summary>
    public static async Task<SoakInstallation> StartAsync(SoakOptions options)
    {
        var installation = new SoakInstallation(options.Folder is { } folder ? Directory.CreateDirectory(folder) : Directory.CreateTempSubdirectory("pbxgrains-soak-"));
        try
        {
            await installation.StartPartsAsync(options);
            return installation;
        }
        catch
        {
            await installation.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends a silo without giving it a chance: SIGKILL.</summary>
    public async Task KillSiloAsync(int number)
    {
        if (Interlocked.Exchange(ref _silos[number], null) is { } silo)
        {
            await silo.DisposeAsync();
            _outputOfTheKilled.Enqueue(silo.Output);
        }
    }

    /// <summary>Starts a silo in place of a killed one, as its service manager would: again and again while it does not start.</summary>
    public async Task StartSiloAsync(int number)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var port = FreePort.Next();
                var environment = Common();
                environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
                _silos[number] = await HostProcess.StartAsync("PbxGrains.Silo", port, environment);
                return;
            }
            catch (InvalidOperationException) when (attempt < StartTries)
            {
                // The database is just away, for example.
            }
        }
    }

    /// <summary>Health of each site.</summary>
    public async Task<IReadOnlyList<string?>> HealthAsync()
    {
        var health = new List<string?>();
        for (var i = 0; i < Pbxs.Count; i++)
        {
            using var answer = await _front.Http.GetAsync(new Uri($"/api/pbx/sites/{SiteOf(i)}", UriKind.Relative));
            health.Add(answer.IsSuccessStatusCode ? (await answer.Content.ReadFromJsonAsync<JsonNode>())!["status"]?["health"]?.GetValue<string>() : null);
        }

        return health;
    }

    public async ValueTask DisposeAsync()
    {
        for (var i = 0; i < SiloCount; i++)
        {
            await KillSiloAsync(i);
        }

        if (_front is not null)
        {
            await _front.DisposeAsync();
        }

        await _relay.DisposeAsync();
        if (_fleet is not null)
        {
            await _fleet.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    /// <summary>Starts the parts one after the other.</summary>
    private async Task StartPartsAsync(SoakOptions options)
    {
        _postgres = new OwnPostgres(_folder.FullName);
        _connectionString = await _postgres.StartAsync();
        _database = NpgsqlDataSource.Create(_connectionString + ";Maximum Pool Size=10;Timeout=5;Command Timeout=10");
        _fleet = await StartFleetAsync(options);
        await Task.WhenAll(Enumerable.Range(0, SiloCount).Select(StartSiloAsync));
        await StartFrontAsync();
        for (var i = 0; i < Pbxs.Count; i++)
        {
            await RegisterAsync(SiteOf(i), Pbxs[i]);
        }

        _ = await Eventually.Holds(async () => (await HealthAsync()).All(health => health == "online"), "every site is online", TimeSpan.FromMinutes(2));
    }

    private static async Task<SimulatedFleet> StartFleetAsync(SoakOptions options)
    {
        var plain = new FleetOptions
        {
            Sites = 0,
            Port = 0,
            Extensions = SoakPlan.Extensions,
            Seed = options.Seed,
            RingTimeout = TimeSpan.FromSeconds(2),
            ReportRepeatInterval = TimeSpan.FromSeconds(1),
            ReportTimeout = TimeSpan.FromSeconds(5),
            ReportParallelism = 2,
        };
        var fleet = await SimulatedFleet.StartAsync(plain, TimeProvider.System, CancellationToken.None);
        for (var i = 0; i < options.Sites; i++)
        {
            _ = await fleet.AddPbxAsync(plain with { TimeZone = Zones[i % Zones.Length] });
        }

        if (options.Sites > 1)
        {
            fleet.Pbxs[1].Faults.ClockSkew = WrongClock;
        }

        return fleet;
    }

    private async Task StartFrontAsync()
    {
        var port = FreePort.Next();
        var keyFile = Path.Combine(_folder.FullName, "admin.key");
        _relay.FrontPort = FreePort.Next();
        _relay.Records = new AcknowledgedRecords(_database);
        var environment = Common();
        environment["Front__Hosting"] = "client";
        environment["Front__Port"] = port.ToString(CultureInfo.InvariantCulture);
        environment["Front__ReportPort"] = _relay.FrontPort.ToString(CultureInfo.InvariantCulture);
        environment["Front__AdminKeyFile"] = keyFile;
        _front = await HostProcess.StartAsync("PbxGrains.Front", port, environment);
        _front.Http.DefaultRequestHeaders.Authorization = new("Bearer", (await File.ReadAllTextAsync(keyFile)).Trim());
    }

    private async Task RegisterAsync(string id, SimulatedPbx pbx)
    {
        using var answer = await _front.Http.PutAsJsonAsync(new Uri($"/api/pbx/sites/{id}", UriKind.Relative), new
        {
            name = id,
            address = pbx.Address.GetLeftPart(UriPartial.Authority),
            userName = pbx.UserName,
            password = pbx.Password,
            timeZone = pbx.TimeZone,
            certificatePins = new[] { pbx.CertificatePin },
        });
        answer.IsSuccessStatusCode.Should().BeTrue(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>What all hosts share. Periods are short: a soak of a minute shall see many of them.</summary>
    private Dictionary<string, string> Common() => new(StringComparer.Ordinal)
    {
        ["ConnectionStrings__Pbx"] = _connectionString + ";Maximum Pool Size=15",
        ["Cluster__SiloPort"] = FreePort.Next().ToString(CultureInfo.InvariantCulture),
        ["Cluster__GatewayPort"] = FreePort.Next().ToString(CultureInfo.InvariantCulture),
        ["DataProtection__Folder"] = Path.Combine(_folder.FullName, "keys"),
        ["Pbx__ReportAddress"] = $"127.0.0.1:{_relay.Port}",
        ["Pbx__CatchUp"] = "00:00:05",
        ["Pbx__PushProven"] = "00:00:03",
        ["Pbx__PushSilent"] = "00:00:03",
        ["Pbx__BackoffFirst"] = "00:00:01",
        ["Pbx__BackoffLast"] = "00:00:05",
        ["Pbx__AnswerTimeout"] = "00:00:05",
        ["Pbx__Reconcile"] = "00:00:05",
    };
}
