using System.Globalization;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PbxGrains.Simulator;
using PbxGrains.Testing;

namespace PbxGrains.Benchmarks.Running;

/// <summary>
/// Simulated PBXs as a process of its own, over plain HTTP and in the newer dialect. Their telephones ring until the figure
/// is over; a PBX may have a long history of calls.
/// </summary>
internal sealed class PbxFleet : IAsyncDisposable
{
    /// <summary>Runs this program as the fleet: PBXs, telephones of each, records of each.</summary>
    public const string Option = "--fleet";

    /// <summary>Number of the first telephone; the others count up from it.</summary>
    public const int FirstExtension = 1001;

    private static readonly TimeSpan LongRing = TimeSpan.FromMinutes(10);

    private readonly HostProcess _process;

    private PbxFleet(HostProcess process, IReadOnlyList<Uri> addresses)
    {
        _process = process;
        Addresses = addresses;
    }

    /// <summary>Password of every API user; its name is <c>api</c>.</summary>
    public static string Password => new FleetOptions().Password;

    /// <summary>The PBXs.</summary>
    public IReadOnlyList<Uri> Addresses { get; }

    /// <summary>Its process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Starts it.</summary>
    public static async Task<PbxFleet> StartAsync(int sites, int extensions, int history, CancellationToken ct)
    {
        var port = FreePort.Next();
        var process = await HostProcess.StartAsync(
            typeof(PbxFleet).Assembly.GetName().Name!,
            port,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}" },
            Option,
            Text(sites),
            Text(extensions),
            Text(history));
        return new PbxFleet(process, (await process.Http.GetFromJsonAsync<Uri[]>(new Uri("/pbxs", UriKind.Relative), ct))!);
    }

    /// <summary>How often a PBX was asked for its records.</summary>
    public Task<long> DownloadsAsync(int site, CancellationToken ct) =>
        _process.Http.GetFromJsonAsync<long>(new Uri($"/pbxs/{Text(site)}/downloads", UriKind.Relative), ct);

    /// <summary>Serves until it is ended.</summary>
    public static async Task RunAsync(int sites, int extensions, int history)
    {
        var options = new FleetOptions
        {
            Sites = sites,
            Extensions = extensions,
            FirstExtension = FirstExtension,
            Port = 0,
            Https = false,
            Firmware = FleetOptions.NewFirmware,
            RingTime = new TimeSpanRange(LongRing, LongRing),
            RingTimeout = LongRing,
        };
        await using var fleet = await SimulatedFleet.StartAsync(options, TimeProvider.System, CancellationToken.None);
        foreach (var pbx in fleet.Pbxs)
        {
            pbx.AddHistory(History(pbx, history));
        }

        var builder = WebApplication.CreateSlimBuilder();
        _ = builder.Logging.ClearProviders();
        await using var app = builder.Build();
        _ = app.MapGet("/health/ready", () => Results.Ok());
        _ = app.MapGet("/pbxs", () => fleet.Pbxs.Select(pbx => pbx.Address).ToArray());
        _ = app.MapGet("/pbxs/{site:int}/downloads", (int site) => fleet.Pbxs[site].Counters.Requests
            .Where(request => request.Key.EndsWith("cdr/get_random", StringComparison.Ordinal)).Sum(request => request.Value));
        await app.RunAsync();
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    /// <summary>Calls of the last day, one after the other, at the same pace all day long.</summary>
    private static IEnumerable<CdrRow> History(SimulatedPbx pbx, int calls)
    {
        var (day, zone) = (TimeSpan.FromHours(22), TimeZoneInfo.FindSystemTimeZoneById(pbx.TimeZone));
        var first = TimeProvider.System.GetUtcNow() - day - TimeSpan.FromMinutes(10);
        for (var i = 0; i < calls; i++)
        {
            var at = first + (day * i / calls);
            var number = (i * 7919L % 1_000_000).ToString("000000", CultureInfo.InvariantCulture);
            yield return new CdrRow(
                $"{at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}.{Text(i)}",
                TimeZoneInfo.ConvertTime(at, zone).DateTime.AddTicks(-(TimeZoneInfo.ConvertTime(at, zone).DateTime.Ticks % TimeSpan.TicksPerSecond)),
                $"7005{number}",
                Text(FirstExtension + (i % pbx.Extensions.Count)),
                12 + (i % 300),
                5 + (i % 300),
                "siptrunk",
                "",
                "ANSWERED",
                "Inbound",
                "",
                "",
                "5503301",
                pbx.SerialNumber,
                0);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
