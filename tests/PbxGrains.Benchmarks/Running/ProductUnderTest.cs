using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using PbxGrains.Benchmarks.Load;
using PbxGrains.Testing;

namespace PbxGrains.Benchmarks.Running;

/// <summary>
/// The product with many sites: a front process on a database of its own. At first nobody answers at the PBXs' addresses, so
/// that what is measured is the way of a report and nothing else.
/// </summary>
internal sealed class ProductUnderTest : IAsyncDisposable
{
    private readonly PostgresDatabase _database;
    private readonly DirectoryInfo _folder;
    private readonly HttpClient _reports = new();
    private readonly List<Uri> _addresses = [];
    private HostProcess? _front;

    private ProductUnderTest(PostgresDatabase database, DirectoryInfo folder)
    {
        _database = database;
        _folder = folder;
    }

    /// <summary>Talks to the front as an administrator.</summary>
    public HttpClient Http => Running.Http;

    private HostProcess Running => _front ?? throw new InvalidOperationException("The front does not run.");

    /// <summary>The front's process.</summary>
    public int ProcessId => Running.Id;

    /// <summary>Port of the API, whose connections stay open; the report listener closes each, as PBXs expect.</summary>
    public int Port => Running.Port;

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
                await product.RegisterAsync($"bench-{Written(i)}", new Uri($"https://127.9.{Written(i)}.254:9"), "password", ct);
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

    /// <summary>Registers a site.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="address">Where its PBX is.</param>
    /// <param name="password">Its API user's password.</param>
    /// <param name="ct">Stops waiting.</param>
    public async Task RegisterAsync(string id, Uri address, string password, CancellationToken ct)
    {
        using var answer = await Http.PutAsJsonAsync(
            new Uri($"/api/pbx/sites/{id}", UriKind.Relative),
            new { name = id, address, userName = "api", password, timeZone = "Europe/Paris", allowPlainHttp = true },
            ct);
        var saved = await answer.Content.ReadFromJsonAsync<JsonNode>(ct);
        var secret = saved!["webhook"]?["secret"]?.GetValue<string>() ?? throw new InvalidOperationException($"The site {id} was not saved: {saved}");
        _addresses.Add(new Uri($"/api/pbx/webhook/{id}/{secret}", UriKind.Relative));
    }

    /// <summary>Ends the front; its database stays until all is disposed.</summary>
    public async Task EndFrontAsync()
    {
        await Running.DisposeAsync();
        _front = null;
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
        _front = await HostProcess.StartAsync(Programs.Front, port, new Dictionary<string, string>(StringComparer.Ordinal)
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

    private static string Written(int number) => number.ToString(CultureInfo.InvariantCulture);
}
