using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Grains.Calls;
using PbxGrains.Grains.Sites;
using PbxGrains.Storage.Calls;
using PbxGrains.Yeastar.Client;
using PbxGrains.Yeastar.Reports;

namespace PbxGrains.Grains.Tests.Calls;

public sealed class OpenOriginatesTests
{
    // 1772452800 is noon.
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly SitePicture _picture = new(Noon.AddHours(-1));
    private readonly OpenOriginates _open;
    private Func<CallId, bool?> _isTheirs = _ => true;

    public OpenOriginatesTests() => _open = new OpenOriginates(_picture);

    [Fact]
    public void A_free_extension_watched_from_the_dial_on_shows_that_nothing_started()
    {
        _open.Add(Row("1002"));

        var settled = Rounds(15, 20, 25, 30);

        settled.Should().ContainSingle().Which.Refusal.Should().Be(OriginateRefusal.NotStarted);
    }

    [Fact]
    public void A_dial_of_a_killed_process_is_never_said_not_to_have_started()
    {
        _open.TakeUp(Row("1002"));

        Rounds(15, 20, 25, 30, 35, 300).Should().BeEmpty("a short call may have come and gone while nobody watched");

        Rounds(601).Should().ContainSingle().Which.Should().BeEquivalentTo(new { State = OriginateRowState.Unknown, Refusal = (OriginateRefusal?)null });
    }

    [Fact]
    public void A_gap_in_watching_leaves_it_open()
    {
        _open.Add(Row("1002"));

        Rounds(60, 65, 70, 75).Should().BeEmpty();
    }

    [Fact]
    public void Its_record_settles_it_even_when_it_came_before_the_answer_was_given_up()
    {
        _open.RecordSeen(Record("1772452801.5", "1001", "6200(4002)"));
        _open.Add(Row("6200"));

        Rounds(1).Should().ContainSingle().Which.CallId.Should().Be(CallId.Parse("1772452801.5"));
    }

    [Fact]
    public void Two_records_of_one_call_tell_of_one_dial()
    {
        _open.Add(Row("1002"));
        _open.Add(Row("1002"));

        _open.RecordSeen(Record("1772452801.5", "1001", "1002"));
        _open.RecordSeen(Record("1772452801.5", "1001", "1002"));

        Rounds(1).Should().ContainSingle();
    }

    [Fact]
    public void A_call_that_is_another_dials_tells_nothing_however_many_records_it_leaves()
    {
        _open.Add(Row("1002"));
        _isTheirs = _ => false;

        _open.RecordSeen(Record("1772452801.5", "1001", "1002"));
        _open.RecordSeen(Record("1772452801.5", "1001", "1002"));

        Rounds(1).Should().BeEmpty();
        Rounds(15, 20, 25).Should().ContainSingle().Which.Refusal.Should().Be(OriginateRefusal.NotStarted);
    }

    [Fact]
    public void Its_own_call_is_found_behind_one_that_is_another_dials()
    {
        _open.Add(Row("1002"));
        _isTheirs = call => call.Value == "1772452802.6";

        _open.RecordSeen(Record("1772452801.5", "1001", "1002"));
        _open.RecordSeen(Record("1772452802.6", "1001", "1002"));

        Rounds(1).Should().ContainSingle().Which.CallId.Should().Be(CallId.Parse("1772452802.6"));
    }

    [Fact]
    public void Nothing_is_concluded_while_nobody_knows_whose_call_it_is()
    {
        _open.Add(Row("1002"));
        _open.RecordSeen(Record("1772452801.5", "1001", "1002"));
        _isTheirs = _ => null;

        Rounds(1, 15, 20, 25, 30, 601).Should().BeEmpty();

        _isTheirs = _ => true;
        Rounds(605).Should().ContainSingle().Which.State.Should().Be(OriginateRowState.Accepted);
    }

    [Fact]
    public void What_is_only_to_be_written_down_takes_no_other_dials_record()
    {
        _open.AddDecided(Row("1002") with { State = OriginateRowState.Accepted, CallId = "1772452800.4" });
        _open.Add(Row("1002"));

        _open.RecordSeen(Record("1772452801.5", "1001", "1002"));

        Rounds(1).Select(settled => settled.CallId!.Value.Value).Should().Equal("1772452800.4", "1772452801.5");
    }

    [Theory]
    [InlineData("1772452801.5", "1001", "1002")]
    [InlineData("1772452801.5", "1003", "100")]
    [InlineData("1772449200.5", "1001", "100")]
    public void Another_calls_record_settles_nothing(string callId, string from, string to)
    {
        _open.Add(Row("100"));

        _open.RecordSeen(Record(callId, from, to));

        Rounds(1).Should().BeEmpty();
    }

    [Fact]
    public void A_call_that_somebody_makes_to_the_extension_is_not_its_call()
    {
        _open.Add(Row("1002"));

        _ = _picture.Take(Progress(("1003", PbxLegStatus.Alert), ("1001", PbxLegStatus.Ring)), Noon.AddSeconds(2));

        Rounds(3).Should().BeEmpty();
    }

    [Fact]
    public void A_call_of_another_day_is_not_its_call()
    {
        _open.TakeUp(Row("1002") with { CreatedAt = Noon.AddDays(-1) });
        _ = _picture.Take(Progress(("1001", PbxLegStatus.Alert), ("1002", PbxLegStatus.Ring)), Noon.AddSeconds(2));

        Rounds(3).Should().ContainSingle().Which.State.Should().Be(OriginateRowState.Unknown);
    }

    [Fact]
    public void One_call_is_the_call_of_one_dial_only()
    {
        _open.Add(Row("1002"));
        _open.Add(Row("1002"));

        _ = _picture.Take(Progress(("1001", PbxLegStatus.Alert), ("1002", PbxLegStatus.Ring)), Noon.AddSeconds(2));

        Rounds(3).Should().ContainSingle().Which.State.Should().Be(OriginateRowState.Accepted);
    }

    private List<SettledOriginate> Rounds(params int[] seconds)
    {
        List<SettledOriginate> settled = [];
        foreach (var second in seconds)
        {
            var now = Noon.AddSeconds(second);
            _ = _picture.TakeExtensions([new PbxExtension("1001", PbxExtensionStatus.Idle, "Idle", "Ann", "SIP")], now, now);
            settled.AddRange(_open.Settle(roundDone: true, now, (_, call) => _isTheirs(call)));
        }

        return settled;
    }

    private static CallProgressReport Progress(params (string Extension, PbxLegStatus Status)[] legs) => new()
    {
        CallId = "1772452801.7",
        Moment = CallMoment.PerLeg,
        Legs = [.. legs.Select(l => new PbxLeg { Kind = PbxLegKind.Extension, Extension = l.Extension, Status = l.Status })],
    };

    private static PbxCallRecord Record(string callId, string from, string to) => new() { CallId = callId, From = from, To = to };

    private static OriginateRow Row(string destination) => new()
    {
        OriginateId = Guid.NewGuid(),
        SiteId = "paris",
        Extension = "1001",
        Destination = destination,
        RequestHash = [],
        State = OriginateRowState.Unknown,
        CreatedAt = Noon,
    };
}
