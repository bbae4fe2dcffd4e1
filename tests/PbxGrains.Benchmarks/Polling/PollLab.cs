using System.Globalization;
using PbxGrains.Benchmarks.Running;
using PbxGrains.Testing;

namespace PbxGrains.Benchmarks.Polling;

/// <summary>
/// Worker silos that poll a simulated fleet, on a database of their own. A worker that is measured has a core for itself; the
/// fleet and PostgreSQL have the other.
/// </summary>
internal sealed class PollLab : IAsyncDisposable
{
    /// <summary>The core of what is measured.</summary>
    public const int MeasuredCore = 0;

    /// <summary>The core of the load.</summary>
    public const int LoadCore = 1;

    private readonly PostgresDatabase _database;
    private readonly DirectoryInfo _folder;
    private readonly SiteTable _table;
    private readonly List<Worker> _workers = [];

    private PollLab(PostgresDatabase database, DirectoryInfo folder, SiteFleet fleet, TimeSpan period)
    {
        (_database, _folder, Fleet, Period) = (database, folder, fleet, period);
        _table = new SiteTable(database.ConnectionString, KeyFolder);
    }

    /// <summary>The PBXs.</summary>
    public SiteFleet Fleet { get; }

    /// <summary>Time from one round of a site to the next.</summary>
    public TimeSpan Period { get; }

    private string KeyFolder => Path.Combine(_folder.FullName, "keys");

    /// <summary>Starts a fleet; no site is registered yet, and no worker runs.</summary>
    public static async Task<PollLab> StartAsync(int pbxs, TimeSpan period, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var fleet = await SiteFleet.StartAsync(pbxs, LoadCore);
        try
        {
            return new PollLab(await PostgresDatabase.CreateAsync(), Directory.CreateTempSubdirectory("pbxgrains-bench-"), fleet, period);
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a worker; it need not be ready yet.</summary>
    public Worker StartWorker(int? core)
    {
        var period = Period.ToString("c", CultureInfo.InvariantCulture);
        var worker = Worker.Start(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["ConnectionStrings__Pbx"] = _database.ConnectionString + ";Maximum Pool Size=20",
                ["DataProtection__Folder"] = KeyFolder,
                ["Recordings__Folder"] = Path.Combine(_folder.FullName, "recordings"),
                ["Pbx__ReportAddress"] = "127.0.0.1:9",
                ["Pbx__PushSilent"] = period,
                ["Pbx__PushProven"] = period,
            },
            core);
        _workers.Add(worker);
        return worker;
    }

    /// <summary>Registers sites until there are so many.</summary>
    public Task RegisterAsync(int sites, CancellationToken ct) => _table.GrowToAsync(sites, Fleet.Port, ct);

    /// <summary>Removes the sites above so many, and waits until nobody polls them any more.</summary>
    public async Task RemoveAsync(Worker worker, int sites, CancellationToken ct)
    {
        await _table.ShrinkToAsync(sites, ct);
        await worker.Process.UntilAsync(
            async () =>
            {
                await Task.Delay(200, ct);
                return (int)(await worker.MetricsAsync(ct)).Sum("pbx_sites") <= sites;
            },
            "the removed sites are not polled any more",
            TimeSpan.FromSeconds(120));
    }

    /// <summary>Waits until a worker polls so many sites, and has caught up with their call records.</summary>
    public async Task PolledAsync(Worker worker, int sites, CancellationToken ct)
    {
        await worker.Process.UntilAsync(
            async () =>
            {
                await Task.Delay(200, ct);
                return (int)(await worker.MetricsAsync(ct)).Sum("pbx_sites", "health=\"online\"") >= sites;
            },
            string.Create(CultureInfo.InvariantCulture, $"{sites} sites are polled"),
            TimeSpan.FromSeconds(30 + (sites / 20)));
        var before = await Fleet.CountAsync(ct);
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), ct);
            var now = await Fleet.CountAsync(ct);
            if (now.Records == before.Records)
            {
                return;
            }

            before = now;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.DisposeAsync();
        }

        await Fleet.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
