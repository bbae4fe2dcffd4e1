using System.Text.Json;
using CsCheck;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Contracts.Events;
using PbxGrains.Grains.Calls;
using PbxGrains.Grains.Events;
using PbxGrains.Storage.Events;
using PbxGrains.Yeastar.Client;
using PbxGrains.Yeastar.Reports;

namespace PbxGrains.Grains.Tests.Events;

public sealed class CallEventsTests
{
    private const string Id = "1772452800.10";
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly CallTracker _tracker = new();
    private readonly CallEvents _events = new(SiteId.Parse("paris"), extension => extension == "1023" ? "jana" : null);
    private DateTimeOffset _now = Noon;

    [Fact]
    public void A_call_from_outside_rings_is_answered_held_resumed_transferred_and_ends()
    {
        List<EventRow> told =
        [
            .. Tell(Inbound(PbxLegStatus.Alert), Extension("1023", PbxLegStatus.Ring)),
            .. Tell(Inbound(PbxLegStatus.Answered), Extension("1023", PbxLegStatus.Answer)),
            .. Tell(Extension("1023", PbxLegStatus.Hold)),
            .. Tell(Extension("1023", PbxLegStatus.Answer)),
            .. Tell(Extension("1024", PbxLegStatus.Ring)),
            .. Tell(Extension("1024", PbxLegStatus.Answer)),
            .. Tell(Extension("1023", PbxLegStatus.Bye)),
            .. Tell(Inbound(PbxLegStatus.Bye), Extension("1024", PbxLegStatus.Bye)),
        ];

        told.Select(row => (row.Type, Data(row).Extension)).Should().Equal(
            (EventTypes.CallRinging, "1023"),
            (EventTypes.CallAnswered, "1023"),
            (EventTypes.CallHeld, "1023"),
            (EventTypes.CallResumed, "1023"),
            (EventTypes.CallRinging, "1024"),
            (EventTypes.CallAnswered, "1024"),
            (EventTypes.CallTransferred, "1024"),
            (EventTypes.CallEnded, null));
        told.Select(row => row.Id).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void An_event_says_everything_a_screen_pop_needs()
    {
        var row = Tell(Inbound(PbxLegStatus.Alert), Extension("1023", PbxLegStatus.Ring)).Should().ContainSingle().Which;

        (row.SiteId, row.Subject, row.CallId, row.AgentId, row.OccurredAt).Should().Be(("paris", $"calls/{Id}", Id, "jana", _now));
        row.Extensions.Should().Equal("1023");
        Data(row).Should().BeEquivalentTo(new
        {
            Site = "paris",
            CallId = Id,
            Extension = "1023",
            AgentId = "jana",
            State = CallState.Ringing,
            Direction = CallDirection.Inbound,
            Caller = "0142278186",
            CallerE164 = "+33142278186",
            Callee = "1023",
            CalleeE164 = (string?)null,
            Trunk = "siptrunk",
            Did = "0170000000",
            StartedAt = Noon,
        });
        Data(row).Parties.Should().Equal(
            new CallEventParty(LegKind.Inbound, "0142278186", LegState.Calling),
            new CallEventParty(LegKind.Extension, "1023", LegState.Ringing));
    }

    [Fact]
    public void Of_a_call_between_extensions_only_the_called_one_rings_and_answers()
    {
        List<EventRow> told =
        [
            .. Tell(Extension("1005", PbxLegStatus.Alert), Extension("1006", PbxLegStatus.Ring)),
            .. Tell(Extension("1005", PbxLegStatus.Answered), Extension("1006", PbxLegStatus.Answer)),
        ];

        told.Select(row => (row.Type, Data(row).Extension)).Should().Equal((EventTypes.CallRinging, "1006"), (EventTypes.CallAnswered, "1006"));
    }

    [Fact]
    public void A_call_dialled_for_an_agent_names_the_agent_and_the_reference()
    {
        _ = _tracker.Originated(CallId.Parse(Id), ExtensionNumber.Parse("1001"), "97005550142", "order-7", "piet", _now);

        var told = Tell(Extension("1001", PbxLegStatus.Ring)).Should().ContainSingle().Which;

        told.AgentId.Should().Be("piet");
        Data(told).Reference.Should().Be("order-7");
    }

    [Fact]
    public void A_phone_that_was_picked_up_has_rung_though_the_report_of_it_was_overtaken()
    {
        List<EventRow> told =
        [
            .. Tell(Inbound(PbxLegStatus.Answered), Extension("1023", PbxLegStatus.Answer)),
            .. Tell(Inbound(PbxLegStatus.Alert), Extension("1023", PbxLegStatus.Ring)),
        ];

        told.Select(row => row.Type).Should().Equal(EventTypes.CallRinging, EventTypes.CallAnswered);
    }

    [Fact]
    public void Reports_in_any_order_and_number_tell_nothing_twice() =>
        Gen.Int[0, 3].Array[0, 30].Sample(picks =>
        {
            var tracker = new CallTracker();
            CallProgressReport[] reports =
            [
                Status(Inbound(PbxLegStatus.Alert), Extension("1023", PbxLegStatus.Ring)),
                Status(Inbound(PbxLegStatus.Answered), Extension("1023", PbxLegStatus.Answer)),
                Status(Inbound(PbxLegStatus.Bye)),
                Status(Extension("1023", PbxLegStatus.Bye)),
            ];

            var told = picks.Select(pick => tracker.Apply(reports[pick], Noon)).OfType<CallMove>().SelectMany(move => _events.Of(move, "FR", Noon)).ToList();

            told.Select(row => row.Type).Should().OnlyHaveUniqueItems();
        });

    [Fact]
    public void Another_activation_gives_the_same_names_to_what_it_tells_again()
    {
        var first = Tell(Inbound(PbxLegStatus.Answered), Extension("1023", PbxLegStatus.Answer));
        var other = new CallTracker();
        _now += TimeSpan.FromMinutes(7);

        var again = _events.Of(other.Apply(Status(Inbound(PbxLegStatus.Answered), Extension("1023", PbxLegStatus.Answer)), _now)!, "FR", _now);

        again.Select(row => row.Id).Should().Equal(first.Select(row => row.Id));
        again.Select(row => row.Id).Should().OnlyHaveUniqueItems();
        again.Should().AllSatisfy(row => row.Id.Version.Should().Be(7));
    }

    private IReadOnlyList<EventRow> Tell(params PbxLeg[] legs)
    {
        _now += TimeSpan.FromSeconds(1);
        return _events.Of(_tracker.Apply(Status(legs), _now)!, "FR", _now);
    }

    private static CallEvent Data(EventRow row) => JsonSerializer.Deserialize(row.Data, EventJson.Words.CallEvent)!;

    private static CallProgressReport Status(params PbxLeg[] legs) => new() { CallId = Id, Moment = CallMoment.PerLeg, Legs = legs };

    private static PbxLeg Inbound(PbxLegStatus status) =>
        new() { Kind = PbxLegKind.Inbound, From = "0142278186", To = "0170000000", Trunk = "siptrunk", Handle = "PJSIP/trunk-8", Status = status };

    private static PbxLeg Extension(string number, PbxLegStatus status) => new() { Kind = PbxLegKind.Extension, Extension = number, Status = status };
}
