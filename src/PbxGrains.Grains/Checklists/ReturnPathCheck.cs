using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Contracts.Checklists;
using PbxGrains.Grains.Sites;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Checklists;

/// <summary>
/// Proves the way back, when somebody asked for it: a short call between two extensions whose people know, dialled like any
/// other, and then this very call's record has to arrive by itself.
/// </summary>
internal sealed class ReturnPathCheck(TimeProvider time)
{
    public const string Id = "webhook.return-path";

    /// <summary>Time for the two to pick up.</summary>
    public static readonly TimeSpan RingsFor = TimeSpan.FromSeconds(20);

    /// <summary>Time for the record to arrive once the call is over.</summary>
    public static readonly TimeSpan ArrivesWithin = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    public IEnumerable<Check> All => [new(Id, [PermissionChecks.Extensions, PermissionChecks.Originate], RunAsync)];

    private async Task<Measured> RunAsync(CheckRound round, CancellationToken ct)
    {
        if (round.Request.ReturnPath is not { } path)
        {
            return WebhookFindings.NotAsked.With();
        }

        var unusable = new[] { path.Caller, path.Callee }.Where(number => !IsUsable(round, number)).Select(number => number.Value).ToList();
        if (unusable.Count > 0)
        {
            return WebhookFindings.PhoneUnusable.With(("extensions", unusable));
        }

        var dial = new OriginateRequest { Extension = path.Caller, Destination = path.Callee.Value, AutoAnswer = true };
        var outcome = await round.Work.Desk.StartAsync(dial, round.Configuration, ct);
        return outcome switch
        {
            { State: OriginateState.Accepted, CallId: { } call } => await FollowAsync(round, path, call, ct),
            { State: OriginateState.Refused } => WebhookFindings.CallRefused.With(("caller", path.Caller.Value), ("callee", path.Callee.Value), ("detail", outcome.Message)),
            _ => WebhookFindings.CallUnknown.With(("caller", path.Caller.Value), ("callee", path.Callee.Value)),
        };
    }

    private async Task<Measured> FollowAsync(CheckRound round, ReturnPathCall path, CallId call, CancellationToken ct)
    {
        round.Loop?.Kick(SiteRounds.Soon);
        _ = await WaitAsync(RingsFor, () => round.Work.Picture.Calls.Find(call) is { } known && (known.AnsweredAt ?? known.EndedAt) is not null, ct);
        var answered = round.Work.Picture.Calls.Find(call)?.AnsweredAt is not null;
        if (round.Work.Picture.Calls.Find(call)?.EndedAt is null)
        {
            _ = await round.Work.Commands.RunAsync(call, new HangUp(Extension: null), round.Configuration, ct);
        }

        var endedAt = round.Work.Picture.Calls.Find(call)?.EndedAt ?? time.GetUtcNow();
        round.Loop?.Kick(SiteRounds.Soon);
        var came = await WaitAsync(ArrivesWithin, () => round.Work.Intake.Tally.RecordArrivedAt(call) is not null, ct);
        var arrivedAt = round.Work.Intake.Tally.RecordArrivedAt(call);
        return (came ? WebhookFindings.RecordCameBack : WebhookFindings.RecordNeverCame).With(
            ("call", call.Value),
            ("caller", path.Caller.Value),
            ("callee", path.Callee.Value),
            ("answered", answered ? "yes" : "no"),
            ("delay", arrivedAt is { } at ? (at > endedAt ? at - endedAt : TimeSpan.Zero) : null),
            ("waited", came ? null : ArrivesWithin));
    }

    private static bool IsUsable(CheckRound round, ExtensionNumber number) =>
        round.Extensions!.Any(extension => extension.Number == number.Value && extension.Status == PbxExtensionStatus.Idle);

    /// <summary>Waits for something the actor learns meanwhile, by report or poll.</summary>
    private async Task<bool> WaitAsync(TimeSpan limit, Func<bool> condition, CancellationToken ct)
    {
        var until = time.GetUtcNow() + limit;
        while (!condition())
        {
            if (time.GetUtcNow() >= until)
            {
                return false;
            }

            await Task.Delay(Look, time, ct);
        }

        return true;
    }
}
