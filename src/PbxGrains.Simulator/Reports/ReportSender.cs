using PbxGrains.Simulator.Sessions;

namespace PbxGrains.Simulator.Reports;

/// <summary>
/// Delivers the reports of one PBX: one connection each, again and again until a 200 comes or the token ends.
/// Its state is guarded by the PBX's gate; only the network runs outside.
/// </summary>
internal sealed class ReportSender(SimulatedPbx pbx) : IDisposable
{
    private const int LongestQueue = 10_000;

    private static readonly Version FirstWithSerialNumber = new(30, 10, 0, 16);
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Queue<Delivery> _queue = new();
    private Delivery? _held;
    private int _running;

    /// <summary>Reports that wait for their first or next try.</summary>
    public int Waiting => _queue.Count;

    /// <summary>Tells the receiver of the latest login, if there is one. Call under the gate.</summary>
    public void Tell(Report report)
    {
        if (pbx.Sessions.Reporting is { } session)
        {
            Tell(report, session);
        }
    }

    /// <summary>Tells the receiver of one session. Call under the gate.</summary>
    public void Tell(Report report, Session session)
    {
        if (session.Target is null || !pbx.Sessions.IsAlive(session))
        {
            return;
        }

        var body = ReportWriter.Write(report, session.Format, pbx.Firmware >= FirstWithSerialNumber ? pbx.Faults.SerialNumber ?? pbx.SerialNumber : null);
        if (body is null)
        {
            return;
        }

        if (pbx.Faults.DropReports)
        {
            pbx.Counters.ReportDropped();
            return;
        }

        var delivery = new Delivery(session, body);
        if (pbx.Faults.ReportsLate is { Ticks: > 0 } late)
        {
            _ = pbx.Timeline.After(late, () => Enqueue(delivery));
        }
        else
        {
            Enqueue(delivery);
        }
    }

    /// <summary>Forgets all that was not delivered. Call under the gate.</summary>
    public void Clear()
    {
        _queue.Clear();
        _held = null;
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private void Enqueue(Delivery delivery)
    {
        if (pbx.Faults.ReportsSwapped && _held is null)
        {
            _held = delivery;
            _ = pbx.Timeline.After(LongestHold, () => Release(delivery));
            return;
        }

        Add(delivery);
        if (_held is { } held)
        {
            Release(held);
        }
    }

    private void Release(Delivery delivery)
    {
        if (_held == delivery)
        {
            _held = null;
            Add(delivery);
        }
    }

    private void Add(Delivery delivery)
    {
        for (var copies = pbx.Faults.ReportsDuplicated ? 2 : 1; copies > 0; copies--)
        {
            Queue(delivery);
        }
    }

    private void Queue(Delivery delivery)
    {
        if (_queue.Count >= LongestQueue)
        {
            _ = _queue.Dequeue();
            pbx.Counters.ReportDropped();
        }

        _queue.Enqueue(delivery);
        Pump();
    }

    private void Pump()
    {
        while (_running < pbx.Options.ReportParallelism && _queue.TryDequeue(out var delivery))
        {
            if (!SessionRegistry.IsAliveAt(delivery.Session, pbx.Time.GetUtcNow()) || TargetOf(delivery) is not { } target || _stopping.IsCancellationRequested)
            {
                pbx.Counters.ReportDropped();
                continue;
            }

            _running++;
            var stopping = _stopping.Token;
            _ = Task.Run(() => DeliverAsync(delivery, target, stopping), CancellationToken.None);
        }
    }

    private ReportTarget? TargetOf(Delivery delivery) => pbx.Faults.ReportsTo is { } elsewhere
        ? ReportTarget.Read(caller: "", port: 0, elsewhere, isAbsolute: true)
        : delivery.Session.Target;

    private async Task DeliverAsync(Delivery delivery, ReportTarget target, CancellationToken ct)
    {
        var request = RawReport.Compose(target, delivery.Body, pbx.Options.ReportHostHasSpace, pbx.Options.ReportAcceptIsDoubled);
        pbx.Counters.ReportSent();

        // The network takes real time, also when a test drives the clock.
        using var impatience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        impatience.CancelAfter(pbx.Options.ReportTimeout);
        var isAcknowledged = await RawReport.SendAsync(pbx.IpAddress, target, request, impatience.Token);
        lock (pbx.Gate)
        {
            _running--;
            if (isAcknowledged)
            {
                pbx.Counters.ReportAcknowledged();
                pbx.Sessions.Prolong(delivery.Session);
            }
            else if (!ct.IsCancellationRequested)
            {
                pbx.Counters.ReportFailed();
                _ = pbx.Timeline.After(pbx.Options.ReportRepeatInterval, () => Queue(delivery));
            }

            Pump();
        }
    }

    private sealed class Delivery(Session session, byte[] body)
    {
        public Session Session { get; } = session;

        public byte[] Body { get; } = body;
    }
}
