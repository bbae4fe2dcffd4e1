using PbxGrains.Contracts.Calls;
using PbxGrains.Grains.Moves;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Calls;

/// <summary>One leg of a tracked call. Its state only moves forward.</summary>
public sealed class TrackedLeg
{
    /// <summary>A list that was asked for before a report came must not undo what the report said.</summary>
    private DateTimeOffset _movedAt = DateTimeOffset.MinValue;

    internal TrackedLeg(PbxLeg leg)
    {
        Kind = leg.Kind switch
        {
            PbxLegKind.Inbound => LegKind.Inbound,
            PbxLegKind.Outbound => LegKind.Outbound,
            _ => LegKind.Extension,
        };
        Number = leg.Extension;
        Fill(leg);
    }

    internal TrackedLeg(LegHandOver leg)
    {
        (Kind, Number, From, To, Trunk, Handle, Via) = (leg.Kind, leg.Number, leg.From, leg.To, leg.Trunk, leg.Handle, leg.Via);
        (State, Before, Talked, JoinedLate, TookOver, CallerSide, _movedAt) = (leg.State, leg.Before, leg.Talked, leg.JoinedLate, leg.TookOver, leg.CallerSide, leg.MovedAt);
    }

    /// <summary>Kind of leg.</summary>
    public LegKind Kind { get; }

    /// <summary>Number of an extension leg.</summary>
    public string? Number { get; }

    /// <summary>Caller of a trunk leg.</summary>
    public string? From { get; private set; }

    /// <summary>Number dialled on a trunk leg.</summary>
    public string? To { get; private set; }

    /// <summary>Trunk.</summary>
    public string? Trunk { get; private set; }

    /// <summary>What the PBX names it by in requests.</summary>
    public string? Handle { get; private set; }

    /// <summary>IVR, queue or ring group passed.</summary>
    public string? Via { get; private set; }

    /// <summary>State.</summary>
    public LegState State { get; private set; }

    /// <summary>The state before the last move.</summary>
    public LegState Before { get; private set; }

    /// <summary>True once it talked.</summary>
    public bool Talked { get; private set; }

    /// <summary>True when it picked up after both sides talked already.</summary>
    internal bool JoinedLate { get; set; }

    /// <summary>True once it was noticed that it took another extension's place.</summary>
    internal bool TookOver { get; set; }

    /// <summary>True on the caller's side, false on the callee's, null while nothing tells.</summary>
    public bool? CallerSide { get; private set; }

    /// <summary>The leg as the PBX's client wants it.</summary>
    public PbxLeg ToPbxLeg() => new()
    {
        Kind = Kind switch
        {
            LegKind.Inbound => PbxLegKind.Inbound,
            LegKind.Outbound => PbxLegKind.Outbound,
            _ => PbxLegKind.Extension,
        },
        Extension = Number,
        From = From,
        To = To,
        Trunk = Trunk,
        Handle = Handle,
    };

    internal bool IsSame(PbxLeg leg)
    {
        var other = leg.Kind switch
        {
            PbxLegKind.Inbound => LegKind.Inbound,
            PbxLegKind.Outbound => LegKind.Outbound,
            _ => LegKind.Extension,
        };
        if (other != Kind || leg.Extension != Number)
        {
            return false;
        }

        if (leg.Handle is not null && Handle is not null)
        {
            return leg.Handle == Handle;
        }

        return Kind == LegKind.Extension || ((leg.From is null || From is null || leg.From == From) && (leg.To is null || To is null || leg.To == To));
    }

    /// <summary>Takes what was said of the leg at a time, unless something newer is known.</summary>
    internal bool Move(PbxLeg leg, DateTimeOffset at)
    {
        Fill(leg);
        var next = leg.Status switch
        {
            PbxLegStatus.Alert => LegState.Calling,
            PbxLegStatus.Ring => LegState.Ringing,
            PbxLegStatus.Answer or PbxLegStatus.Answered => LegState.Talking,
            PbxLegStatus.Hold => LegState.OnHold,
            PbxLegStatus.Bye => LegState.Ended,
            _ => LegState.Unknown,
        };
        if (at < _movedAt || !MayMove(State, next))
        {
            return false;
        }

        _movedAt = at;
        (Before, State) = (State, next);
        Talked |= next == LegState.Talking;
        return true;
    }

    internal LegHandOver HandOver() => new()
    {
        Kind = Kind,
        Number = Number,
        From = From,
        To = To,
        Trunk = Trunk,
        Handle = Handle,
        Via = Via,
        State = State,
        Before = Before,
        Talked = Talked,
        JoinedLate = JoinedLate,
        TookOver = TookOver,
        CallerSide = CallerSide,
        MovedAt = _movedAt,
    };

    internal LegView View() => new()
    {
        Kind = Kind,
        Number = Kind switch { LegKind.Inbound => From, LegKind.Outbound => To, _ => Number },
        Trunk = Trunk,
        State = State,
        Dialled = Kind == LegKind.Inbound ? To : null,
        Via = Via,
    };

    private static bool MayMove(LegState from, LegState to) => (from, to) switch
    {
        (_, LegState.Unknown) => false,
        (LegState.Ended, _) => false,
        (LegState.OnHold, LegState.Talking) => true,
        _ => to > from,
    };

    private void Fill(PbxLeg leg)
    {
        From ??= leg.From;
        To ??= leg.To;
        Trunk ??= leg.Trunk;
        Handle ??= leg.Handle;
        Via ??= leg.Via;
        CallerSide ??= leg.Status switch
        {
            PbxLegStatus.Alert or PbxLegStatus.Answered => true,
            PbxLegStatus.Ring or PbxLegStatus.Answer => false,
            _ => null,
        };
    }
}
