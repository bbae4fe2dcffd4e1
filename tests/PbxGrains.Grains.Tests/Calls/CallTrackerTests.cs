using CsCheck;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Grains.Calls;
using PbxGrains.Yeastar.Client;
using PbxGrains.Yeastar.Reports;

namespace PbxGrains.Grains.Tests.Calls;

public sealed class CallTrackerTests
{
    private const string Id = "1772452800.10";
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly CallId Call = CallId.Parse(Id);

    private readonly CallTracker _tracker = new();

    [Fact]
    public void An_inbound_call_rings_talks_and_ends()
    {
        _ = _tracker.Apply(Status(Inbound(PbxLegStatus.Alert), Extension("1023", PbxLegStatus.Ring)), Noon);
        _tracker.Find(Call)!.State.Should().Be(CallState.Ringing);

        _ = _tracker.Apply(Status(Inbound(PbxLegStatus.Answered), Extension("1023", PbxLegStatus.Answer)), Noon.AddSeconds(4));
        var talking = _tracker.Find(Call)!.View(SiteId.Parse("paris"));
        talking.Should().BeEquivalentTo(new { State = CallState.Talking, Direction = CallDirection.Inbound, Caller = "7005550142", Callee = "1023", AnsweredAt = Noon.AddSeconds(4), StartedAt = Noon });

        var end = _tracker.Apply(Status(Inbound(PbxLegStatus.Bye), Extension("1023", PbxLegStatus.Bye)), Noon.AddSeconds(9));
        end!.Ended.Should().BeTrue();
        _tracker.RunningCount.Should().Be(0);
        _tracker.Find(Call)!.EndedAt.Should().Be(Noon.AddSeconds(9));
    }

    [Fact]
    public void A_call_of_dialect_1_ends_with_its_second_bye()
    {
        _ = _tracker.Apply(Moment(CallMoment.Answer, Extension("1006", PbxLegStatus.Answer), Extension("1005")), Noon);
        _ = _tracker.Apply(Moment(CallMoment.Answered, Extension("1005", PbxLegStatus.Answered), Extension("1006")), Noon);
        _tracker.Find(Call)!.View(SiteId.Parse("paris")).Should().BeEquivalentTo(new { State = CallState.Talking, Direction = CallDirection.Internal, Caller = "1005", Callee = "1006" });

        _tracker.Apply(Moment(CallMoment.Bye, Extension("1006", PbxLegStatus.Bye), Extension("1005")), Noon)!.Ended.Should().BeFalse();
        _tracker.Apply(Moment(CallMoment.Bye, Extension("1005", PbxLegStatus.Bye), Extension("1006")), Noon)!.Ended.Should().BeTrue();
    }

    [Fact]
    public void A_call_we_started_is_from_the_extension_to_what_was_dialled_though_its_own_phone_rings_first()
    {
        _ = _tracker.Originated(Call, ExtensionNumber.Parse("1003"), "1004", reference: null, agentId: null, Noon);
        _ = _tracker.Apply(Status(Extension("1003", PbxLegStatus.Ring)), Noon);
        _ = _tracker.Apply(Status(Extension("1003", PbxLegStatus.Answer), Extension("1004", PbxLegStatus.Ring)), Noon.AddSeconds(3));

        _tracker.Find(Call)!.View(SiteId.Parse("paris")).Should().BeEquivalentTo(new { Caller = "1003", Callee = "1004", Direction = CallDirection.Internal });
    }

    [Fact]
    public void A_late_report_never_reopens_a_finished_call()
    {
        _ = _tracker.Apply(Status(Inbound(PbxLegStatus.Answered), Extension("1023", PbxLegStatus.Answer)), Noon);
        _ = _tracker.Apply(Record(), Noon.AddSeconds(9));

        _tracker.Apply(Status(Inbound(PbxLegStatus.Alert), Extension("1023", PbxLegStatus.Ring)), Noon.AddSeconds(10)).Should().BeNull();

        _tracker.RunningCount.Should().Be(0);
    }

    [Fact]
    public void A_PBX_that_invents_call_ids_does_not_fill_the_memory()
    {
        for (var i = 0; i < 20_000; i++)
        {
            _ = _tracker.Apply(Moment(CallMoment.Ring, Extension("1005", PbxLegStatus.Ring)) with { CallId = $"1772452800.{i}" }, Noon.AddSeconds(i));
        }

        _tracker.RunningCount.Should().BeLessThanOrEqualTo(CallTracker.MostRunning);
        _tracker.All.Count().Should().BeLessThan(7000);
        _tracker.Find(CallId.Parse("1772452800.19999"))!.EndedAt.Should().BeNull();
    }

