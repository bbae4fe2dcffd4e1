using PbxGrains.Grains.Cdrs;
using PbxGrains.Storage.Checklists;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Checklists;

/// <summary>
/// What the PBX lets us do, each tried on its own and without doing anything: a call, an extension or an hour that cannot be.
/// "No such thing" proves that we may ask for it (fact sheet S-Series §6).
/// </summary>
internal sealed class PermissionChecks(SiteEvidence evidence, TimeProvider time)
{
    public const string Extensions = "permissions.extensions";
    public const string Cdr = "permissions.cdr";
    public const string Recording = "permissions.recording";
    public const string HangUp = "permissions.hangup";
    public const string Originate = "permissions.originate";

    /// <summary>No PBX has it: extensions are digits, and no route takes letters, so nothing can ring.</summary>
    private const string NoExtension = "pbxgrains-none";

    /// <summary>No PBX has it: ids begin with the seconds since 1970.</summary>
    private const string NoCall = "0.0";

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);
    private static readonly string[] Needs = [ApiChecks.Credentials];

    public IEnumerable<Check> All =>
    [
        new(Extensions, Needs, ExtensionsAsync),
        new(Cdr, Needs, CdrAsync),
        new(Recording, Needs, RecordingAsync),
        new(HangUp, Needs, HangUpAsync),
        new(Originate, Needs, OriginateAsync),
    ];

    /// <summary>What an answer says of a right, given the refusals that prove it. Pure.</summary>
    public static Measured Judge(PbxFailure? failure, params ReadOnlySpan<PbxErrorCode> proofs)
    {
        if (failure is null)
        {
            return PermissionFindings.RightProven.With();
        }

        return failure.Code is { } code && proofs.Contains(code) ? PermissionFindings.RightProven.With(("code", failure.RawCode))
            : failure.Kind == PbxFailureKind.NotSupported ? PermissionFindings.RightMissing.With(("code", failure.RawCode))
            : GeneralFindings.Of(failure);
    }

    /// <summary>What the answer to a request that cannot be fulfilled says: that it was fulfilled is no proof of anything. Pure.</summary>
    public static Measured JudgeImpossible(PbxFailure? failure, params ReadOnlySpan<PbxErrorCode> proofs) =>
        failure is null ? PermissionFindings.ImpossibleDone.With() : Judge(failure, proofs);

    private async Task<Measured> ExtensionsAsync(CheckRound round, CancellationToken ct)
    {
        var extensions = await round.AskAsync((client, token) => client.ListExtensionsAsync(token), ct);
        (round.Extensions, round.ExtensionsFailure) = (extensions.Value, extensions.Failure);
        if (!extensions.Succeeded)
        {
            return Judge(extensions.Failure);
        }

        return (extensions.Value.Count == 0 ? PermissionFindings.NoExtensions : PermissionFindings.ExtensionsListed)
            .With(("extensions", extensions.Value.Count), ("registered", extensions.Value.Count(e => e.Status is not (PbxExtensionStatus.Unregistered or PbxExtensionStatus.Fault))));
    }

    private async Task<Measured> CdrAsync(CheckRound round, CancellationToken ct)
    {
        var now = (round.Device?.Clock is { } clock ? PbxClockReading.Of(clock, round.DeviceAsked.AskedAt, round.DeviceAsked.AnsweredAt, round.Configuration.Zone) : PbxClockReading.Right)
            .WallClockAt(time.GetUtcNow(), round.Configuration.Zone);
        var file = await round.AskAsync((client, token) => client.OpenCallRecordsAsync(now - Window, now, token), ct);
        if (file.Succeeded)
        {
            await file.Value.DisposeAsync();
        }

        return Judge(file.Failure, PbxErrorCode.CallRecordsNotFound);
    }

    private async Task<Measured> RecordingAsync(CheckRound round, CancellationToken ct)
    {
        if (await evidence.NewestRecordingAsync(round.Site.Value, ct) is not { } name)
        {
            return PermissionFindings.NoRecordingYet.With();
        }

        var asked = await round.AskAsync((client, token) => client.AskForRecordingAsync(name, token), ct);
        return Judge(asked.Failure, PbxErrorCode.RecordingNotFound, PbxErrorCode.RecordingRandomInvalid);
    }

    private static async Task<Measured> HangUpAsync(CheckRound round, CancellationToken ct)
    {
        var leg = new PbxLeg { Kind = PbxLegKind.Inbound, Handle = NoCall };
        var answer = await round.AskAsync((client, token) => client.HangUpAsync(leg, token), ct);
        return JudgeImpossible(answer.Failure, PbxErrorCode.CallNotFound, PbxErrorCode.CallIdNotFound, PbxErrorCode.CallNotConnected);
    }

    private static async Task<Measured> OriginateAsync(CheckRound round, CancellationToken ct)
    {
        var dial = new PbxOriginate(NoExtension, NoExtension, DestinationIsExtension: true, Permission: null, AutoAnswer: false);
        var answer = await round.AskAsync((client, token) => client.OriginateAsync(dial, token), ct);
        return JudgeImpossible(
            answer.Failure, PbxErrorCode.ExtensionNotFound, PbxErrorCode.CalleeNotFound, PbxErrorCode.CalleeNotAcceptable, PbxErrorCode.NoOutboundPermission);
    }
}
