using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Grains.Cdrs;
using PbxGrains.Grains.Moves;
using PbxGrains.Yeastar.Client;
using PbxGrains.Yeastar.Reports;

namespace PbxGrains.Grains.Calls;

/// <summary>
/// One call as a small state machine over its legs. Reports may come in any order, repeated or late: a leg only moves
/// forward (ringing, talking, ended; hold goes to and fro), and a finished call never reopens.
/// </summary>
public sealed class TrackedCall(CallId id, DateTimeOffset startedAt, DateTimeOffset seenAt)
{
    // A paging call to a whole house has many legs; a PBX that invents legs must not fill our memory.
    private const int MostLegs = 300;

    private readonly List<TrackedLeg> _legs = [];

    internal TrackedCall(CallHandOver call)
        : this(call.Id, call.StartedAt, call.SeenAt)
    {
        (ConfirmedAt, AnsweredAt, EndedAt, MissedRounds) = (call.ConfirmedAt, call.AnsweredAt, call.EndedAt, call.MissedRounds);
        (FailureReason, Reference, AgentId, Originator, Destination) = (call.FailureReason, call.Reference, call.AgentId, call.Originator, call.Destination);
        _legs.AddRange(call.Legs.Select(l => new TrackedLeg(l)));
    }

    /// <summary>The call's id; a leg's handle for as long as the PBX did not tell it (dialect 1.1.0 lists).</summary>
    public CallId Id { get; internal set; } = id;

    /// <summary>When it started, by its id or first sight, UTC.</summary>
    public DateTimeOffset StartedAt { get; } = startedAt;

    /// <summary>When we first heard of it, by our clock, UTC.</summary>
    public DateTimeOffset SeenAt { get; } = seenAt;

    /// <summary>When the PBX last confirmed it, UTC.</summary>
    public DateTimeOffset ConfirmedAt { get; private set; } = seenAt;

    /// <summary>When both sides first talked, UTC; null before.</summary>
    public DateTimeOffset? AnsweredAt { get; private set; }

    /// <summary>When it ended, UTC; null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Why it failed, in the PBX's words; null when it did not.</summary>
    public string? FailureReason { get; internal set; }

    /// <summary>The reference given at originate; null when started elsewhere.</summary>
    public string? Reference { get; internal set; }

    /// <summary>The agent it was originated for; null when for nobody or started elsewhere.</summary>
    public string? AgentId { get; internal set; }

    /// <summary>The extension that called at originate; null when started elsewhere.</summary>
    public ExtensionNumber? Originator { get; internal set; }

    /// <summary>What was dialled at originate; null when started elsewhere.</summary>
    public string? Destination { get; internal set; }

    /// <summary>Rounds in a row in which a list that should name it did not.</summary>
    public int MissedRounds { get; internal set; }

    /// <summary>True while all we know of it is that the PBX accepted our dial.</summary>
    public bool Unconfirmed => Destination is not null && _legs.TrueForAll(l => l.State == LegState.Unknown);

    /// <summary>Its legs in the order they appeared.</summary>
    public IReadOnlyList<TrackedLeg> Legs => _legs;

    /// <summary>Where it stands.</summary>
    public CallState State
    {
        get
        {
            if (EndedAt is not null)
            {
                return CallState.Ended;
            }

            var live = _legs.Where(l => l.State != LegState.Ended).ToList();
            return live switch
            {
                _ when live.Any(l => l.State == LegState.OnHold) => CallState.OnHold,
                _ when live.Count(l => l.State == LegState.Talking) >= 2 => CallState.Talking,
                _ when live.Any(l => l.State is LegState.Ringing or LegState.Calling) => CallState.Ringing,
                _ when AnsweredAt is not null => CallState.Talking,
                _ => CallState.Started,
            };
        }
    }

    /// <summary>Direction, as far as the legs tell.</summary>
    public CallDirection Direction =>
        _legs.Any(l => l.Kind == LegKind.Inbound) ? CallDirection.Inbound
        : _legs.Any(l => l.Kind == LegKind.Outbound) ? CallDirection.Outbound
        : _legs.Count >= 2 ? CallDirection.Internal
        : CallDirection.Unknown;

    /// <summary>Who calls, as dialled; null when unknown.</summary>
    public string? Caller =>
        Originator?.Value
        ?? _legs.Find(l => l.Kind == LegKind.Inbound)?.From
        ?? _legs.Find(l => l is { Kind: LegKind.Extension, CallerSide: true })?.Number
        ?? _legs.Find(l => l.Kind == LegKind.Outbound)?.From;

