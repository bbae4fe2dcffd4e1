using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using PbxGrains.Simulator;
using PbxGrains.Testing;

namespace PbxGrains.EndToEnd.Tests.Running;

/// <summary>
/// The product as an operator runs it: processes, PostgreSQL, and simulated PBXs with TLS that print the odd Host header
/// of the official samples.
/// </summary>
internal sealed class Installation : IAsyncDisposable
{
    private readonly PostgresDatabase _database;
    private readonly DirectoryInfo _folder;
    private readonly List<HostProcess> _processes = [];
    private readonly List<int> _reportPorts = [];
    private readonly int _reportPort = FreePort.Next();

    private readonly IReadOnlyDictionary<string, string> _settings;

    private Installation(PostgresDatabase database, DirectoryInfo folder, SimulatedFleet fleet, IReadOnlyDictionary<string, string>? settings)
    {
        _database = database;
        _folder = folder;
        _settings = settings ?? new Dictionary<string, string>(StringComparer.Ordinal);
        Fleet = fleet;
    }

    public SimulatedFleet Fleet { get; }

    /// <summary>The front, the first of several: the PBXs report to it. Started by <see cref="StartFrontAsync"/>.</summary>
    public HostProcess Front { get; private set; } = null!;

    /// <summary>Ports of the report listeners, front by front.</summary>
    public IReadOnlyList<int> ReportPorts => _reportPorts;

    /// <summary>Folder of the keys that encrypt the PBXs' passwords.</summary>
    public string KeyFolder => Path.Combine(_folder.FullName, "keys");

    public string AdminKeyFile => Path.Combine(_folder.FullName, "admin.key");

    public string ConnectionString => _database.ConnectionString;

    /// <summary>Makes everything around the processes.</summary>
    /// <param name="fleet">The simulated PBXs; null for one.</param>
    /// <param name="settings">Further settings of every process, as environment variables.</param>
    public static async Task<Installation> CreateAsync(FleetOptions? fleet = null, IReadOnlyDictionary<string, string>? settings = null)
    {
        var database = await PostgresDatabase.CreateAsync();
        var folder = Directory.CreateTempSubdirectory("pbxgrains-e2e-");
        var simulated = await SimulatedFleet.StartAsync((fleet ?? new FleetOptions { Sites = 1, Extensions = 5 }) with { Port = 0 }, TimeProvider.System, CancellationToken.None);
        return new Installation(database, folder, simulated, settings);
    }

    /// <summary>Starts a worker silo.</summary>
    /// <param name="program">Its program without <c>.dll</c>; of this version unless another one is named.</param>
    public async Task<HostProcess> StartSiloAsync(string program = "PbxGrains.Silo")
    {
        var port = FreePort.Next();
        var environment = Common();
        environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        return Keep(await HostProcess.StartAsync(program, port, environment));
    }

    /// <summary>Starts the front, or one more, as a silo or as a pure client of the cluster.</summary>
    public async Task<HostProcess> StartFrontAsync(string hosting, string program = "PbxGrains.Front")
    {
        var port = FreePort.Next();
        var reportPort = Front is null ? _reportPort : FreePort.Next();
        _reportPorts.Add(reportPort);
        var environment = Common();
        environment["Front__Hosting"] = hosting;
        environment["Front__Port"] = port.ToString(CultureInfo.InvariantCulture);
        environment["Front__ReportPort"] = reportPort.ToString(CultureInfo.InvariantCulture);
        environment["Front__AdminKeyFile"] = AdminKeyFile;
        var front = Keep(await HostProcess.StartAsync(program, port, environment));
        front.Http.DefaultRequestHeaders.Authorization = new("Bearer", (await File.ReadAllTextAsync(AdminKeyFile)).Trim());
        Front ??= front;
        return front;
    }

    /// <summary>Registers a simulated PBX.</summary>
    public async Task RegisterAsync(string id, SimulatedPbx pbx, string? password = null)
    {
        using var answer = await Front.Http.PutAsJsonAsync(new Uri($"/api/pbx/sites/{id}", UriKind.Relative), new
        {
            name = id,
            address = pbx.Address.GetLeftPart(UriPartial.Authority),
            userName = pbx.UserName,
            password = password ?? pbx.Password,
            timeZone = pbx.TimeZone,
            certificatePins = new[] { pbx.CertificatePin },
        });
        (await answer.Content.ReadAsStringAsync()).Should().Contain("webhook");
        answer.IsSuccessStatusCode.Should().BeTrue();
    }

    public async Task<JsonNode> GetAsync(string path) => (await Front.Http.GetFromJsonAsync<JsonNode>(new Uri(path, UriKind.Relative)))!;

    /// <summary>Waits until a resource is as wanted.</summary>
    public async Task<(JsonNode Resource, TimeSpan Took)> WaitAsync(string path, Func<JsonNode, bool> wanted, string what, TimeSpan? timeout = null, HostProcess? front = null)
    {
        JsonNode? resource = null;
        var took = await Eventually.Holds(
            async () =>
            {
                using var answer = await (front ?? Front).Http.GetAsync(new Uri(path, UriKind.Relative));
                if (!answer.IsSuccessStatusCode)
                {
                    return false;
                }

                resource = await answer.Content.ReadFromJsonAsync<JsonNode>();
                return wanted(resource!);
            },
            what,
            timeout);
        return (resource!, took);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        await Fleet.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private Dictionary<string, string> Common() => new(_settings, StringComparer.Ordinal)
    {
        ["ConnectionStrings__Pbx"] = _database.ConnectionString + ";Maximum Pool Size=10",
        ["Cluster__SiloPort"] = FreePort.Next().ToString(CultureInfo.InvariantCulture),
        ["Cluster__GatewayPort"] = FreePort.Next().ToString(CultureInfo.InvariantCulture),
        ["DataProtection__Folder"] = KeyFolder,
        ["Recordings__Folder"] = Path.Combine(_folder.FullName, "recordings"),
        ["Pbx__ReportAddress"] = $"127.0.0.1:{_reportPort}",
    };

    private HostProcess Keep(HostProcess process)
    {
        _processes.Add(process);
        return process;
    }
}
