using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Grains.Extensions;
using PbxGrains.Grains.Sites;
using PbxGrains.Storage.Calls;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Calls;

/// <summary>
/// Starts calls. Each dial is written down before it leaves; a dial whose answer was lost is unknown and is never
/// repeated: <see cref="OriginateFollowUp"/> tells later whether the call started.
/// </summary>
public sealed class OriginateDesk(SiteId site, SiteSession session, SitePicture picture, OriginateJournal journal, OriginateFollowUp followUp, TimeProvider time)
{
    /// <summary>What its answers showed of permissions.</summary>
    public SeenPermissions Permissions { get; } = new();

    /// <summary>True in the moment between a dial for the extension and its phone's ringing.</summary>
    public bool IsDialling(ExtensionNumber extension) => followUp.IsDialling(extension);

    /// <summary>Starts a call, or says why not. Runs to its end whatever becomes of the caller.</summary>
    public async Task<OriginateOutcome> StartAsync(OriginateRequest request, SiteConfiguration? configuration, CancellationToken lifetime)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow());
        if (await journal.ReplayAsync(request, lifetime) is { } earlier)
        {
            return earlier;
        }

        if (Objection(request, configuration) is { } refusal)
        {
            return await RefuseAsync(id, request, refusal.Why, refusal.Message, code: null, lifetime);
        }

        var login = await session.EnsureAsync(configuration!, lifetime);
        if (!login.Succeeded)
        {
            var (why, message, code) = OriginateRefusals.Of(login.Failure);
            return await RefuseAsync(id, request, why, message, code, lifetime);
        }

        followUp.Starting(id);
        var row = journal.NewRow(id, request);
        if (await journal.BeginAsync(row, lifetime) is { } raced)
        {
            return OriginateJournal.Replay(raced, request);
        }

        if (!followUp.BeginDial(request.Extension))
        {
            return journal.Failed(row, OriginateRefusal.ExtensionBusy, $"Another call is being started for extension {request.Extension}.", code: null, lifetime);
        }

        try
        {
            return await DialAsync(row, request, configuration!, login.Value, lifetime);
        }
        catch (Exception)
        {
            // Whatever broke here, a dial that was written down is asked after.
            _ = journal.Lost(row, lifetime);
            throw;
        }
        finally
        {
            followUp.EndDial(request.Extension);
        }
    }

    /// <summary>
    /// Nothing is dialled, unless it was meanwhile: of two wishes with one key that come together the other may be why the
    /// extension is busy now.
    /// </summary>
    private async Task<OriginateOutcome> RefuseAsync(Guid id, OriginateRequest request, OriginateRefusal why, string message, string? code, CancellationToken lifetime) =>
        await journal.ReplayAsync(request, lifetime) ?? journal.RefusedAtOnce(id, request, why, message, code);

    private async Task<OriginateOutcome> DialAsync(OriginateRow row, OriginateRequest request, SiteConfiguration configuration, IPbxClient client, CancellationToken lifetime)
    {
        var dial = new PbxOriginate(
            request.Extension.Value,
            request.Destination,
            ExtensionNumber.TryParse(request.Destination, out var other) && picture.Extensions.Find(other) is not null,
            request.CallerId,
            request.AutoAnswer);
        var answer = await client.OriginateAsync(dial, lifetime);
        if (answer.Failure?.Kind == PbxFailureKind.SessionEnded)
        {
            // The PBX refused for the session's sake, so nothing was dialled: asking again is safe.
            session.Drop(client);
            var again = await session.EnsureAsync(configuration, lifetime);
            answer = again.Succeeded ? await again.Value.OriginateAsync(dial, lifetime) : again.Failure;
        }

        if (answer.Succeeded && CallId.TryParse(answer.Value, out var callId))
        {
            _ = picture.Calls.Originated(callId, request.Extension, request.Destination, request.Reference, request.AgentId, time.GetUtcNow());
            Permissions.Note(request, allowed: true, time.GetUtcNow());
            return journal.Accepted(row, callId, lifetime);
        }

        if (answer.Failure is null or { Kind: PbxFailureKind.NoAnswer or PbxFailureKind.UnexpectedAnswer })
        {
            return journal.Lost(row, lifetime);
        }

        var (why, message, code) = OriginateRefusals.Of(answer.Failure);
        if (why == OriginateRefusal.NotPermitted)
        {
            Permissions.Note(request, allowed: false, time.GetUtcNow());
        }

        return journal.Failed(row, why, message, code, lifetime);
    }

    private (OriginateRefusal Why, string Message)? Objection(OriginateRequest request, SiteConfiguration? configuration)
    {
        if (configuration is null)
        {
            return (OriginateRefusal.SiteUnknown, "No such site. Register it first.");
        }

        if (configuration.Suspended)
        {
            return (OriginateRefusal.SiteSuspended, "The site is suspended. Resume it first.");
        }

        var now = time.GetUtcNow();
        if (picture.Extensions.Find(request.Extension) is not { } state)
        {
            var listed = picture.Extensions.ListedAt is not null;
            return listed ? (OriginateRefusal.ExtensionUnknown, $"The site's PBX has no extension {request.Extension}.") : null;
        }

        var bound = configuration.Periods.BoundAt(configuration.Periods.PushProven);
        var view = ExtensionJudge.View(new ExtensionId(site, request.Extension), state, picture.Extensions.ListedAt, bound, now);
        return view.Status switch
        {
            ExtensionStatus.Unregistered => (OriginateRefusal.ExtensionUnregistered, $"No phone is registered on extension {request.Extension}: it cannot ring."),
            ExtensionStatus.Ringing or ExtensionStatus.Busy or ExtensionStatus.OnHold => (OriginateRefusal.ExtensionBusy, $"Extension {request.Extension} is in a call."),
            _ => null,
        };
    }
}
