using System.Collections.Concurrent;
using System.Globalization;
using PbxGrains.Simulator;
using PbxGrains.Testing;

namespace PbxGrains.EndToEnd.Tests.Faults;

/// <summary>One run: calls are made, followed and dialled while things break; then everything works again and all is compared.</summary>
/// <param name="options">How long and how hard.</param>
/// <param name="say">Takes a line of progress.</param>
/// <param name="note">Takes a line that only matters when something is wrong.</param>
internal sealed class FaultRun(FaultOptions options, Action<string> say, Action<string> note)
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(10);

    private readonly FaultPlan _plan = FaultPlan.Draw(options);
    private readonly ConcurrentQueue<(Fault Fault, TimeSpan? Took)> _recovered = [];
    private readonly List<Task> _underWay = [];
    private FaultInstallation _installation = null!;
    private Violations _violations = null!;
    private Recovery _recovery = null!;
    private TimeSpan _begun;

    /// <summary>Runs to the end.</summary>
    /// <returns>All that is wrong, one a line; none when everything held.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken ct)
    {
        say(string.Create(CultureInfo.InvariantCulture, $"Seed {options.Seed}: {options.Sites} sites, {options.Duration.TotalSeconds:0} s, {_plan.Calls.Count} calls, {_plan.Faults.Count} faults."));
        foreach (var fault in _plan.Faults)
        {
            note("  " + fault);
        }

        await using var installation = _installation = await FaultInstallation.StartAsync(options);
        _begun = installation.Relay.Now;
        _violations = new Violations(() => installation.Relay.Now - _begun, note);
        var board = new SiteBoard(installation.Hosts.Fronts, () => installation.Relay.Now);
        var stale = new StaleKnowledge(installation.Hosts.Fronts, () => installation.Relay.Now, _violations);
        var dialler = new CrmDialler(installation.Hosts.Fronts, installation.Pbxs, options.Seed, _violations);
        CrmReader[] readers = [new("reader 0", installation.Hosts.Fronts, _violations), new("reader 1", [.. installation.Hosts.Fronts.Reverse()], _violations)];
        using var trouble = new ClusterTrouble(installation, board, stale, _violations);
        var audit = new FaultAudit(installation, readers, dialler, _violations, options.Patience);
        _recovery = new Recovery(installation, board, options.Patience);
        say("Everything runs; calls begin.");

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var dialling = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var watching = Task.WhenAll([board.RunAsync(ending.Token), stale.RunAsync(ending.Token), .. readers.Select(reader => reader.RunAsync(ending.Token))]);
        var dials = dialler.RunAsync(dialling.Token);
        try
        {
            await TormentAsync(trouble, audit, ct);
            await Task.WhenAll(_underWay);
            await dialling.CancelAsync();
            await dials;
            await HealAsync();
            await audit.CompareAsync(ct);
        }
        finally
        {
            await dialling.CancelAsync();
            await ending.CancelAsync();
            await watching;
            Report(audit, readers, dialler);
        }

        return _violations.All;
    }

    /// <summary>Follows the plan.</summary>
    private async Task TormentAsync(ClusterTrouble trouble, FaultAudit audit, CancellationToken ct)
    {
        var troubles = new PbxTrouble(_installation);
        List<(TimeSpan At, Func<Task> Do)> steps =
        [
            .. _plan.Calls.Select(call => (call.At, (Func<Task>)(() => TryCallAsync(_installation.Pbxs[call.Site], call, ct)))),
            .. _plan.Faults.Where(fault => fault.IsOfOnePbx).Select(fault => (fault.At, (Func<Task>)(() => troubles.BeginAsync(fault)))),
            .. _plan.Faults.Where(fault => fault.IsOfOnePbx).Select(fault => (fault.At + fault.Length, (Func<Task>)(() => Over(fault)))),
            .. _plan.Faults.Where(fault => !fault.IsOfOnePbx && (fault.Kind != FaultKind.SiloClockStepped || FaultyHosts.CanStepClocks)).Select(fault => (fault.At, (Func<Task>)(() => Break(fault)))),
            .. Enumerable.Range(1, (int)(options.Duration / ProgressEvery)).Select(turn => (turn * ProgressEvery, (Func<Task>)(() => LookAsync(audit, ct)))),
        ];
        foreach (var (at, step) in steps.OrderBy(step => step.At))
        {
            ct.ThrowIfCancellationRequested();
            await _installation.Relay.PassAsync(_begun + at);
            await step();
        }

        Task Over(Fault fault)
        {
            troubles.End(fault);
            _underWay.Add(Task.Run(() => MeasureAsync(fault, _installation.Relay.Now, [FaultInstallation.SiteOf(fault.Target)]), CancellationToken.None));
            return Task.CompletedTask;
        }

        Task Break(Fault fault)
        {
            _underWay.Add(Task.Run(
                async () =>
                {
                    note(string.Create(CultureInfo.InvariantCulture, $"{(_installation.Relay.Now - _begun).TotalSeconds,7:0.0} s  {fault.Kind} begins or waits for its turn"));
                    var (since, sites) = await trouble.RunAsync(fault);
                    await MeasureAsync(fault, since, sites);
                },
                CancellationToken.None));
            return Task.CompletedTask;
        }
    }

    private async Task MeasureAsync(Fault fault, TimeSpan since, IReadOnlyList<string> sites)
    {
        _violations.Checked(Invariant.Recovers);
        var took = await _recovery.MeasureAsync(since, sites);
        if (took is null)
        {
            _violations.Add(Invariant.Recovers, $"not all of {string.Join(", ", sites)} recovered within {options.Patience.TotalSeconds:0} s after {fault}");
        }

        note(string.Create(CultureInfo.InvariantCulture, $"{(since - _begun).TotalSeconds,7:0.0} s  {fault.Kind} {string.Join(' ', sites)}: recovered after {took?.TotalSeconds:0.0} s"));
        _recovered.Enqueue((fault, took));
    }

    private async Task LookAsync(FaultAudit audit, CancellationToken ct)
    {
        await audit.LookAsync(ct);
        var reports = _installation.Relay.Counts;
        say(string.Create(
            CultureInfo.InvariantCulture,
            $"{(_installation.Relay.Now - _begun).TotalSeconds,5:0} of {options.Duration.TotalSeconds:0} s: {_installation.Pbxs.Sum(pbx => pbx.Cdrs.Count)} records, {reports.GetValueOrDefault("200")} reports taken, {reports.Where(count => count.Key != "200").Sum(count => count.Value)} not taken or not heard, {_recovered.Count} faults over, {_violations.All.Count} violations."));
    }

    /// <summary>Everything works again. Calls end, and each PBX restarts, so that each is logged in to and compared.</summary>
    private async Task HealAsync()
    {
        _ = await Eventually.Holds(() => _installation.Pbxs.All(pbx => pbx.Calls.Count == 0), "all calls end", options.Patience);
        foreach (var pbx in _installation.Pbxs)
        {
            await pbx.RebootAsync();
        }

        say("Everything works again; calls are over, and each PBX restarted.");
    }

    private void Report(FaultAudit audit, IReadOnlyList<CrmReader> readers, CrmDialler dialler)
    {
        var hosts = _installation.Hosts;
        var report = new FaultReport(options, _recovered, _violations,
        [
            .. audit.Remarks,
            "Reports: " + string.Join(", ", _installation.Relay.Counts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => $"{count.Value} {count.Key}")) + ".",
            "Dials: " + string.Join(", ", dialler.Outcomes.OrderBy(outcome => outcome.Key, StringComparer.Ordinal).Select(outcome => $"{outcome.Value} {outcome.Key}")) + ".",
            "Event streams: " + string.Join(", ", readers.Select(reader => $"{reader.Name} {reader.Ids.Count} events over {reader.Connections} connections")) + ".",
            .. hosts.All.SelectMany(host => host.UnaskedEnds),
            .. FaultyHosts.CanStepClocks ? Array.Empty<string>() : ["The clock of no silo was stepped: libfaketime (Debian: faketime) is not installed."],
        ]);
        report.Write();
        say(report.Markdown());
        note("Starts that failed: " + hosts.All.Sum(host => host.FailedStarts.Count) + string.Concat(hosts.All.SelectMany(host => host.FailedStarts).Take(2).Select(why => Environment.NewLine + why)));
        note("Logged as errors:" + string.Concat(hosts.Errors.Select(error => $"{Environment.NewLine}  {error}")));
        if (options.ReportFile is { } file)
        {
            foreach (var host in hosts.All)
            {
                File.WriteAllText($"{file}-{host.Name.Replace(' ', '-')}.log", string.Join($"{Environment.NewLine}=== started again ==={Environment.NewLine}", host.Outputs));
            }
        }
    }

    private static async Task TryCallAsync(SimulatedPbx pbx, PlannedCall call, CancellationToken ct)
    {
        try
        {
            _ = call.FromOutside ? await pbx.PlaceInboundCallAsync(call.From, call.To, call.Plan, ct) : await pbx.PlaceCallAsync(call.From, call.To, call.Plan, ct);
        }
        catch (ArgumentException)
        {
            // Of its own accord a call can never be the same as one that runs.
        }
    }
}
