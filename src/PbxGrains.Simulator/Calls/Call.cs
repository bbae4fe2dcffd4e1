using PbxGrains.Simulator.Fleet;
using PbxGrains.Simulator.Reports;

namespace PbxGrains.Simulator.Calls;

/// <summary>One running call: its parties, what its record will say, and what comes next. Used under the PBX's gate.</summary>
internal sealed class Call(string id, CallPlan plan, Random random, bool isFromApi, Timeline timeline)
{
    private Timeline.Step? _next;

    public string Id { get; } = id;

    public CallPlan Plan { get; } = plan;

    public Random Random { get; } = random;

    /// <summary>v1 reports RING and ALERT of such calls only.</summary>
    public bool IsFromApi { get; } = isFromApi;

    public List<Leg> Legs { get; } = [];

    /// <summary>Telephones that listen in: nobody sees them in the call.</summary>
    public List<SimulatedExtension> Monitors { get; } = [];

    /// <summary>Who started it. The first party, unless a transfer dropped it.</summary>
    public Leg Caller { get; set; } = null!;

    /// <summary>Second party of an attended transfer that is being prepared.</summary>
    public Leg? Consultation { get; set; }

    public required string From { get; set; }

    public required string To { get; set; }

    public required string Type { get; set; }

    public string Did { get; init; } = "";

    public string SourceTrunk { get; init; } = "";

    public string DestinationTrunk { get; set; } = "";

    /// <summary>Start of the part that the next record tells about.</summary>
    public DateTimeOffset Started { get; set; } = timeline.Now;

    public DateTimeOffset? Answered { get; set; }

    /// <summary>When the first agent began to ring.</summary>
    public DateTimeOffset? QueueEntered { get; set; }

    /// <summary>Records of earlier parts, told at the end.</summary>
    public List<CdrRow> Rows { get; } = [];

    /// <summary>Where a controlled incoming call goes when nobody says otherwise; null once it is on its way.</summary>
    public Action? Pending { get; set; }

    public bool IsEnded { get; set; }

    /// <summary>Plans the next step; what was planned before is called off.</summary>
    public void Next(TimeSpan wait, Action action)
    {
        _next?.CallOff();
        _next = timeline.After(wait, () =>
        {
            if (!IsEnded)
            {
                action();
            }
        });
    }

    /// <summary>Nothing is planned any more.</summary>
    public void Rest() => _next?.CallOff();

    public Leg? LegOf(SimulatedExtension extension) => Legs.Find(leg => leg.Extension == extension && leg.State is not LegState.Bye);

    public IReadOnlyList<Party> Members(bool withStatus = true) => [.. Legs.Select(leg => leg.Snapshot(withStatus))];

    public SimulatedCall Snapshot() => new(
        Id, Type, From, To, Started, Answered, [.. Legs.Select(leg => new SimulatedLeg(leg.Number, leg.LegId, leg.ChannelId, leg.State.ToString().ToUpperInvariant(), leg.IsMuted))]);
}
