using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Grains.Sites;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Calls;

/// <summary>Carries out commands on running calls: finds the leg the PBX wants named, asks once, and says what came of it.</summary>
public sealed class CallCommands(SiteSession session, SitePicture picture, TimeProvider time)
{
    /// <summary>Carries out one command.</summary>
    public async Task<CallCommandOutcome> RunAsync(CallId callId, CallCommand command, SiteConfiguration configuration, CancellationToken lifetime)
    {
        var (outcome, sessionEnded) = await TryAsync(callId, command, configuration, lifetime);

        // The PBX refused for the session's sake, so nothing was done: asking again is safe.
        return sessionEnded ? (await TryAsync(callId, command, configuration, lifetime)).Outcome : outcome;
    }

    private async Task<(CallCommandOutcome Outcome, bool SessionEnded)> TryAsync(CallId callId, CallCommand command, SiteConfiguration configuration, CancellationToken lifetime)
    {
        var login = await session.EnsureAsync(configuration, lifetime);
        if (!login.Succeeded)
        {
            return (Outcome(login.Failure, nothingSent: true), false);
        }

        var client = login.Value;
        var (call, failure) = await FindAsync(callId, client, lifetime);
        if (call is null)
        {
            return (failure is null ? new CallCommandOutcome(CallCommandResult.CallNotFound, "There is no such call, or it is over.") : Outcome(failure, nothingSent: true), GaveUp(failure));
        }

        var result = command switch
        {
            HangUp hangUp => await HangUpAsync(client, call, hangUp, lifetime),
            Transfer transfer => await OnLegAsync(call, transfer.Extension, leg => client.TransferAsync(new PbxTransfer(call.Id.Value, leg, OtherLeg(call, leg), transfer.Destination, Permission: null), lifetime)),
            Hold hold => await OnLegAsync(call, hold.Extension, leg => client.HoldAsync(leg, hold.On, lifetime)),
            Mute mute => await OnLegAsync(call, mute.Extension, leg => client.MuteAsync(leg, mute.On, lifetime)),
            Contracts.Calls.Monitor monitor => await OnLegAsync(call, monitor.Extension, leg => client.MonitorAsync(new PbxMonitor(monitor.Supervisor.Value, leg.Extension!, ModeOf(monitor.Mode)), lifetime)),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command, "A command of another version of this product."),
        };

        return (result switch
        {
            null => new CallCommandOutcome(CallCommandResult.LegNotFound, "The call has no such extension, or several: name one of them."),
            { Succeeded: true } => new CallCommandOutcome(CallCommandResult.Done),
            _ => Outcome(result.Failure, nothingSent: false),
        }, GaveUp(result?.Failure));

        bool GaveUp(PbxFailure? failure)
        {
            if (failure?.Kind != PbxFailureKind.SessionEnded)
            {
                return false;
            }

            session.Drop(client);
            return true;
        }
    }

    private async Task<(TrackedCall? Call, PbxFailure? Failure)> FindAsync(CallId callId, IPbxClient client, CancellationToken ct)
    {
        var call = picture.Calls.Find(callId);
        if (call?.EndedAt is not null)
        {
            return (null, null);
        }

        PbxFailure? failure = null;
        if (client.Dialect == PbxDialect.V2 && call?.Legs.Any(l => l.Handle is not null) != true)
        {
            var askedAt = time.GetUtcNow();
            var asked = await client.FindCallAsync(callId.Value, ct);
            failure = asked.Failure;
            if (asked is { Succeeded: true, Value: var found })
            {
                _ = picture.TakeCalls([found with { CallId = callId.Value }], askedAt);
            }
        }

        return (picture.Calls.Find(callId), failure);
    }

    private static async Task<PbxResult<Done>?> HangUpAsync(IPbxClient client, TrackedCall call, HangUp command, CancellationToken ct)
    {
        if (command.Extension is { } extension)
        {
            return await OnLegAsync(call, extension, leg => client.HangUpAsync(leg, ct));
        }

        // One leg of a two-party call takes the other with it; a leg already gone is no obstacle.
        PbxResult<Done>? last = null;
        foreach (var leg in call.Legs.Where(l => l.State != LegState.Ended).OrderBy(l => l.Kind == LegKind.Extension ? 0 : 1).ToList())
        {
            last = await client.HangUpAsync(leg.ToPbxLeg(), ct);
            if (last.Succeeded || last.Failure.Kind is not PbxFailureKind.Refused)
            {
                return last;
            }
        }

        return last;
    }

    private static async Task<PbxResult<Done>?> OnLegAsync(TrackedCall call, ExtensionNumber? extension, Func<PbxLeg, Task<PbxResult<Done>>> act)
    {
        var legs = call.Legs.Where(l => l.Kind == LegKind.Extension && l.State != LegState.Ended && (extension is null || l.Number == extension.Value.Value)).ToList();
        return legs.Count == 1 || (legs.Count > 1 && extension is not null) ? await act(legs[^1].ToPbxLeg()) : null;
    }

    private static PbxLeg? OtherLeg(TrackedCall call, PbxLeg leg) =>
        call.Legs.FirstOrDefault(l => l.State != LegState.Ended && l.Handle != leg.Handle && (l.Kind != LegKind.Extension || l.Number != leg.Extension))?.ToPbxLeg();

    private static PbxMonitorMode ModeOf(MonitorMode mode) => mode switch
    {
        MonitorMode.Whisper => PbxMonitorMode.Whisper,
        MonitorMode.Barge => PbxMonitorMode.Barge,
        _ => PbxMonitorMode.Listen,
    };

    private static CallCommandOutcome Outcome(PbxFailure failure, bool nothingSent) => failure.Kind switch
    {
        PbxFailureKind.NotReached or PbxFailureKind.CertificateRefused or PbxFailureKind.CredentialsRejected or PbxFailureKind.AddressLocked =>
            new CallCommandOutcome(CallCommandResult.PbxUnreachable, failure.Message, failure.RawCode),
        PbxFailureKind.NoAnswer or PbxFailureKind.UnexpectedAnswer =>
            new CallCommandOutcome(nothingSent ? CallCommandResult.PbxUnreachable : CallCommandResult.Unknown, failure.Message, failure.RawCode),
        PbxFailureKind.NotSupported => new CallCommandOutcome(CallCommandResult.NotSupported, failure.Message, failure.RawCode),
        PbxFailureKind.Refused when failure.Code is PbxErrorCode.CallIdNotFound or PbxErrorCode.CallNotFound =>
            new CallCommandOutcome(CallCommandResult.CallNotFound, failure.Message, failure.RawCode),
        _ => new CallCommandOutcome(CallCommandResult.Refused, failure.Message, failure.RawCode),
    };
}
