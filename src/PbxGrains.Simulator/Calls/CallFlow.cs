using PbxGrains.Simulator.Cdrs;
using PbxGrains.Simulator.Reports;

namespace PbxGrains.Simulator.Calls;

/// <summary>
/// Makes calls happen on one PBX: rings, answers, ends. Each step is planned on the timeline, so the clock is all it needs.
/// Used under the PBX's gate.
/// </summary>
internal sealed class CallFlow(SimulatedPbx pbx, Switchboard board, CdrLedger ledger)
{
    /// <summary>How long the trunk waits for an answer to Invite or Incoming.</summary>
    public static readonly TimeSpan ControlWindow = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan AutoAnswer = TimeSpan.FromSeconds(1);

    /// <summary>A telephone calls; calls of the API ring the caller first and dial when it picks up.</summary>
    public Call FromExtension(SimulatedExtension caller, Destination destination, CallPlan plan, bool isFromApi, bool autoAnswer)
    {
        var call = board.NewCall(destination is Destination.Outside ? "Outbound" : "Internal", caller.Number, destination.Number, plan, isFromApi);
        call.Caller = board.AddTelephone(call, caller, LegState.Ring);
        if (!isFromApi)
        {
            call.Caller.State = LegState.Alert;
            board.SetStatus(caller, ExtensionStatus.Busy);
            Dial(call, destination);
            return call;
        }

        board.SetStatus(caller, ExtensionStatus.Ringing);
        board.Reports.Rings(call, [call.Caller]);
        if (!plan.CallerPicksUp)
        {
            call.Next(pbx.Options.RingTimeout, () => Fail(call, CallOutcome.NoAnswer));
            return call;
        }

        call.Next(autoAnswer ? AutoAnswer : RingTime(call), () =>
        {
            call.Caller.State = LegState.Alert;
            board.SetStatus(caller, ExtensionStatus.Busy);
            Dial(call, destination);
        });
        return call;
    }

    /// <summary>The PBX dials out first, and then whatever the second number is (callback, dial from IVR, queue or ring group).</summary>
    public Call FromOutside(string first, Destination second, CallPlan plan)
    {
        var call = board.NewCall("Callback", first, second.Number, plan, isFromApi: true);
        call.Caller = board.AddOutbound(call, second.Number, first);
        board.Reports.Rings(call, [call.Caller]);
        call.Next(RingTime(call), () =>
        {
            call.Caller.State = LegState.Alert;
            Dial(call, second);
        });
        return call;
    }

    /// <summary>Somebody calls from the public network.</summary>
    public Call FromTrunk(string from, string dialled, CallPlan plan)
    {
        var destination = board.Numbers.ResolveInbound(dialled);
        var did = destination is Destination.Telephone telephone ? NumberPlan.DidOf(telephone.Number) : NumberPlan.DidOf(destination.Number);
        var call = board.NewCall("Inbound", from, destination.Number, plan, isFromApi: false, did, NumberPlan.Trunk);
        call.Caller = new Leg(PartyKind.Inbound, extension: null, from, destination.Number, NumberPlan.Trunk, call.Id, board.TrunkChannel());
        call.Legs.Add(call.Caller);
        if (plan.Control is InboundControl.None)
        {
            Dial(call, destination);
            return call;
        }

        call.Pending = () => Dial(call, destination);
        board.Reports.Asks(call, plan.Control is InboundControl.Answering ? "Invite" : "Incoming");
        call.Next(ControlWindow, () => Proceed(call));
        return call;
    }

    /// <summary>A controlled incoming call goes where it was going.</summary>
    public static void Proceed(Call call)
    {
        var pending = call.Pending;
        call.Pending = null;
        pending?.Invoke();
    }

