using PbxGrains.Simulator.Http;

namespace PbxGrains.Simulator.Calls;

/// <summary>Hands a running call to somebody else, at once or after a consultation. Used under the PBX's gate.</summary>
internal sealed class Transfers(SimulatedPbx pbx)
{
    private Switchboard Board => pbx.Switchboard;

    /// <summary>The transferor leaves, and whoever remains is connected with the target.</summary>
    /// <returns>Null when it is under way; else why not.</returns>
    public ErrorCode? Blind(Call call, Leg transferor, Destination target)
    {
        if (Refusal(target) is { } refusal)
        {
            return refusal;
        }

        var remaining = call.Legs.Find(leg => leg != transferor && leg.State is not LegState.Bye);
        if (remaining is null)
        {
            return ErrorCode.CallNotConnected;
        }

        Redirect(call, remaining, target);
        return null;
    }

    /// <summary>Connects one party with a new target; all others leave.</summary>
    /// <returns>Null when it is under way; else why not.</returns>
    public ErrorCode? Redirect(Call call, Leg remaining, Destination target)
    {
        if (Refusal(target) is { } refusal)
        {
            return refusal;
        }

        call.Pending = null;
        call.Rest();
        foreach (var leg in call.Legs.Where(leg => leg != remaining).ToList())
        {
            Board.Drop(leg);
        }

        var wasTalking = call.Answered is not null;
        if (wasTalking)
        {
            Board.Reports.Status(call);
            CallRecords.Close(pbx, call, "ANSWERED");
            call.Type = "Transfer";
            call.Answered = null;
            call.QueueEntered = null;
        }

        Switchboard.RemoveDropped(call);
        call.Caller = remaining;
        call.From = remaining.Number;
        call.To = target.Number;
        remaining.State = remaining.State is LegState.Ring ? LegState.Ring : LegState.Alert;
        pbx.CallFlow.Dial(call, target);
        return null;
    }

    /// <summary>The others wait while the transferor calls the target.</summary>
    /// <returns>Null when it is under way; else why not.</returns>
    public ErrorCode? Consult(Call call, Leg transferor, Destination target)
    {
        if (call.Answered is null || call.Consultation is not null)
        {
            return ErrorCode.CallNotConnected;
        }

        if (target is not (Destination.Telephone or Destination.Outside))
        {
            return Refusal(target) ?? ErrorCode.CalleeNotAcceptable;
        }

        if (target is Destination.Telephone { Extension.IsFree: false })
        {
            return ErrorCode.ExtensionNotIdle;
        }

        foreach (var leg in call.Legs.Where(leg => leg != transferor))
        {
            PutOnHold(leg);
        }

        var consulted = target is Destination.Telephone telephone
            ? Board.AddTelephone(call, telephone.Extension, LegState.Ring)
            : Board.AddOutbound(call, transferor.Number, target.Number);
        call.Consultation = consulted;
        Board.SetStatus(consulted.Extension, ExtensionStatus.Ringing);
        Board.Reports.Status(call);
        call.Next(call.Plan.Ring ?? pbx.Options.RingTime.Draw(call.Random), () =>
        {
            consulted.State = LegState.Answer;
            Board.SetStatus(consulted.Extension, ExtensionStatus.Busy);
            Board.Reports.Status(call);
            pbx.CallFlow.Talk(call);
        });
        return null;
    }

    /// <summary>Ends a consultation: <c>abort</c>, <c>complete</c>, <c>threeway</c>, or turns from one to the other: <c>swap</c>.</summary>
    /// <returns>Null when done; else why not.</returns>
    public ErrorCode? Operate(Call call, Leg transferor, string operation)
    {
        if (call.Consultation is not { } consulted)
        {
            return ErrorCode.CallNotConnected;
        }

        switch (operation)
        {
            case "abort":
                call.Consultation = null;
                Board.Drop(consulted);
                Resume(call.Legs);
                break;
            case "complete":
                call.Consultation = null;
                Board.Drop(transferor);
                Resume(call.Legs);
                CallRecords.Close(pbx, call, "ANSWERED");
                call.Type = "Transfer";
                call.Answered = pbx.Timeline.Now;
                call.To = consulted.Number;
                if (call.Caller == transferor)
                {
                    call.Caller = call.Legs.Find(leg => leg != transferor && leg != consulted) ?? consulted;
                    call.From = call.Caller.Number;
                }

                consulted.State = consulted.State is LegState.Ring ? LegState.Answer : consulted.State;
                Board.SetStatus(consulted.Extension, ExtensionStatus.Busy);
                break;
            case "threeway":
                call.Consultation = null;
                Resume(call.Legs);
                break;
            case "swap":
                foreach (var leg in call.Legs.Where(leg => leg != transferor).ToList())
                {
                    if (leg.State is LegState.Hold)
                    {
                        Resume([leg]);
                    }
                    else
                    {
                        PutOnHold(leg);
                    }
                }

                break;
            default:
                return ErrorCode.ParameterBlank;
        }

        Board.Reports.Status(call);
        Switchboard.RemoveDropped(call);
        pbx.CallFlow.Talk(call);
        return null;
    }

    /// <summary>A party waits.</summary>
    public void PutOnHold(Leg leg)
    {
        if (leg.State is LegState.Answer or LegState.Answered)
        {
            leg.BeforeHold = leg.State;
            leg.State = LegState.Hold;
            Board.SetStatus(leg.Extension, ExtensionStatus.Hold);
        }
    }

    /// <summary>Parties that wait talk again.</summary>
    public void Resume(IEnumerable<Leg> legs)
    {
        foreach (var leg in legs.Where(leg => leg.State is LegState.Hold).ToList())
        {
            leg.State = leg.BeforeHold;
            Board.SetStatus(leg.Extension, ExtensionStatus.Busy);
        }
    }

    private static ErrorCode? Refusal(Destination target) => target switch
    {
        Destination.Unknown => ErrorCode.CalledNumberUnknown,
        Destination.NotDialable => ErrorCode.CalleeNotAcceptable,
        _ => null,
    };
}