    [Fact]
    public void A_call_known_by_its_report_and_by_its_outbound_handle_is_one_call()
    {
        var outbound = new PbxLeg { Kind = PbxLegKind.Outbound, Handle = "1772452800.11", To = "97005550142" };
        _ = _tracker.Originated(Call, ExtensionNumber.Parse("1001"), "97005550142", reference: null, agentId: null, Noon);
        _ = _tracker.Listed([new PbxCall(CallId: null, [outbound])], Noon.AddSeconds(1));

        _ = _tracker.Apply(Moment(CallMoment.Alert, Extension("1001", PbxLegStatus.Alert), outbound), Noon.AddSeconds(2));

        _tracker.Running.Should().ContainSingle().Which.Id.Should().Be(Call);
        _tracker.RunningCount.Should().Be(1);
    }

    [Fact]
    public void A_record_that_overtakes_all_other_reports_keeps_its_call_from_opening()
    {
        _ = _tracker.Apply(Record(), Noon);

        _ = _tracker.Apply(Status(Inbound(PbxLegStatus.Alert), Extension("1023", PbxLegStatus.Ring)), Noon.AddSeconds(1));

        _tracker.RunningCount.Should().Be(0);
    }

    [Fact]
    public void One_agents_bye_does_not_end_a_queues_call()
    {
        _ = _tracker.Apply(Status(Inbound(PbxLegStatus.Alert), Extension("1001", PbxLegStatus.Ring)), Noon);

        _ = _tracker.Apply(Status(Inbound(PbxLegStatus.Alert), Extension("1001", PbxLegStatus.Bye)), Noon.AddSeconds(9));
        _tracker.RunningCount.Should().Be(1);
        _ = _tracker.Apply(Status(Inbound(PbxLegStatus.Answered), Extension("1002", PbxLegStatus.Answer)), Noon.AddSeconds(10));

        _tracker.Find(Call)!.State.Should().Be(CallState.Talking);
        _tracker.RunningCallOf(ExtensionNumber.Parse("1001")).Should().BeNull();
        _tracker.RunningCallOf(ExtensionNumber.Parse("1002")).Should().NotBeNull();
    }

    [Fact]
    public void Hold_goes_to_and_fro()
    {
        _ = _tracker.Apply(Status(Inbound(PbxLegStatus.Answered), Extension("1023", PbxLegStatus.Answer)), Noon);

        _ = _tracker.Apply(Status(Inbound(PbxLegStatus.Answered), Extension("1023", PbxLegStatus.Hold)), Noon);
        _tracker.Find(Call)!.State.Should().Be(CallState.OnHold);
        _ = _tracker.Apply(Status(Inbound(PbxLegStatus.Answered), Extension("1023", PbxLegStatus.Answer)), Noon);

        _tracker.Find(Call)!.State.Should().Be(CallState.Talking);
    }

    [Fact]
    public void A_list_asked_for_before_the_hold_does_not_undo_it()
    {
        _ = _tracker.Apply(Status(Inbound(PbxLegStatus.Answered), Extension("1023", PbxLegStatus.Answer)), Noon);
        _ = _tracker.Apply(Status(Extension("1023", PbxLegStatus.Hold)), Noon.AddSeconds(3));
        var listed = new PbxCall(Id, [Inbound(PbxLegStatus.Answered), Extension("1023", PbxLegStatus.Answer)]);

        _ = _tracker.Listed([listed], Noon.AddSeconds(2));
        _tracker.Find(Call)!.State.Should().Be(CallState.OnHold);

        _ = _tracker.Listed([listed], Noon.AddSeconds(4));
        _tracker.Find(Call)!.State.Should().Be(CallState.Talking);
    }

    [Fact]
    public void The_first_record_of_a_transferred_call_does_not_end_it()
    {
        _ = _tracker.Apply(Status(Inbound(PbxLegStatus.Answered), Extension("1001", PbxLegStatus.Answer)), Noon);
        _ = _tracker.Apply(Status(Inbound(PbxLegStatus.Answered), Extension("1001", PbxLegStatus.Bye), Extension("1002", PbxLegStatus.Ring)), Noon.AddSeconds(9));

        var doubted = _tracker.Apply(Record("7005550142", "1001"), Noon.AddSeconds(10))!;
        (doubted.Ended, doubted.IsDoubted).Should().Be((false, true));
        _tracker.Find(Call)!.State.Should().Be(CallState.Ringing);

        _tracker.Apply(Record("7005550142", "1002"), Noon.AddSeconds(20))!.Ended.Should().BeTrue();
    }

    [Fact]
    public void The_record_of_an_internal_part_does_not_end_a_call_that_went_outside()
    {
        _ = _tracker.Apply(Status(Extension("1001", PbxLegStatus.Answered), Extension("1002", PbxLegStatus.Bye), Outbound("1772452800.11", PbxLegStatus.Answer)), Noon);

        _tracker.Apply(Record("1001", "1002"), Noon)!.Ended.Should().BeFalse();
        _tracker.Apply(Record("1001", "97005550142", destinationTrunk: "siptrunk"), Noon)!.Ended.Should().BeTrue();
    }

    [Fact]
    public void A_record_that_names_the_group_and_who_answered_ends_the_call()
    {
        _ = _tracker.Apply(Status(Inbound(PbxLegStatus.Answered), Extension("4002", PbxLegStatus.Answer)), Noon);

        _tracker.Apply(Record("7005550142", "6200(4002)"), Noon)!.Ended.Should().BeTrue();
    }