    /// <summary>Who is called, as dialled; null when unknown.</summary>
    /// <remarks>The phone of an originating extension rings first, which looks as if it were called.</remarks>
    public string? Callee =>
        Destination
        ?? _legs.Find(l => l.Kind == LegKind.Outbound)?.To
        ?? _legs.Find(l => l is { Kind: LegKind.Extension, CallerSide: false })?.Number
        ?? _legs.Find(l => l.Kind == LegKind.Inbound)?.To;

    /// <summary>The other party from an extension's point of view; null when unknown.</summary>
    public string? PartnerOf(ExtensionNumber number)
    {
        var outside = _legs.Find(l => l.Kind != LegKind.Extension && l.State != LegState.Ended);
        if (outside is not null)
        {
            return outside.Kind == LegKind.Inbound ? outside.From : outside.To;
        }

        return _legs.Find(l => l.Kind == LegKind.Extension && l.Number != number.Value && l.State != LegState.Ended)?.Number ?? Destination;
    }

    /// <summary>Applies what a report or list says of one leg.</summary>
    /// <returns>The leg when its state moved; null when it is old news or the call is over.</returns>
    public TrackedLeg? Apply(PbxLeg leg, DateTimeOffset at)
    {
        if (EndedAt is not null)
        {
            return null;
        }

        Confirm(at);
        var known = _legs.Find(l => l.IsSame(leg));
        if (known is null)
        {
            if (_legs.Count >= MostLegs)
            {
                return null;
            }

            known = new TrackedLeg(leg);
            _legs.Add(known);
        }

        var talked = known.Talked;
        var moved = known.Move(leg, at);
        known.JoinedLate |= AnsweredAt is not null && known.Talked && !talked;
        if (AnsweredAt is null && _legs.Count(l => l.State is LegState.Talking or LegState.OnHold) >= 2)
        {
            AnsweredAt = at;
        }

        return moved ? known : null;
    }

    /// <summary>
    /// Extensions that took another one's place since this was asked last: they picked up when the call was answered already,
    /// and one that talked has left. The PBX reports some transfers as such and others not, legs it always reports.
    /// </summary>
    internal IReadOnlyList<TrackedLeg> TakeOvers()
    {
        if (!_legs.Exists(l => l is { Kind: LegKind.Extension, Talked: true, State: LegState.Ended }))
        {
            return [];
        }

        var successors = _legs.Where(l => l is { Kind: LegKind.Extension, JoinedLate: true, TookOver: false, State: LegState.Talking or LegState.OnHold }).ToList();
        successors.ForEach(l => l.TookOver = true);
        return successors;
    }

    /// <summary>Whether somebody has not hung up whom a record of the call does not name.</summary>
    internal bool HasPartyBeside(PbxCallRecord record)
    {
        var called = CalledParty.Of(record.To);
        string?[] named = [record.From, called.Number, called.AnsweredBy];
        return (record.From ?? record.To) is not null && _legs.Exists(leg => leg.State != LegState.Ended && leg.Kind switch
        {
            LegKind.Extension => !named.Contains(leg.Number, StringComparer.Ordinal),
            LegKind.Outbound => record.DestinationTrunk is null,
            _ => false,
        });
    }

    /// <summary>The PBX still knows it.</summary>
    public void Confirm(DateTimeOffset at)
    {
        MissedRounds = 0;
        if (at > ConfirmedAt)
        {
            ConfirmedAt = at;
        }
    }

    /// <summary>It is over. Ending it twice changes nothing.</summary>
    public void End(DateTimeOffset at) => EndedAt ??= at;

    /// <summary>True when every leg has hung up.</summary>
    public bool AllLegsEnded => _legs.Count > 0 && _legs.TrueForAll(l => l.State == LegState.Ended);

    internal CallHandOver HandOver() => new()
    {
        Id = Id,
        StartedAt = StartedAt,
        SeenAt = SeenAt,
        ConfirmedAt = ConfirmedAt,
        AnsweredAt = AnsweredAt,
        EndedAt = EndedAt,
        FailureReason = FailureReason,
        Reference = Reference,
        AgentId = AgentId,
        Originator = Originator,
        Destination = Destination,
        MissedRounds = MissedRounds,
        Legs = [.. _legs.Select(l => l.HandOver())],
    };

    /// <summary>The call as callers see it.</summary>
    public CallView View(SiteId site) => new()
    {
        Site = site,
        CallId = Id,
        State = State,
        Direction = Direction,
        Caller = Caller,
        Callee = Callee,
        StartedAt = StartedAt,
        AnsweredAt = AnsweredAt,
        EndedAt = EndedAt,
        FailureReason = FailureReason,
        Legs = [.. _legs.Select(l => l.View())],
        Reference = Reference,
        ConfirmedAt = ConfirmedAt,
    };
}