    /// <summary>Rings a telephone and plays a prompt to whoever picks up.</summary>
    public Call PlayPrompt(Func<Call, Leg> addListener, string number, string prompt)
    {
        var call = board.NewCall("Internal", "", number, new CallPlan(), isFromApi: true);
        call.Caller = addListener(call);
        board.SetStatus(call.Caller.Extension, ExtensionStatus.Ringing);
        board.Reports.Rings(call, [call.Caller]);
        call.Next(RingTime(call), () =>
        {
            Answer(call, call.Caller);
            call.Next(TimeSpan.FromSeconds(3), () =>
            {
                pbx.Sender.Tell(new Report
                {
                    Action = "PlayPromptEnd",
                    Event = "PlayPromptEnd",
                    CallId = call.Id,
                    Parties = call.Members(withStatus: false),
                    PartiesAtRoot = true,
                    Members = _ => [("prompt", prompt)],
                });
                End(call, "ANSWERED");
            });
        });
        return call;
    }

    /// <summary>Rings whoever a number stands for, as part of a call that runs.</summary>
    public void Dial(Call call, Destination destination)
    {
        if (call.Plan.ForwardTo is { } forward && destination is Destination.Telephone && board.Numbers.Resolve(forward) is Destination.Telephone other && destination.Number != forward)
        {
            board.Reports.Forwards(call);
            destination = other;
        }

        switch (destination)
        {
            case Destination.Telephone telephone:
                DialTelephones(call, [telephone.Extension], path: "");
                break;
            case Destination.RingGroup group:
                call.To = group.Number;
                DialTelephones(call, group.Members, group.Number);
                break;
            case Destination.Queue queue:
                call.To = queue.Number;
                call.QueueEntered = pbx.Timeline.Now;
                var agent = queue.Agents.FirstOrDefault(agent => agent.Number == call.Plan.AnsweredBy) ?? queue.Agents.FirstOrDefault(agent => agent.IsFree);
                DialTelephones(call, agent is null ? [] : [agent], queue.Number);
                break;
            case Destination.Ivr ivr:
                call.Caller.State = LegState.Answered;
                DialTelephones(call, [ivr.Behind], ivr.Number);
                break;
            case Destination.Outside outside:
                DialOutside(call, outside.Number);
                break;
            default:
                Fail(call, CallOutcome.NotFound);
                break;
        }
    }

    /// <summary>A ringing party picks up; the others stop ringing.</summary>
    public void Answer(Call call, Leg callee)
    {
        foreach (var leg in call.Legs.Where(leg => leg != callee && leg.State is LegState.Ring).ToList())
        {
            board.Drop(leg);
        }

        callee.State = LegState.Answer;
        if (call.Caller != callee && call.Caller.State is LegState.Alert)
        {
            call.Caller.State = LegState.Answered;
        }

        call.Answered ??= pbx.Timeline.Now;
        if (callee.CallPath.Length > 0 && callee.Extension is not null)
        {
            call.To = $"{callee.CallPath}({callee.Number})";
        }

        // An incoming call that the mobile twin took is filed as outbound (sheet, section 9).
        if (call.Type is "Inbound" && callee.Kind is PartyKind.Outbound)
        {
            call.Type = "Outbound";
            call.DestinationTrunk = callee.Trunk;
        }

        board.SetStatus(callee.Extension, ExtensionStatus.Busy);
        board.Reports.Answers(call, callee);
        Switchboard.RemoveDropped(call);
        for (var i = 0; i < call.Plan.Keys.Length; i++)
        {
            var all = i == call.Plan.Keys.Length - 1 ? call.Plan.Keys : "";
            pbx.Sender.Tell(Report.Dtmf(call.Id, call.Caller.Snapshot(), call.Plan.Keys[i], i, all));
        }

        Talk(call);
    }

    /// <summary>They talk for a while, and then somebody hangs up; or half-way the called extension transfers.</summary>
    public void Talk(Call call)
    {
        var talk = call.Plan.Talk ?? pbx.Options.TalkTime.Draw(call.Random);
        if (call.Plan.TransferTo is { } target && call.Type is not "Transfer" && call.Legs.Find(leg => leg != call.Caller && leg.Extension is not null) is { } transferor)
        {
            call.Next(talk / 2, () =>
            {
                board.Reports.Transfers(call);
                pbx.Transfers.Blind(call, transferor, board.Numbers.Resolve(target));
            });
            return;
        }

        call.Next(talk, () => End(call, "ANSWERED"));
    }