    [Fact]
    public void A_call_listed_by_its_leg_only_gets_its_id_from_a_report()
    {
        _ = _tracker.Listed([new PbxCall(CallId: null, [Outbound("1772452800.11", PbxLegStatus.Unknown)])], Noon);

        _ = _tracker.Apply(Moment(CallMoment.Ring, Outbound("1772452800.11", PbxLegStatus.Ring), Extension("1001")), Noon);

        _tracker.Running.Should().ContainSingle().Which.Id.Should().Be(Call);
    }

    [Fact]
    public void A_call_nobody_confirms_for_half_a_day_is_over()
    {
        _ = _tracker.Apply(Status(Inbound(PbxLegStatus.Alert)), Noon);

        _ = _tracker.Tidy(Noon.AddHours(12).AddSeconds(1));

        _tracker.RunningCount.Should().Be(0);
    }

    [Fact]
    public void Ended_calls_are_forgotten_after_an_hour()
    {
        _ = _tracker.Apply(Record(), Noon);

        _ = _tracker.Tidy(Noon.AddHours(1).AddSeconds(1));

        _tracker.Find(Call).Should().BeNull();
        _tracker.RunningCount.Should().Be(0);
    }

    [Fact]
    public void Reports_of_a_call_in_any_order_repeated_or_late_lead_to_the_same_end()
    {
        Report[] reports =
        [
            Status(Inbound(PbxLegStatus.Alert), Extension("1001", PbxLegStatus.Ring)),
            Status(Inbound(PbxLegStatus.Alert), Extension("1001", PbxLegStatus.Bye), Extension("1002", PbxLegStatus.Ring)),
            Status(Inbound(PbxLegStatus.Answered), Extension("1002", PbxLegStatus.Answer)),
            Status(Inbound(PbxLegStatus.Answered), Extension("1002", PbxLegStatus.Hold)),
            Status(Inbound(PbxLegStatus.Bye), Extension("1002", PbxLegStatus.Bye)),
            Record("7005550142", "1002"),
        ];

        Gen.Shuffle(reports).Select(Gen.Int[0, reports.Length - 1].Array[0, 10]).Sample((shuffled, repeats) =>
        {
            var tracker = new CallTracker();
            foreach (var report in shuffled.Concat(repeats.Select(i => reports[i])))
            {
                Feed(tracker, report);
            }

            return tracker.RunningCount == 0 && tracker.Find(Call)!.State == CallState.Ended;
        });
    }

    [Fact]
    public void A_leg_never_moves_back()
    {
        var states = new[] { PbxLegStatus.Ring, PbxLegStatus.Answer, PbxLegStatus.Hold, PbxLegStatus.Bye };

        Gen.Int[0, states.Length - 1].Select(i => states[i]).Array[1, 20].Sample(sequence =>
        {
            var tracker = new CallTracker();
            var highest = LegState.Unknown;
            _ = tracker.Apply(Status(Inbound(PbxLegStatus.Alert)), Noon);
            foreach (var status in sequence)
            {
                _ = tracker.Apply(Status(Extension("1001", status)), Noon);
                var state = tracker.Find(Call)!.Legs.Single(l => l.Kind == LegKind.Extension).State;
                var resumed = highest == LegState.OnHold && state == LegState.Talking;
                if (state < highest && !resumed)
                {
                    return false;
                }

                highest = state;
            }

            return true;
        });
    }

    private static void Feed(CallTracker tracker, Report report)
    {
        switch (report)
        {
            case CallProgressReport progress:
                _ = tracker.Apply(progress, Noon);
                break;
            case CallRecordReport record:
                _ = tracker.Apply(record, Noon);
                break;
            default:
                throw new InvalidOperationException("Not a report of this test.");
        }
    }

    private static CallProgressReport Status(params PbxLeg[] legs) => new() { CallId = Id, Moment = CallMoment.PerLeg, Legs = legs };

    private static CallProgressReport Moment(CallMoment moment, params PbxLeg[] legs) => new() { CallId = Id, Moment = moment, Legs = legs };

    private static CallRecordReport Record(string? from = null, string? to = null, string? destinationTrunk = null) =>
        new() { Record = new PbxCallRecord { CallId = Id, From = from, To = to, DestinationTrunk = destinationTrunk } };

    private static PbxLeg Inbound(PbxLegStatus status) =>
        new() { Kind = PbxLegKind.Inbound, From = "7005550142", To = "1023", Trunk = "siptrunk", Handle = "PJSIP/trunk-8", Status = status };

    private static PbxLeg Outbound(string handle, PbxLegStatus status) =>
        new() { Kind = PbxLegKind.Outbound, From = "1001", To = "97005550142", Trunk = "siptrunk", Handle = handle, Status = status };

    private static PbxLeg Extension(string number, PbxLegStatus status = PbxLegStatus.Unknown) =>
        new() { Kind = PbxLegKind.Extension, Extension = number, Status = status };
}
