using System.Globalization;
using PbxGrains.Simulator.Fleet;
using PbxGrains.Simulator.Reports;

namespace PbxGrains.Simulator.Calls;

/// <summary>The calls of one PBX, their parties, and what its telephones do. Used under the PBX's gate.</summary>
internal sealed class Switchboard(SimulatedPbx pbx)
{
    private const int LotForCalls = 2;

    private readonly OrderedDictionary<string, Call> _calls = new(StringComparer.Ordinal);
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

    /// <summary>Forgets a call that is over.</summary>
    public void Remove(Call call) => _calls.Remove(call.Id);

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

    /// <summary>Opens a call; its number and its luck follow from the seed.</summary>
    public Call NewCall(string type, string from, string to, CallPlan plan, bool isFromApi, string did = "", string sourceTrunk = "")
    {
        var number = _counter++;
        var id = string.Create(CultureInfo.InvariantCulture, $"{pbx.Clock.Epoch}.{number}");
        var random = Lot.For(pbx.Options.Seed, pbx.Index, LotForCalls, number);
        var call = new Call(id, plan, random, isFromApi, pbx.Timeline) { Type = type, From = from, To = to, Did = did, SourceTrunk = sourceTrunk };
        _calls.Add(id, call);
        return call;
    }

    /// <summary>A telephone that was in use rests again.</summary>
    public void PutDown(SimulatedExtension? telephone)
    {
        if (telephone?.Status is ExtensionStatus.Ringing or ExtensionStatus.Busy or ExtensionStatus.Hold)
        {
            SetStatus(telephone, telephone.RestingStatus);
        }
    }

    /// <summary>The next channel of the trunk.</summary>
    public string TrunkChannel() => string.Create(CultureInfo.InvariantCulture, $"PJSIP/trunk-{NumberPlan.Trunk}-endpoint-{_channel++:x8}");
}
