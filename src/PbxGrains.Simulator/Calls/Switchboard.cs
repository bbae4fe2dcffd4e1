using System.Globalization;
using PbxGrains.Simulator.Cdrs;
using PbxGrains.Simulator.Fleet;
using PbxGrains.Simulator.Reports;

namespace PbxGrains.Simulator.Calls;

/// <summary>
/// Makes calls happen on one PBX: rings, answers, ends, records. Each step is planned on the timeline, so the clock is all it
/// needs. Used under the PBX's gate.
/// </summary>
internal sealed class Switchboard(SimulatedPbx pbx, CdrLedger ledger)
{
    private const int LotForCalls = 2;

    /// <summary>How long the trunk waits for an answer to Invite or Incoming.</summary>
    public static readonly TimeSpan ControlWindow = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan AutoAnswer = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Call> _calls = new(StringComparer.Ordinal);
    private long _counter = 300;
    private int _channel;

    /// <summary>Running calls, oldest first.</summary>
    public IEnumerable<Call> Calls => _calls.Values;

    /// <summary>Where the numbers lead.</summary>
    public NumberPlan Numbers { get; } = new(pbx);

    /// <summary>What is told of the calls.</summary>
    public CallReports Reports { get; } = new(pbx.Sender);

    /// <summary>A running call; null when there is none of that id.</summary>
    public Call? Find(string callId) => _calls.GetValueOrDefault(callId);

    /// <summary>The party with a v2 channel and its call.</summary>
    public (Call? Call, Leg? Leg) FindChannel(string channelId) => FindLeg(leg => leg.ChannelId == channelId);

    /// <summary>The party that matches and its call.</summary>
    public (Call? Call, Leg? Leg) FindLeg(Func<Leg, bool> matches)
    {
        foreach (var call in _calls.Values)
        {
            if (call.Legs.Find(leg => leg.State is not LegState.Bye && matches(leg)) is { } leg)
            {
                return (call, leg);
            }
        }

        return (null, null);
    }

    /// <summary>A telephone calls; calls of the API ring the caller first and dial when it picks up.</summary>
    public Call FromExtension(SimulatedExtension caller, Destination destination, CallPlan plan, bool isFromApi, bool autoAnswer)
    {
        var call = NewCall(destination is Destination.Outside ? "Outbound" : "Internal", caller.Number, destination.Number, plan, isFromApi);
        call.Caller = AddTelephone(call, caller, LegState.Ring);
        if (!isFromApi)
        {
            call.Caller.State = LegState.Alert;
            SetStatus(caller, ExtensionStatus.Busy);
            Dial(call, destination);
            return call;
        }

        SetStatus(caller, ExtensionStatus.Ringing);
        Reports.Rings(call, [call.Caller]);
        if (!plan.CallerPicksUp)
        {
            call.Next(pbx.Options.RingTimeout, () => Fail(call, CallOutcome.NoAnswer));
            return call;
        }

        call.Next(autoAnswer ? AutoAnswer : RingTime(call), () =>
        {
            call.Caller.State = LegState.Alert;
            SetStatus(caller, ExtensionStatus.Busy);
            Dial(call, destination);
        });
        return call;
    }

