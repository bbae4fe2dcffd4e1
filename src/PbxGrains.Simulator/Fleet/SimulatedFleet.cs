using System.Collections.Immutable;
using PbxGrains.Simulator.Control;
using PbxGrains.Simulator.Http;

namespace PbxGrains.Simulator;

/// <summary>
/// A fleet of simulated Yeastar S-Series PBXs in this process. PBX number <c>i</c> (from 0) listens on
/// <c>127.{1 + i % 250}.{i / 250}.254</c>. A test tool: it holds no real secret and speaks to loopback only.
/// </summary>
public sealed class SimulatedFleet : IAsyncDisposable
{
    private readonly FleetOptions _options;
    private readonly TimeProvider _time;
    private readonly FleetServer _server;
    private readonly Lock _growing = new();
    private volatile ImmutableList<SimulatedPbx> _pbxs = [];
    private ControlApi? _control;

    private SimulatedFleet(FleetOptions options, TimeProvider time, FleetServer server)
    {
        _options = options;
        _time = time;
        _server = server;
    }

    /// <summary>All PBXs, in order of their index.</summary>
    public IReadOnlyList<SimulatedPbx> Pbxs => _pbxs;

    /// <summary>Where the control API listens; null when there is none.</summary>
    public Uri? ControlAddress => _control?.Address;

    /// <summary>Starts the fleet; when it returns every PBX accepts connections.</summary>
    /// <param name="options">What the fleet looks like.</param>
    /// <param name="time">Drives calls, tokens, lock-outs and repeats; a fake one puts a test in charge.</param>
    /// <param name="ct">Gives up starting.</param>
    /// <exception cref="System.Net.Sockets.SocketException">An address is taken.</exception>
    public static async Task<SimulatedFleet> StartAsync(FleetOptions options, TimeProvider time, CancellationToken ct)
    {
        var fleet = new SimulatedFleet(options, time, await FleetServer.StartAsync(ct));
        try
        {
            for (var i = 0; i < options.Sites; i++)
            {
                _ = await fleet.AddPbxAsync(ct);
            }

            if (options.ControlAddress is { } address)
            {
                fleet._control = await ControlApi.StartAsync(fleet, address, ct);
            }

            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>Adds and starts one more PBX like the others.</summary>
    public Task<SimulatedPbx> AddPbxAsync(CancellationToken ct = default) => AddPbxAsync(_options, ct);

    /// <summary>Adds and starts one more PBX that departs from the others.</summary>
    /// <param name="options">Its own options; those that concern the fleet as a whole are not read.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="System.Net.Sockets.SocketException">Its address is taken; the fleet is as before.</exception>
    public Task<SimulatedPbx> AddPbxAsync(FleetOptions options, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        lock (_growing)
        {
            var pbx = new SimulatedPbx(_pbxs.Count, options, _time, _server);
            pbx.Start();
            _pbxs = _pbxs.Add(pbx);
            return Task.FromResult(pbx);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_control is not null)
        {
            await _control.DisposeAsync();
        }

        foreach (var pbx in _pbxs)
        {
            await pbx.DisposeAsync();
        }

        await _server.DisposeAsync();
    }
}
