using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http.HttpResults;

namespace PbxGrains.Simulator.Control;

/// <summary>
/// Puts a person or a script in charge of the fleet while it runs: <c>/sim/pbxs</c> and below. Listens on loopback only and asks
/// for no key, because nothing here is worth protecting.
/// </summary>
internal sealed class ControlApi : IAsyncDisposable
{
    private readonly WebApplication _host;

    private ControlApi(WebApplication host) => _host = host;

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private init; } = new("http://127.0.0.1/");

    /// <summary>Starts to listen.</summary>
    /// <exception cref="ArgumentException">The address is not plain HTTP on loopback.</exception>
    /// <exception cref="IOException">The address is taken.</exception>
    public static async Task<ControlApi> StartAsync(SimulatedFleet fleet, Uri address, CancellationToken ct)
    {
        if (address.Scheme is not "http" || !IPAddress.TryParse(address.Host == "localhost" ? "127.0.0.1" : address.Host, out var ip) || !IPAddress.IsLoopback(ip))
        {
            throw new ArgumentException("The control API listens on plain HTTP and loopback only, for example http://127.0.0.1:8089.", nameof(address));
        }

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        _ = builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(ip, address.Port);
        });
        _ = builder.Services.AddRoutingCore();
        _ = builder.Services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ControlJson.Default));
        var host = builder.Build();
        _ = host.UseRouting();
        Map(host, fleet);
        await host.StartAsync(ct);
        return new ControlApi(host) { Address = new Uri(host.Urls.First()) };
    }

    public async ValueTask DisposeAsync()
    {
        using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await _host.StopAsync(impatience.Token);
        await _host.DisposeAsync();
    }

    private static void Map(WebApplication host, SimulatedFleet fleet)
    {
        _ = host.MapGet("/sim/pbxs", () => fleet.Pbxs.Select(View).ToList());
        _ = host.MapPost("/sim/pbxs", async (CancellationToken ct) => View(await fleet.AddPbxAsync(ct)));
        _ = host.MapGet("/sim/counters", () => Total(fleet.Pbxs));
        _ = host.MapPut("/sim/faults", (FaultsBody body) =>
        {
            foreach (var each in fleet.Pbxs)
            {
                body.ApplyTo(each.Faults);
            }

            return TypedResults.NoContent();
        });

        var pbx = host.MapGroup("/sim/pbxs/{index:int}").AddEndpointFilter(async (context, next) =>
            IndexOf(context.HttpContext) < fleet.Pbxs.Count ? await next(context) : TypedResults.NotFound(new Refused("There is no PBX of that index.")));
        _ = pbx.MapGet("", (int index) => View(fleet.Pbxs[index]));
        _ = pbx.MapGet("/extensions", (int index) => fleet.Pbxs[index].Extensions.Select(View).ToList());
        _ = pbx.MapPut("/extensions/{number}/status", SetStatusAsync);
        _ = pbx.MapGet("/calls", (int index) => fleet.Pbxs[index].Calls);
        _ = pbx.MapPost("/calls", PlaceCallAsync);
        _ = pbx.MapDelete("/calls/{callId}", async Task<Results<NoContent, NotFound>> (int index, string callId, CancellationToken ct) =>
            await fleet.Pbxs[index].HangUpAsync(callId, ct) ? TypedResults.NoContent() : TypedResults.NotFound());
        _ = pbx.MapGet("/cdrs", (int index) => fleet.Pbxs[index].Cdrs);
        _ = pbx.MapGet("/counters", (int index) => View(fleet.Pbxs[index].Counters, fleet.Pbxs[index].ReportsWaiting));
        _ = pbx.MapGet("/dialled", (int index) => fleet.Pbxs[index].Counters.Dialled);
        _ = pbx.MapGet("/faults", (int index) => FaultsBody.Of(fleet.Pbxs[index].Faults));
        _ = pbx.MapPut("/faults", (int index, FaultsBody body) =>
        {
            body.ApplyTo(fleet.Pbxs[index].Faults);
            return FaultsBody.Of(fleet.Pbxs[index].Faults);
        });
        _ = pbx.MapDelete("/faults", (int index) =>
        {
            fleet.Pbxs[index].Faults.Clear();
            return FaultsBody.Of(fleet.Pbxs[index].Faults);
        });
        _ = pbx.MapPost("/reboot", async (int index, double? downSeconds, CancellationToken ct) =>
        {
            await fleet.Pbxs[index].RebootAsync(TimeSpan.FromSeconds(downSeconds ?? 0), ct);
            return TypedResults.NoContent();
        });
        _ = pbx.MapPost("/certificate", async Task<Results<Ok<PbxView>, Conflict<Refused>>> (int index, CancellationToken ct) =>
        {
            if (!fleet.Pbxs[index].IsHttps)
            {
                return TypedResults.Conflict(new Refused("This PBX speaks plain HTTP and has no certificate."));
            }

            await fleet.Pbxs[index].ChangeCertificateAsync(ct);
            return TypedResults.Ok(View(fleet.Pbxs[index]));
        });

        async Task<Results<NoContent, NotFound<Refused>>> SetStatusAsync(int index, string number, StatusBody body, CancellationToken ct)
        {
            if (fleet.Pbxs[index].FindExtension(number) is null)
            {
                return TypedResults.NotFound(new Refused("There is no extension of that number."));
            }

            await fleet.Pbxs[index].SetExtensionStatusAsync(number, body.Status, ct);
            return TypedResults.NoContent();
        }

        async Task<Results<Ok<CallStarted>, BadRequest<Refused>>> PlaceCallAsync(int index, CallBody body, CancellationToken ct)
        {
            if (string.IsNullOrEmpty(body.From) || string.IsNullOrEmpty(body.To))
            {
                return TypedResults.BadRequest(new Refused("A call needs \"from\" and \"to\"."));
            }

            var from = fleet.Pbxs[index];
            return TypedResults.Ok(new CallStarted(from.FindExtension(body.From) is null
                ? await from.PlaceInboundCallAsync(body.From, body.To, body.Plan(), ct)
                : await from.PlaceCallAsync(body.From, body.To, body.Plan(), ct)));
        }
    }

    private static int IndexOf(HttpContext context) =>
        int.TryParse((string?)context.Request.RouteValues["index"], NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : int.MaxValue;

    private static PbxView View(SimulatedPbx pbx) => new(
        pbx.Index, pbx.Address, pbx.CertificatePin, pbx.SerialNumber, pbx.UserName, pbx.Firmware.ToString(), pbx.TimeZone, pbx.Extensions.Count, pbx.Calls.Count);

    private static FleetCountersView Total(IReadOnlyList<SimulatedPbx> pbxs) => new(
        pbxs.Sum(pbx => pbx.Counters.LoginsTried),
        pbxs.Sum(pbx => pbx.Counters.LoginsFailed),
        pbxs.Sum(pbx => pbx.Counters.LockOuts),
        pbxs.SelectMany(pbx => pbx.Counters.Requests).GroupBy(path => path.Key, StringComparer.Ordinal).ToDictionary(path => path.Key, path => path.Sum(one => one.Value), StringComparer.Ordinal),
        [.. pbxs.Select(pbx => pbx.Counters.SinceListed?.TotalSeconds)]);

    private static ExtensionView View(SimulatedExtension extension) =>
        new(extension.Number, extension.UserName, extension.Status.ToString(), extension.IsFxs ? "FXS" : "SIP", extension.IsMonitored);

    private static CountersView View(PbxCounters counters, int waiting) => new(
        counters.LoginsTried, counters.LoginsFailed, counters.LockOuts, counters.OldSessionsUsed, counters.LiveSessions, counters.Heartbeats,
        counters.Originates, counters.ReportsSent, counters.ReportsAcknowledged, counters.ReportsFailed, counters.ReportsDropped, waiting, counters.Requests);
}
