using System.Globalization;
using PbxGrains.Simulator;
using PbxGrains.Testing;

namespace PbxGrains.EndToEnd.Tests.Soak;

/// <summary>One soak: calls are made while things break; then everything works again and the ledger is compared.</summary>
/// <param name="options">How long and how hard.</param>
/// <param name="say">Takes a line of progress.</param>
/// <param name="note">Takes a line that only matters when something is wrong.</param>
internal sealed class SoakRun(SoakOptions options, Action<string> say, Action<string> note)
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(10);

    private readonly SoakPlan _plan = SoakPlan.Draw(options);
    private readonly List<(Disturbance Disturbance, Task<TimeSpan> Broken)> _breakages = [];

    /// <summary>Runs to the end.</summary>
    /// <returns>All that is wrong, one a line; none when the ledger holds exactly what the PBXs wrote.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken ct)
    {
        say(string.Create(CultureInfo.InvariantCulture, $"Seed {options.Seed}: {options.Sites} sites, {options.Duration.TotalSeconds:0} s, {_plan.Calls.Count} calls, {_plan.Disturbances.Count} disturbances."));
        foreach (var disturbance in _plan.Disturbances)
        {
            note("  " + disturbance);
        }

        await using var installation = await SoakInstallation.StartAsync(options);
        using var breakage = new Breakage(installation);
        var audit = new LedgerAudit(installation.Database, installation.Pbxs);
        say("Everything runs; calls begin.");

        var failedCalls = await TormentAsync(installation, breakage, audit, ct);
        var healed = await HealAsync(installation);
        var (finding, wrong) = await VerifyAsync(installation, audit, ct);

        Report(installation, finding, failedCalls, installation.Relay.Now - healed);
        note("Logged as errors:" + string.Concat(installation.Errors.Select(error => $"{Environment.NewLine}  {error}")));
        if (wrong.Count > 0)
        {
            note(installation.LastWords);
        }

        return wrong;
    }

    /// <summary>Follows the plan.</summary>
    /// <returns>Calls that could not be made.</returns>
    private async Task<int> TormentAsync(SoakInstallation installation, Breakage breakage, LedgerAudit audit, CancellationToken ct)
    {
        var relay = installation.Relay;
        var begun = relay.Now;
        var failed = 0;
        List<(TimeSpan At, Func<Task> Do)> steps =
        [
            .. _plan.Calls.Select(call => (call.At, (Func<Task>)(async () => failed += await TryCallAsync(installation.Pbxs[call.Site], call, ct) ? 0 : 1))),
            .. _plan.Disturbances.Select(disturbance => (disturbance.At, (Func<Task>)(() => BeginAsync(disturbance)))),
            .. _plan.Disturbances.Where(disturbance => disturbance.Kind < DisturbanceKind.SiloKilled).Select(disturbance => (disturbance.At + disturbance.Length, (Func<Task>)(() => End(disturbance)))),
            .. Enumerable.Range(1, (int)(options.Duration / ProgressEvery)).Select(turn => (turn * ProgressEvery, (Func<Task>)SayProgressAsync)),
        ];
        foreach (var (at, step) in steps.OrderBy(step => step.At))
        {
            ct.ThrowIfCancellationRequested();
            await relay.PassAsync(begun + at);
            await step();
        }

        await Task.WhenAll(_breakages.Select(breakage => breakage.Broken));
        return failed;

        Task BeginAsync(Disturbance disturbance)
        {
            if (disturbance.Kind >= DisturbanceKind.SiloKilled)
            {
                _breakages.Add((disturbance, Task.Run(() => breakage.RunAsync(disturbance), ct)));
                return Task.CompletedTask;
            }

            return SiteTrouble.BeginAsync(disturbance, installation.Pbxs[disturbance.Site], relay);
        }

        Task End(Disturbance disturbance)
        {
            SiteTrouble.End(disturbance, installation.Pbxs[disturbance.Site], relay);
            return Task.CompletedTask;
        }

        Task SayProgressAsync()
        {
            SayProgress(installation, relay.Now - begun);
            return Task.CompletedTask;
        }
    }

    /// <summary>Everything works again. Calls end, and each PBX restarts, so that each is logged in to and compared.</summary>
    private async Task<TimeSpan> HealAsync(SoakInstallation installation)
    {
        for (var i = 0; i < installation.Pbxs.Count; i++)
        {
            SiteTrouble.Heal(installation.Pbxs[i], installation.Relay, i);
        }

        _ = await Eventually.Holds(() => installation.Pbxs.All(pbx => pbx.Calls.Count == 0), "all calls end", options.Patience);
        foreach (var pbx in installation.Pbxs)
        {
            await pbx.RebootAsync();
        }

        say("Everything works again; calls are over, and each PBX restarted.");
        return installation.Relay.Now;
    }

    private async Task<(Finding Finding, IReadOnlyList<string> Wrong)> VerifyAsync(SoakInstallation installation, LedgerAudit audit, CancellationToken ct)
    {
        var finding = await audit.CompareAsync(ct);
        var records = installation.Relay.Records!;
        try
        {
            _ = await Eventually.Holds(async () => (finding = await audit.CompareAsync(ct)).Differences.Count == 0, "the ledger holds what the PBXs wrote", options.Patience);

            // Nor does it change when it is compared once more.
            var now = TimeProvider.System.GetUtcNow();
            _ = await Eventually.Holds(() => audit.WasComparedAfterAsync(now, ct), "each site is compared once more", options.Patience);
            _ = await Eventually.Holds(records.RecheckAsync, "all that was acknowledged is looked for", options.Patience);
            finding = await audit.CompareAsync(ct);
        }
        catch (TimeoutException e)
        {
            say(e.Message);
        }

        return (finding,
        [
            .. finding.Differences,
            .. records.Missing.Select(record => $"acknowledged before it was committed  {record}"),
            .. await audit.NotPushedAsync(records.All, ct),
            .. await audit.CountAsync("pbx.call_record_inbox", ct) is > 0 and var odd ? [$"{odd} records were kept as they came"] : Array.Empty<string>(),
            .. installation.Pbxs.Where(pbx => pbx.Counters.LoginsFailed > 0).Select(pbx => $"{pbx.Counters.LoginsFailed} wrong logins at PBX {pbx.Index}"),
        ]);
    }

    private void Report(SoakInstallation installation, Finding finding, int failedCalls, TimeSpan healing)
    {
        var records = installation.Relay.Records!;
        say(string.Create(CultureInfo.InvariantCulture, $"Calls {_plan.Calls.Count - failedCalls}, records {finding.Wanted}, in the ledger {finding.Found}: {finding.BothWays} told by push and catch-up, {finding.OnlyPushed} by push alone, {finding.OnlyCaughtUp} by catch-up alone; {finding.Differences.Count} differences."));
        say(string.Create(CultureInfo.InvariantCulture, $"Records acknowledged {records.All.Count}, of these not committed at that moment {records.Missing.Count}."));
        say("Reports: " + string.Join(", ", installation.Relay.Counts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => $"{count.Value} {count.Key}")) + ".");
        say("Faults: " + string.Join(", ", _plan.Disturbances.GroupBy(disturbance => disturbance.Kind).OrderBy(kind => kind.Key).Select(kind => $"{kind.Count()} {kind.Key}")) + ".");
        foreach (var (disturbance, broken) in _breakages.Where(breakage => breakage.Broken.IsCompletedSuccessfully))
        {
            // Waited for long ago: the torment is over.
            var brokenAt = broken.GetAwaiter().GetResult();
            var again = installation.Relay.FirstTakenAfter(brokenAt);
            say(again.Count == installation.Pbxs.Count
                ? string.Create(CultureInfo.InvariantCulture, $"{disturbance.Kind} {disturbance.Site}: a report of each site was taken again after {(again.Values.Max() - brokenAt).TotalSeconds:0.0} s.")
                : $"{disturbance.Kind} {disturbance.Site}: not every site had anything to report afterwards.");
        }

        say(string.Create(CultureInfo.InvariantCulture, $"The ledger was exact {healing.TotalSeconds:0.0} s after everything worked again, a further comparison included."));
    }

    private void SayProgress(SoakInstallation installation, TimeSpan passed)
    {
        var reports = installation.Relay.Counts;
        say(string.Create(
            CultureInfo.InvariantCulture,
            $"{passed.TotalSeconds,5:0} of {options.Duration.TotalSeconds:0} s: {_plan.Calls.Count(call => call.At <= passed)} calls, {installation.Pbxs.Sum(pbx => pbx.Cdrs.Count)} records, {reports.GetValueOrDefault("200")} reports taken, {reports.Where(count => count.Key != "200").Sum(count => count.Value)} not taken or not heard."));
    }

    private static async Task<bool> TryCallAsync(SimulatedPbx pbx, PlannedCall call, CancellationToken ct)
    {
        try
        {
            _ = call.FromOutside ? await pbx.PlaceInboundCallAsync(call.From, call.To, call.Plan, ct) : await pbx.PlaceCallAsync(call.From, call.To, call.Plan, ct);
            return true;
        }
        catch (ArgumentException)
        {
            // Of its own accord a call can never be the same as one that runs.
            return false;
        }
    }
}