    /// <summary>The PBX dials out first, and then whatever the second number is (callback, dial from IVR, queue or ring group).</summary>
    public Call FromOutside(string first, Destination second, CallPlan plan)
    {
        var call = NewCall("Callback", first, second.Number, plan, isFromApi: true);
        call.Caller = AddOutbound(call, second.Number, first);
        Reports.Rings(call, [call.Caller]);
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
        var destination = Numbers.ResolveInbound(dialled);
        var did = destination is Destination.Telephone telephone ? NumberPlan.DidOf(telephone.Number) : NumberPlan.DidOf(destination.Number);
        var call = NewCall("Inbound", from, destination.Number, plan, isFromApi: false, did, NumberPlan.Trunk);
        call.Caller = new Leg(PartyKind.Inbound, extension: null, from, destination.Number, NumberPlan.Trunk, call.Id, TrunkChannel());
        call.Legs.Add(call.Caller);
        if (plan.Control is InboundControl.None)
        {
            Dial(call, destination);
            return call;
        }

        call.Pending = () => Dial(call, destination);
        Reports.Asks(call, plan.Control is InboundControl.Answering ? "Invite" : "Incoming");
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
        var call = NewCall("Internal", "", number, new CallPlan(), isFromApi: true);
        call.Caller = addListener(call);
        SetStatus(call.Caller.Extension, ExtensionStatus.Ringing);
        Reports.Rings(call, [call.Caller]);
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
        if (call.Plan.ForwardTo is { } forward && destination is Destination.Telephone && Numbers.Resolve(forward) is Destination.Telephone other && destination.Number != forward)
        {
            Reports.Forwards(call);
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
            Drop(leg);
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

        SetStatus(callee.Extension, ExtensionStatus.Busy);
        Reports.Answers(call, callee);
        RemoveDropped(call);
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
                Reports.Transfers(call);
                pbx.Transfers.Blind(call, transferor, Numbers.Resolve(target));
            });
            return;
        }

        call.Next(talk, () => End(call, "ANSWERED"));
    }

    /// <summary>The call cannot be made, or nobody picked up: the caller is told, and it ends.</summary>
    public void Fail(Call call, CallOutcome outcome)
    {
        Reports.Fails(call, outcome);
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
        _ = _calls.Remove(call.Id);
        foreach (var leg in call.Legs)
        {
            leg.State = LegState.Bye;
        }

        Reports.Ends(call);
        foreach (var telephone in call.Legs.Select(leg => leg.Extension).Concat(call.Monitors).OfType<SimulatedExtension>())
        {
            PutDown(telephone);
        }

        if (call.Plan.Survey.Length > 0 && call.Answered is not null)
        {
            pbx.Sender.Tell(Report.Satisfaction(call.Id, call.Plan.Survey));
        }

        CloseRow(call, status);
        foreach (var row in call.Rows)
        {
            ledger.Add(row);
            pbx.Sender.Tell(CdrText.NewCdr(row));
        }
    }

    /// <summary>Writes what has happened so far as one record; the next one starts now.</summary>
    public void CloseRow(Call call, string status)
    {
        var now = pbx.Timeline.Now;
        var started = pbx.Clock.WallAt(call.Started);
        var isRecorded = call.Answered is not null && status is "ANSWERED" && (call.Plan.Recorded ?? call.Random.NextDouble() < pbx.Options.RecordedShare);
        var kind = call.Type is "Inbound" or "Outbound" or "Internal" ? call.Type : call.SourceTrunk.Length > 0 ? "Inbound" : "Outbound";
        call.Rows.Add(new CdrRow(
            call.Id,
            started,
            call.From,
            call.To,
            Seconds(now - call.Started),
            call.Answered is { } answered && status is "ANSWERED" ? Seconds(now - answered) : 0,
            call.SourceTrunk,
            call.DestinationTrunk,
            status,
            call.Type,
            PinCode: "",
            isRecorded ? $"{pbx.Clock.WallAt(call.Answered!.Value).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}-{call.Id}-{call.From}-{BareNumber(call.To)}-{kind}.wav" : "",
            call.Did,
            pbx.SerialNumber,
            call.QueueEntered is { } entered && call.Answered is { } taken ? Seconds(taken - entered) : 0));
        call.Started = now;
    }

    /// <summary>A party leaves a call that goes on.</summary>
    public void Drop(Leg leg)
    {
        leg.State = LegState.Bye;
        PutDown(leg.Extension);
    }

    /// <summary>Forgets the parties that left, after they were told of.</summary>
    public static void RemoveDropped(Call call) => call.Legs.RemoveAll(leg => leg.State is LegState.Bye);

    /// <summary>Adds a telephone to a call.</summary>
    public Leg AddTelephone(Call call, SimulatedExtension extension, LegState state)
    {
        var channel = string.Create(CultureInfo.InvariantCulture, $"PJSIP/{extension.Number}-{_channel++:x8}");
        var leg = new Leg(PartyKind.Extension, extension, "", "", "", "", channel) { State = state };
        call.Legs.Add(leg);
        return leg;
    }

    /// <summary>Adds an outgoing trunk leg to a call, ringing.</summary>
    public Leg AddOutbound(Call call, string from, string to)
    {
        var legId = string.Create(CultureInfo.InvariantCulture, $"{pbx.Clock.Epoch}.{_counter++}");
        var leg = new Leg(PartyKind.Outbound, extension: null, from, to, NumberPlan.Trunk, legId, TrunkChannel()) { State = LegState.Ring };
        call.Legs.Add(leg);
        call.DestinationTrunk = NumberPlan.Trunk;
        return leg;
    }

    /// <summary>Changes what a telephone does, and tells when it is monitored and the word changes.</summary>
    public void SetStatus(SimulatedExtension? extension, ExtensionStatus status)
    {
        if (extension is null || extension.Status == status)
        {
            return;
        }

        var (before, after) = (Reported(extension.Status), Reported(status));
        extension.Status = status;
        if (extension.IsMonitored && before != after)
        {
            pbx.Sender.Tell(Report.ExtensionStatus(extension.Number, after, extension.RegisteredAddress));
        }
    }

    /// <summary>The PBX stopped: calls are gone without a word or a record.</summary>
    public void Clear()
    {
        foreach (var call in _calls.Values)
        {
            call.IsEnded = true;
        }

        _calls.Clear();
        foreach (var extension in pbx.Extensions.Where(extension => extension.IsRegistered))
        {
            extension.Status = extension.RestingStatus;
        }
    }

    private static string Reported(ExtensionStatus status) => status switch
    {
        ExtensionStatus.Hold => nameof(ExtensionStatus.Busy),
        ExtensionStatus.Unavailable or ExtensionStatus.Malfunction or ExtensionStatus.Fxsnoport => "Unregistered",
        _ => status.ToString(),
    };

    private static string BareNumber(string callTo) => callTo.Split('(')[0];

    private static int Seconds(TimeSpan span) => (int)Math.Round(span.TotalSeconds, MidpointRounding.AwayFromZero);

    private Call NewCall(string type, string from, string to, CallPlan plan, bool isFromApi, string did = "", string sourceTrunk = "")
    {
        var number = _counter++;
        var id = string.Create(CultureInfo.InvariantCulture, $"{pbx.Clock.Epoch}.{number}");
        var random = Lot.For(pbx.Options.Seed, pbx.Index, LotForCalls, number);
        var call = new Call(id, plan, random, isFromApi, pbx.Timeline) { Type = type, From = from, To = to, Did = did, SourceTrunk = sourceTrunk };
        _calls.Add(id, call);
        return call;
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
            ringing.Add(AddTelephone(call, telephone, LegState.Ring));
            ringing[^1].CallPath = path;
            SetStatus(telephone, ExtensionStatus.Ringing);
            if (telephone.Mobile.Length > 0)
            {
                ringing.Add(AddOutbound(call, telephone.Number, telephone.Mobile));
            }
        }

        Reports.Rings(call, ringing);
        Await(call, PickUp(call, ringing));
    }

    private void DialOutside(Call call, string number)
    {
        var leg = AddOutbound(call, call.Caller.Number, number);
        Reports.Rings(call, [leg]);
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

    private void PutDown(SimulatedExtension? telephone)
    {
        if (telephone?.Status is ExtensionStatus.Ringing or ExtensionStatus.Busy or ExtensionStatus.Hold)
        {
            SetStatus(telephone, telephone.RestingStatus);
        }
    }

    private TimeSpan RingTime(Call call) => call.Plan.Ring ?? pbx.Options.RingTime.Draw(call.Random);

    private string TrunkChannel() => string.Create(CultureInfo.InvariantCulture, $"PJSIP/trunk-{NumberPlan.Trunk}-endpoint-{_channel++:x8}");
}
