using System.Text.Json;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Contracts.Events;
using PbxGrains.Grains.Calls;
using PbxGrains.Grains.Cdrs;
using PbxGrains.Storage.Events;
using PbxGrains.Yeastar.Time;

namespace PbxGrains.Grains.Events;

/// <summary>
/// What a moving call means to a CRM. Pure. Ringing, answered and ended have names made of the call, so that an actor that
/// starts anew and tells them again adds nothing to the log.
/// </summary>
/// <param name="site">The site.</param>
/// <param name="agentOf">The agent who has an extension; null when nobody has.</param>
public sealed class CallEvents(SiteId site, Func<string, string?> agentOf)
{
    /// <summary>A PBX's clock may be wrong by years; events with a name so old or so far ahead would be gone at once, or never.</summary>
    private static readonly TimeSpan FarthestStart = TimeSpan.FromDays(1);

    /// <summary>The events of one move, in their order.</summary>
    /// <param name="move">The move.</param>
    /// <param name="country">ISO 3166 code of the site's country; null when not known.</param>
    /// <param name="at">When it moved.</param>
    public IReadOnlyList<EventRow> Of(CallMove move, string? country, DateTimeOffset at)
    {
        var call = move.Call;
        List<EventRow> events = [];
        foreach (var leg in move.Legs)
        {
            foreach (var type in TypesOf(leg, call.Direction))
            {
                Tell(type, leg);
            }
        }

        foreach (var successor in move.TookOver)
        {
            Tell(EventTypes.CallTransferred, successor);
        }

        if (move.Ended)
        {
            Tell(EventTypes.CallEnded, leg: null);
        }

        return events;

        void Tell(string type, TrackedLeg? leg)
        {
            var extension = leg?.Kind == LegKind.Extension ? leg.Number : null;
            events.Add(Row(type, extension, call, country, at));
        }
    }

    /// <summary>
    /// A phone that was picked up has rung, also where that report was overtaken or lost. Of the caller's own side there is
    /// nothing to tell: that the other side rings or answers says it.
    /// </summary>
    private static IEnumerable<string> TypesOf(TrackedLeg leg, CallDirection direction) => (leg.Before, leg.State) switch
    {
        (LegState.OnHold, LegState.Talking) => [EventTypes.CallResumed],
        (_, LegState.OnHold) => [EventTypes.CallHeld],
        _ when !IsCalled(leg, direction) => [],
        (_, LegState.Ringing or LegState.Calling) => [EventTypes.CallRinging],
        (LegState.Ringing or LegState.Calling, LegState.Talking) => [EventTypes.CallAnswered],
        (_, LegState.Talking) => [EventTypes.CallRinging, EventTypes.CallAnswered],
        _ => [],
    };

    private static bool IsCalled(TrackedLeg leg, CallDirection direction) => leg.Kind switch
    {
        LegKind.Outbound => true,
        LegKind.Extension => leg.CallerSide is false || (leg.CallerSide is null && direction == CallDirection.Inbound),
        _ => false,
    };

    private EventRow Row(string type, string? extension, TrackedCall call, string? country, DateTimeOffset at)
    {
        var agent = AgentOf(extension, call);
        return new EventRow
        {
            Id = NameOf(type, extension, call, at),
            Type = type,
            SiteId = site.Value,
            Subject = $"calls/{call.Id.Value}",
            OccurredAt = at,
            CallId = call.Id.Value,
            AgentId = agent,
            Extensions = Extensions(call),
            Data = JsonSerializer.Serialize(DataOf(extension, agent, call, country), EventJson.Words.CallEvent),
        };
    }

    private Guid NameOf(string type, string? extension, TrackedCall call, DateTimeOffset at)
    {
        if (type is not (EventTypes.CallRinging or EventTypes.CallAnswered or EventTypes.CallEnded))
        {
            return Guid.CreateVersion7(at);
        }

        var began = PbxTime.CallIdEpoch(call.Id.Value);
        var time = began is { } known && (at - known).Duration() <= FarthestStart ? known : new DateTimeOffset(at.UtcDateTime.Date, TimeSpan.Zero);
        return EventName.Of(time, site.Value, call.Id.Value, type, extension ?? "");
    }

    private CallEvent DataOf(string? extension, string? agent, TrackedCall call, string? country)
    {
        var direction = call.Direction;
        var inbound = call.Legs.FirstOrDefault(l => l.Kind == LegKind.Inbound);
        return new CallEvent(
            site.Value,
            call.Id.Value,
            extension,
            agent,
            call.State,
            direction,
            call.Caller,
            direction == CallDirection.Inbound ? PublicNumber.E164(call.Caller, country) : null,
            call.Callee,
            direction == CallDirection.Outbound ? PublicNumber.E164(call.Callee, country) : null,
            call.Legs.Select(l => l.Trunk).FirstOrDefault(t => t is not null),
            inbound?.To,
            call.Reference,
            call.StartedAt,
            call.AnsweredAt,
            call.EndedAt,
            call.FailureReason,
            [.. call.Legs.Select(l => new CallEventParty(l.Kind, l.View().Number, l.State))]);
    }

    private string? AgentOf(string? extension, TrackedCall call)
    {
        if (extension is not null)
        {
            return agentOf(extension) ?? call.AgentId;
        }

        return call.AgentId ?? (Extensions(call).Select(agentOf).OfType<string>().Distinct(StringComparer.Ordinal).Take(2).ToList() is [var only] ? only : null);
    }

    private static List<string> Extensions(TrackedCall call) =>
        [.. call.Legs.Where(l => l.Kind == LegKind.Extension).Select(l => l.Number).OfType<string>().Distinct(StringComparer.Ordinal)];
}
