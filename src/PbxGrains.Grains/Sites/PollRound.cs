using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Grains.Calls;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Sites;

/// <summary>What a poll round brought.</summary>
/// <param name="Failure">Why it failed; null when it worked.</param>
/// <param name="Change">What it changed in the picture.</param>
public sealed record PollOutcome(PbxFailure? Failure, PictureChange Change)
{
    /// <summary>The site was reconfigured meanwhile: what was asked no longer counts, neither as success nor as failure.</summary>
    public bool Superseded { get; init; }
}

/// <summary>
/// One round of asking a PBX: session, heartbeat, extension states, running calls. Calls are asked for only while there
/// may be some, so that a quiet site costs one request a round.
/// </summary>
public sealed class PollRound(SitePicture picture, SiteSession session, TimeProvider time)
{
    private const int AskForCallsEvery = 6;
    private const int MostCallsLookedUp = 5;
    private const int RoundsUntilGone = 2;

    /// <summary>A PBX that accepted a dial may take this long until its lists know the call.</summary>
    private static readonly TimeSpan ShowsWithin = TimeSpan.FromSeconds(5);

    private int _rounds;

    /// <summary>Asks once.</summary>
    public async Task<PollOutcome> RunAsync(SiteConfiguration configuration, CancellationToken ct)
    {
        var era = session.Era;
        var outcome = await TryAsync(configuration, era, ct);
        if (era == session.Era && outcome.Failure?.Kind == PbxFailureKind.SessionEnded)
        {
            outcome = await TryAsync(configuration, era, ct);
        }

        return era == session.Era ? outcome : Superseded;
    }

    private static PollOutcome Superseded => new(Failure: null, PictureChange.None) { Superseded = true };

    private async Task<PollOutcome> TryAsync(SiteConfiguration configuration, long era, CancellationToken ct)
    {
        var login = await session.EnsureAsync(configuration, ct);
        if (!login.Succeeded)
        {
            return Failed(login.Failure);
        }

        var client = login.Value;
        var failure = await session.HeartbeatIfDueAsync(client, configuration, ct);
        if (failure is not null)
        {
            return Failed(failure, client);
        }

        var askedAt = time.GetUtcNow();
        var extensions = await client.ListExtensionsAsync(ct);
        if (era != session.Era)
        {
            return Superseded;
        }

        if (!extensions.Succeeded)
        {
            return Failed(extensions.Failure, client);
        }

        var change = picture.TakeExtensions(extensions.Value, askedAt, time.GetUtcNow());
        if (!MayHaveCalls())
        {
            return new PollOutcome(Failure: null, change);
        }

        var calls = await PollCallsAsync(client, era, ct);
        return calls.Failure is null
            ? new PollOutcome(Failure: null, Together(change, calls.Change))
            : Failed(calls.Failure, client, Together(change, calls.Change));
    }

    private bool MayHaveCalls() =>
        _rounds++ % AskForCallsEvery == 0 || picture.Calls.RunningCount > 0 || picture.Extensions.AnyActive;

    private async Task<PollOutcome> PollCallsAsync(IPbxClient client, long era, CancellationToken ct)
    {
        var askedAt = time.GetUtcNow();
        var calls = await client.ListCallsAsync(ct);
        if (era != session.Era)
        {
            return Superseded;
        }

        if (!calls.Succeeded)
        {
            // Old firmware may not know the request; extension states are what matters.
            return new PollOutcome(calls.Failure.Kind == PbxFailureKind.NotSupported ? null : calls.Failure, PictureChange.None);
        }

        var change = picture.TakeCalls(calls.Value, askedAt);
        foreach (var call in picture.Calls.Running.Where(c => c.ConfirmedAt < askedAt).Take(MostCallsLookedUp).ToList())
        {
            change = Together(change, await LookUpAsync(client, call, era, ct));
        }

        return new PollOutcome(Failure: null, Together(change, picture.Tidy(time.GetUtcNow())));
    }

    /// <summary>A call no list names is over when the PBX says so (dialect 2.0.0), or when nothing shows it any more.</summary>
    private async Task<PictureChange> LookUpAsync(IPbxClient client, TrackedCall call, long era, CancellationToken ct)
    {
        var askedAt = time.GetUtcNow();
        var found = await client.FindCallAsync(call.Id.Value, ct);
        if (era != session.Era)
        {
            return PictureChange.None;
        }

        if (found.Succeeded)
        {
            return picture.TakeCalls([found.Value with { CallId = call.Id.Value }], askedAt);
        }

        var gone = found.Failure switch
        {
            { Kind: PbxFailureKind.Refused, Code: PbxErrorCode.CallIdNotFound or PbxErrorCode.CallNotFound } => true,
            { Kind: PbxFailureKind.NotSupported } => ++call.MissedRounds >= RoundsUntilGone && !ExtensionsStillActive(call),
            _ => false,
        };
        var heardSince = call.ConfirmedAt > askedAt;
        var justDialled = call.Unconfirmed && askedAt - call.SeenAt < ShowsWithin;
        return gone && !heardSince && !justDialled ? picture.EndCall(call.Id, time.GetUtcNow()) : PictureChange.None;
    }

    private bool ExtensionsStillActive(TrackedCall call) =>
        call.Direction is CallDirection.Internal or CallDirection.Unknown
        && call.Legs.Any(l => l.Kind == LegKind.Extension && l.State != LegState.Ended && IsActive(l.Number));

    private bool IsActive(string? number) =>
        ExtensionNumber.TryParse(number, out var parsed)
        && picture.Extensions.Find(parsed)?.Status is ExtensionStatus.Ringing or ExtensionStatus.Busy or ExtensionStatus.OnHold;

    private PollOutcome Failed(PbxFailure failure, IPbxClient? client = null, PictureChange? change = null)
    {
        if (failure.Kind is PbxFailureKind.SessionEnded)
        {
            session.Drop(client);
        }

        return new PollOutcome(failure, change ?? PictureChange.None);
    }

    private static PictureChange Together(PictureChange a, PictureChange b) =>
        a == PictureChange.None ? b : b == PictureChange.None ? a : new PictureChange([.. a.Extensions, .. b.Extensions], a.AskSoon || b.AskSoon);
}
