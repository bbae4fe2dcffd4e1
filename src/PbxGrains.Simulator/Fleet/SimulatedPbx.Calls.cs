using PbxGrains.Simulator.Calls;
using PbxGrains.Simulator.Cdrs;
using PbxGrains.Simulator.Reports;
using PbxGrains.Simulator.Sessions;
using PbxGrains.Simulator.Traffic;

namespace PbxGrains.Simulator;

/// <content>What happens on the PBX: calls, records, telephones, a reboot.</content>
public sealed partial class SimulatedPbx
{
    private readonly Queue<CallPlan> _plans = new();

    /// <summary>Calls that run now.</summary>
    public IReadOnlyList<SimulatedCall> Calls
    {
        get
        {
            lock (Gate)
            {
                Timeline.CatchUp();
                return [.. Switchboard.Calls.Select(call => call.Snapshot())];
            }
        }
    }

    /// <summary>Every record this PBX ever wrote, in order: the truth to compare with.</summary>
    public IReadOnlyList<CdrRow> Cdrs
    {
        get
        {
            lock (Gate)
            {
                Timeline.CatchUp();
            }

            return Ledger.All();
        }
    }

    /// <summary>Gives it records of calls from before the simulation, as a PBX has them that ran for years. They are not pushed.</summary>
    public void AddHistory(IEnumerable<CdrRow> rows)
    {
        foreach (var row in rows)
        {
            // Their recordings were saved long ago.
            Ledger.Add(row, endedAt: DateTimeOffset.MinValue);
        }
    }

    /// <summary>Reports that wait for their first or next try.</summary>
    public int ReportsWaiting
    {
        get
        {
            lock (Gate)
            {
                return Sender.Waiting;
            }
        }
    }

    internal CdrLedger Ledger { get; } = new();

    internal DownloadTickets Tickets { get; }

    internal ReportSender Sender { get; }

    internal Switchboard Switchboard { get; }

    internal CallFlow CallFlow { get; }

    internal Transfers Transfers { get; }

    internal TrafficGenerator Traffic { get; }

    /// <summary>How the next call that is started through the API goes; several wait in line. Without one it is answered.</summary>
    public void PlanNext(CallPlan plan)
    {
        lock (Gate)
        {
            _plans.Enqueue(plan);
        }
    }

    /// <summary>Somebody calls from the public network.</summary>
    /// <param name="from">The caller's number.</param>
    /// <param name="to">An extension, the ring group 6200, the queue 6700, the IVR 6500, or a DID; unknown DIDs ring the ring group.</param>
    /// <param name="plan">How the call goes; null: answered.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The call id.</returns>
    public Task<string> PlaceInboundCallAsync(string from, string to, CallPlan? plan = null, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        lock (Gate)
        {
            Timeline.CatchUp();
            return Task.FromResult(CallFlow.FromTrunk(from, to, plan ?? new CallPlan()).Id);
        }
    }

    /// <summary>Somebody lifts the receiver of a telephone and dials, without the API.</summary>
    /// <param name="extension">Number of the telephone.</param>
    /// <param name="to">What is dialled: inside or outside.</param>
    /// <param name="plan">How the call goes; null: answered.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The call id.</returns>
    /// <exception cref="ArgumentException">No such telephone.</exception>
    public Task<string> PlaceCallAsync(string extension, string to, CallPlan? plan = null, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        lock (Gate)
        {
            Timeline.CatchUp();
            var destination = Switchboard.Numbers.Resolve(to);
            return Task.FromResult(CallFlow.FromExtension(Known(extension), destination, plan ?? new CallPlan(), isFromApi: false, autoAnswer: false).Id);
        }
    }

    /// <summary>Ends a running call, as if somebody hung up.</summary>
    /// <returns>False when there is no such call.</returns>
    public Task<bool> HangUpAsync(string callId, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        lock (Gate)
        {
            Timeline.CatchUp();
            if (Switchboard.Find(callId) is not { } call)
            {
                return Task.FromResult(false);
            }

            CallFlow.End(call, call.Answered is null ? "NO ANSWER" : "ANSWERED");
            return Task.FromResult(true);
        }
    }

    /// <summary>Puts a telephone into a state and reports it when the telephone is monitored. Calls still change it.</summary>
    /// <param name="number">Number of the telephone.</param>
    /// <param name="status">The state.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="ArgumentException">No such telephone.</exception>
    public Task SetExtensionStatusAsync(string number, ExtensionStatus status, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        lock (Gate)
        {
            Timeline.CatchUp();
            Switchboard.SetStatus(Known(number), status);
        }

        return Task.CompletedTask;
    }

    /// <summary>An administrator changed something: <c>ConfigChange</c>.</summary>
    /// <param name="type"><c>extension</c> or <c>trunk</c>.</param>
    /// <param name="name">Extension number or name of the trunk.</param>
    /// <param name="operation"><c>add</c>, <c>del</c> or <c>update</c>.</param>
    /// <param name="ct">Gives up.</param>
    public Task ReportConfigChangeAsync(string type, string name, string operation, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        lock (Gate)
        {
            Sender.Tell(Report.ConfigChange(type, name, operation));
        }

        return Task.CompletedTask;
    }

    /// <summary>
    /// Restarts the PBX: calls end without a record, tokens and lock-outs are forgotten, undelivered reports are lost. The last
    /// receiver is told <c>BootUp</c>.
    /// </summary>
    /// <param name="downFor">How long nothing listens, on the simulator's clock.</param>
    /// <param name="ct">Gives up.</param>
    public Task RebootAsync(TimeSpan downFor = default, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        lock (Gate)
        {
            Timeline.CatchUp();
            var last = Sessions.Reporting;
            Timeline.Clear();
            Sender.Clear();
            Switchboard.Clear();
            Sessions.EndAll();
            if (downFor <= TimeSpan.Zero)
            {
                Boot(last);
                return Task.CompletedTask;
            }

            _listener.Close();
            _ = Timeline.After(downFor, () =>
            {
                Boot(last);
                if (_isStarted)
                {
                    Listen();
                }
            });
        }

        return Task.CompletedTask;
    }

    internal CallPlan NextPlan() => _plans.TryDequeue(out var plan) ? plan : new CallPlan();

    private void Boot(Session? last)
    {
        _started = Timeline.Now;
        if (last is { Target: not null })
        {
            // No token is left, so BootUp travels in the name of the receiver that was registered before.
            var farewell = new Session(token: "", last.Caller, Timeline.Now) { Target = last.Target, Format = last.Format };
            Sender.Tell(Report.BootUp, farewell);
        }

        Traffic.Start();
    }

    private SimulatedExtension Known(string number) =>
        FindExtension(number) ?? throw new ArgumentException($"There is no extension {number}.", nameof(number));
}