    /// <summary>The call cannot be made, or nobody picked up: the caller is told, and it ends.</summary>
    public void Fail(Call call, CallOutcome outcome)
    {
        board.Reports.Fails(call, outcome);
        End(call, outcome switch { CallOutcome.Busy => "BUSY", CallOutcome.NoAnswer => "NO ANSWER", _ => "FAILED" });
    }

    /// <summary>Somebody hung up: parties leave, telephones rest, the records are written and told.</summary>
    public void End(Call call, string status)
    {
        if (call.IsEnded)
        {
            return;
        }

        call.IsEnded = true;
        call.Rest();
        board.Remove(call);
        foreach (var leg in call.Legs)
        {
            leg.State = LegState.Bye;
        }

        board.Reports.Ends(call);
        foreach (var telephone in call.Legs.Select(leg => leg.Extension).Concat(call.Monitors).OfType<SimulatedExtension>())
        {
            board.PutDown(telephone);
        }

        if (call.Plan.Survey.Length > 0 && call.Answered is not null)
        {
            pbx.Sender.Tell(Report.Satisfaction(call.Id, call.Plan.Survey));
        }

        CallRecords.Close(pbx, call, status);
        foreach (var row in call.Rows)
        {
            ledger.Add(row, pbx.Timeline.Now);
            pbx.Sender.Tell(CdrText.NewCdr(row));
        }
    }

    private void DialTelephones(Call call, IReadOnlyList<SimulatedExtension> telephones, string path)
    {
        var free = telephones.Where(telephone => telephone.IsFree).ToList();
        if (free.Count == 0 || call.Plan.Outcome is CallOutcome.Busy or CallOutcome.Unreachable or CallOutcome.NotFound)
        {
            var outcome = free.Count > 0 ? call.Plan.Outcome : telephones.Any(telephone => telephone.IsRegistered) ? CallOutcome.Busy : CallOutcome.Unreachable;
            if (call.Plan.Outcome is CallOutcome.Voicemail)
            {
                End(call, "VOICEMAIL");
                return;
            }

            Fail(call, outcome);
            return;
        }

        List<Leg> ringing = [];
        foreach (var telephone in free)
        {
            ringing.Add(board.AddTelephone(call, telephone, LegState.Ring));
            ringing[^1].CallPath = path;
            board.SetStatus(telephone, ExtensionStatus.Ringing);
            if (telephone.Mobile.Length > 0)
            {
                ringing.Add(board.AddOutbound(call, telephone.Number, telephone.Mobile));
            }
        }

        board.Reports.Rings(call, ringing);
        Await(call, PickUp(call, ringing));
    }

    private void DialOutside(Call call, string number)
    {
        var leg = board.AddOutbound(call, call.Caller.Number, number);
        board.Reports.Rings(call, [leg]);
        Await(call, leg, call.Plan.Outcome is CallOutcome.Answered ? NumberPlan.OutcomeOf(number) : call.Plan.Outcome);
    }

    private void Await(Call call, Leg callee, CallOutcome? outcome = null)
    {
        switch (outcome ?? call.Plan.Outcome)
        {
            case CallOutcome.Answered:
                call.Next(RingTime(call), () => Answer(call, callee));
                break;
            case CallOutcome.NoAnswer:
                call.Next(pbx.Options.RingTimeout, () => End(call, "NO ANSWER"));
                break;
            case CallOutcome.Voicemail:
                call.Next(pbx.Options.RingTimeout, () => End(call, "VOICEMAIL"));
                break;
            case var failed:
                call.Next(RingTime(call), () => Fail(call, failed));
                break;
        }
    }

    private static Leg PickUp(Call call, List<Leg> ringing)
    {
        if (call.Plan.MobileAnswers && ringing.Find(leg => leg.Kind is PartyKind.Outbound) is { } mobile)
        {
            return mobile;
        }

        var telephones = ringing.FindAll(leg => leg.Kind is PartyKind.Extension);
        return telephones.Find(leg => leg.Number == call.Plan.AnsweredBy) ?? telephones[call.Random.Next(telephones.Count)];
    }

    private TimeSpan RingTime(Call call) => call.Plan.Ring ?? pbx.Options.RingTime.Draw(call.Random);
}
