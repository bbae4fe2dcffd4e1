using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OpenTelemetry.Metrics;
using PbxGrains.Front.Listeners;
using PbxGrains.Grains.Secrets;
using PbxGrains.Storage;
using PbxGrains.Storage.Calls;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Checklists;
using PbxGrains.Storage.Events;
using PbxGrains.Storage.Keys;
using PbxGrains.Storage.Migrations;
using PbxGrains.Storage.Recordings;
using PbxGrains.Storage.Sites;
using PbxGrains.Storage.Subscriptions;
using PbxGrains.Storage.Webhooks;
using PbxGrains.Testing;

namespace PbxGrains.Front.Tests.Lab;

/// <summary>
/// A front on real sockets and a real database. By default its actors are scripted; with a hosting it is the whole
/// product, as silo or as client of another.
/// </summary>
public sealed class FrontLab : IAsyncDisposable
{
    private readonly PostgresDatabase _database;
    private readonly WebApplication _app;
    private readonly DirectoryInfo _folder;

    private FrontLab(PostgresDatabase database, WebApplication app, DirectoryInfo folder, LogCapture logs)
    {
        _database = database;
        _app = app;
        _folder = folder;
        Logs = logs;
        ApiPort = app.Services.GetRequiredService<FrontListeners>().ApiPort;
        ReportPort = app.Services.GetRequiredService<FrontListeners>().ReportPort ?? 0;
        Anonymous = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{ApiPort}") };
        Admin = new HttpClient { BaseAddress = Anonymous.BaseAddress };
        Admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(KeyFile).Trim());
    }

    public LogCapture Logs { get; }

    public int ApiPort { get; }

    public int ReportPort { get; }

    public HttpClient Admin { get; }

    public HttpClient Anonymous { get; }

    public string KeyFile => Path.Combine(_folder.FullName, "admin.key");

    public string ConnectionString => _database.ConnectionString;

    public T Service<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>Says which silos there are.</summary>
    public void Silos(Func<IReadOnlyList<SiloAddress>> silos) => ((ScriptedGrains)(object)Service<IGrainFactory>()).Silos = silos;

    public ScriptedSite Site(string id) => ((ScriptedGrains)(object)Service<IGrainFactory>()).Site(id);

    public static Task<FrontLab> StartAsync(params (string Key, string Value)[] settings) => StartAsync(time: null, _ => { }, settings);

    /// <summary>Starts one with a clock of the test's, or with services in the place of ours.</summary>
    public static Task<FrontLab> StartAsync(TimeProvider? time, Action<IServiceCollection> replace, params (string Key, string Value)[] settings) =>
        StartAsync(builder =>
        {
            builder.Services.TryAddSingleton(time ?? TimeProvider.System);
            AddStorage(builder);
            builder.Services.AddSingleton(DispatchProxy.Create<IGrainFactory, ScriptedGrains>());
            builder.Services.AddSingleton<ISecretProtector, OpenSecrets>();
            builder.Services.AddHealthChecks();
            builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddPrometheusExporter());
            builder.AddPbxFront();
            replace(builder.Services);
        }, settings);

    public static async Task<FrontLab> StartAsync(Action<WebApplicationBuilder> compose, params (string Key, string Value)[] settings)
    {
        var database = await PostgresDatabase.CreateAsync(MigrateAsync);
        var folder = Directory.CreateTempSubdirectory("pbxgrains-front-");
        var logs = new LogCapture();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production", ApplicationName = typeof(FrontSettings).Assembly.GetName().Name });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Pbx"] = database.ConnectionString,
            ["Front:Port"] = "0",
            ["Front:ReportPort"] = "0",
            ["Front:AdminKeyFile"] = Path.Combine(folder.FullName, "admin.key"),
            ["DataProtection:Folder"] = Path.Combine(folder.FullName, "keys"),
            ["Recordings:Folder"] = Path.Combine(folder.FullName, "recordings"),
            ["Cluster:SiloPort"] = FreePort.Next().ToString(CultureInfo.InvariantCulture),
            ["Cluster:GatewayPort"] = FreePort.Next().ToString(CultureInfo.InvariantCulture),
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)));
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(logs);
        compose(builder);

        var app = builder.Build();
        app.UsePbxFront();
        app.MapPbxFront();
        await app.StartAsync();
        return new FrontLab(database, app, folder, logs);
    }

    /// <summary>Registers a site; returns the secret of its webhook.</summary>
    public async Task<string> RegisterAsync(string id, object? input = null)
    {
        using var response = await Admin.PutAsJsonAsync($"/api/pbx/sites/{id}", input ?? Paris());
        response.StatusCode.Should().Be(System.Net.HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        var saved = await response.Content.ReadFromJsonAsync<JsonElement>();
        return saved.GetProperty("webhook").GetProperty("secret").GetString()!;
    }

    public static object Paris(string[]? sourceAddresses = null) => new
    {
        name = "Paris",
        address = "10.1.0.254",
        userName = "api",
        password = "hush-password",
        timeZone = "Europe/Paris",
        sourceAddresses = sourceAddresses ?? [],
    };

    /// <summary>Sends bytes as they are to a port, in one piece or byte by byte, and reads until the other side closes.</summary>
    public static async Task<string> RawAsync(int port, string request, bool byteByByte = false)
    {
        using var socket = new TcpClient { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", port);
        await using var stream = socket.GetStream();
        var bytes = Encoding.UTF8.GetBytes(request);
        for (var i = 0; i < bytes.Length; i += byteByByte ? 1 : bytes.Length)
        {
            await stream.WriteAsync(bytes.AsMemory(i, byteByByte ? 1 : bytes.Length));
        }

        using var reader = new StreamReader(stream);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return await reader.ReadToEndAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        Anonymous.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static void AddStorage(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(s => PbxDataSource.Create(builder.Configuration.GetConnectionString("Pbx")!));
        services.AddSingleton<SiteRegistry>().AddSingleton<SiteChangeListener>().AddSingleton<WebhookSecrets>().AddSingleton<UnreadableReports>();
        services.AddSingleton<RecordingCatalogue>().AddSingleton<RecordingListenings>().AddSingleton<RecordingRetention>().AddSingleton<CallRecordRetention>();
        services.AddSingleton<IRecordingVault>(new FolderVault(builder.Configuration["Recordings:Folder"]!));
        services.AddSingleton<ApiKeys>().AddSingleton<Storage.Agents.Agents>();
        services.AddSingleton(s => new EventLog(s.GetRequiredService<NpgsqlDataSource>(), TimeProvider.System, NullLogger<EventLog>.Instance));
        services.AddSingleton<EventReader>().AddSingleton<EventListener>();
        services.AddSingleton<CallRecordReader>().AddSingleton<CatchUpWindows>().AddSingleton<Originates>();
        services.AddSingleton<HistoryImports>().AddSingleton<ChecklistRuns>();
        services.AddSingleton<SubscriptionRegistry>().AddSingleton<DeliveryFanOut>().AddSingleton<DeliveryClaims>().AddSingleton<DeliveryOutcomes>();
        services.AddSingleton<DeliveryRetention>().AddSingleton<Deliveries>().AddSingleton<Replays>();
    }

    private static async Task MigrateAsync(string connectionString)
    {
        await using var database = PbxDataSource.Create(connectionString);
        _ = await new DatabaseMigrator(database, NullLogger<DatabaseMigrator>.Instance).MigrateAsync(CancellationToken.None);
    }

    private sealed class OpenSecrets : ISecretProtector
    {
        public byte[] Protect(string secret) => Encoding.UTF8.GetBytes(secret);

        public string? Unprotect(byte[] cipher) => Encoding.UTF8.GetString(cipher);
    }
}
