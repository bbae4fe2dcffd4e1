using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using PbxGrains.Benchmarks.Load;
using PbxGrains.Testing;

namespace PbxGrains.Benchmarks.Running;

/// <summary>
/// The product with many sites: a front process on a database of its own. Nobody answers at the PBXs' addresses, so that
/// what is measured is the way of a report and nothing else.
/// </summary>
internal sealed class ProductUnderTest : IAsyncDisposable
{
    private static readonly string Front = Path.Combine(Fixtures.RepositoryRoot, "src", "PbxGrains.Front", "bin", "Release", "net10.0", "PbxGrains.Front");

    private readonly PostgresDatabase _database;
    private readonly DirectoryInfo _folder;
    private readonly HttpClient _reports = new();
    private readonly List<Uri> _addresses = [];
    private HostProcess _front = null!;

    private ProductUnderTest(PostgresDatabase database, DirectoryInfo folder)
    {
        _database = database;
        _folder = folder;
    }

    /// <summary>Talks to the front as an administrator.</summary>
    public HttpClient Http => _front.Http;

    /// <summary>The front's process.</summary>
    public int ProcessId => _front.Id;

    /// <summary>Port of the API, whose connections stay open; the report listener closes each, as PBXs expect.</summary>
    public int Port => _front.Port;

    /// <summary>The database it works on.</summary>
    public string ConnectionString => _database.ConnectionString;

    /// <summary>Where each site's reports go, secret included.</summary>
    public IReadOnlyList<string> ReportPaths => [.. _addresses.Select(address => address.OriginalString)];

    /// <summary>Starts it and registers the sites.</summary>
    public static async Task<ProductUnderTest> StartAsync(int sites, CancellationToken ct)
    {
        var product = new ProductUnderTest(await PostgresDatabase.CreateAsync(), Directory.CreateTempSubdirectory("pbxgrains-bench-"));
        try
        {
            await product.StartFrontAsync(ct);
            for (var i = 0; i < sites; i++)
            {
                await product.RegisterAsync(i, ct);
            }

            return product;
        }
        catch
        {
            await product.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a report as its PBX would; false when it is refused.</summary>
    public async Task<bool> PostAsync(CallReport report, CancellationToken ct)
    {
        using var body = new ByteArrayContent(report.Body);
        using var answer = await _reports.PostAsync(_addresses[report.Site], body, ct);
        return answer.IsSuccessStatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        _reports.Dispose();
        if (_front is not null)
        {
            await _front.DisposeAsync();
        }

        await _database.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task StartFrontAsync(CancellationToken ct)
    {
        var port = FreePort.Next();
        var reportPort = FreePort.Next();
        var keyFile = Path.Combine(_folder.FullName, "admin.key");
        _front = await HostProcess.StartAsync(Front, port, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ConnectionStrings__Pbx"] = _database.ConnectionString + ";Maximum Pool Size=30",
            ["Cluster__SiloPort"] = Written(FreePort.Next()),
            ["Cluster__GatewayPort"] = Written(FreePort.Next()),
            ["DataProtection__Folder"] = Path.Combine(_folder.FullName, "keys"),
            ["Recordings__Folder"] = Path.Combine(_folder.FullName, "recordings"),
            ["Pbx__ReportAddress"] = $"127.0.0.1:{reportPort}",
            ["Front__Port"] = Written(port),
            ["Front__ReportPort"] = Written(reportPort),
            ["Front__AdminKeyFile"] = keyFile,
            ["Subscriptions__AllowedTargets__0"] = "127.0.0.0/8",
        });
        Http.DefaultRequestHeaders.Authorization = new("Bearer", (await File.ReadAllTextAsync(keyFile, ct)).Trim());
        _reports.BaseAddress = new Uri($"http://127.0.0.1:{reportPort}");
    }

    private async Task RegisterAsync(int number, CancellationToken ct)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"bench-{number}");
        using var answer = await Http.PutAsJsonAsync(
            new Uri($"/api/pbx/sites/{id}", UriKind.Relative),
            new { name = id, address = $"https://127.9.{Written(number)}.254:9", userName = "api", password = "password", timeZone = "Europe/Paris" },
            ct);
        var saved = await answer.Content.ReadFromJsonAsync<JsonNode>(ct);
        var secret = saved!["webhook"]?["secret"]?.GetValue<string>() ?? throw new InvalidOperationException($"The site {id} was not saved: {saved}");
        _addresses.Add(new Uri($"/api/pbx/webhook/{id}/{secret}", UriKind.Relative));
    }

    private static string Written(int number) => number.ToString(CultureInfo.InvariantCulture);
}
