using PbxGrains.Yeastar.Client;
using PbxGrains.Yeastar.Reports;

using static PbxGrains.Yeastar.Tests.Reports.ReportAssertions;

namespace PbxGrains.Yeastar.Tests.Reports;

public sealed class PartyTests
{
    [Theory]
    [InlineData("""{"action":"BYE","callid":"1.1","inbound":{"inboundid":"1.1"},"ext":{"extid":"1000"},"ext":{"extid":"1002"}}""", "Inbound:1.1 Extension:1000 Extension:1002")]
    [InlineData("""{"ext":{"extid":"1000"},"outbound":{"outboundid":"1.2"},"ext":{"extid":"1002"},"callid":"1.1","action":"BYE"}""", "Extension:1000 Outbound:1.2 Extension:1002")]
    [InlineData("""{"action":"RING","callid":"1.1","ext":{"extid":["106","101"]}}""", "Extension:106 Extension:101")]
    [InlineData("""{"action":"RING","callid":"1.1","ext":[{"extid":106},{"number":"101"}]}""", "Extension:106 Extension:101")]
    [InlineData("""{"action":"RING","callid":"1.1","ext":"106","ext":101}""", "Extension:106 Extension:101")]
    [InlineData("""{"action":"RING","callid":"1.1","ext":{"extid":"106","extid":"101"}}""", "Extension:106 Extension:101")]
    [InlineData("""{"action":"RING","callid":"1.1","ext":{"extid":"106","number":"106"}}""", "Extension:106")]
    [InlineData("""{"action":"RING","callid":"1.1","call":[{"ext":{"extid":"1"},"outbound":{"outboundid":"1.2"}},{"ext":{"extid":"2"}}]}""", "Extension:1 Outbound:1.2 Extension:2")]
    [InlineData("""{"action":"RING","callid":"1.1","call":[{"ext":{"extid":"1"},"ext":{"extid":"2"}}]}""", "Extension:1 Extension:2")]
    [InlineData("""{"action":"RING","callid":"1.1","call":{"ext":{"extid":"1"}}}""", "Extension:1")]
    [InlineData("""{"action":"RING","callid":"1.1","call":[{"ext":{"extid":"1"}}],"ext":{"extid":"2"}}""", "Extension:1 Extension:2")]
    [InlineData("""{"action":"RING","callid":"1.1","call":["1",2]}""", "Extension:1 Extension:2")]
    [InlineData("""{"action":"RING","callid":"1.1","call":[[{"ext":{"extid":"1"}}],{"ext":{"extid":"2"}}]}""", "Extension:1 Extension:2")]
    [InlineData("""{"event":"CallStatus","callid":"1.1","members":[{"number":"1023","channelid":"c","memberstatus":"RING"}]}""", "Extension:1023")]
    [InlineData("""{"event":"CallStatus","callid":"1.1","members":[{"extension":{"number":"1023"}}]}""", "Extension:1023")]
    [InlineData("""{"action":"RING","callid":"1.1","inbound":{"inboundid":"1.1","ext":{"extid":"7"}}}""", "Inbound:1.1 Extension:7")]
    [InlineData("""{"action":"RING","callid":"1.1","extid":"1000"}""", "Extension:1000")]
    [InlineData("""{"action":"RING","callid":"1.1","ext":null,"inbound":{},"call":null,"members":[]}""", "")]
    public void No_party_is_lost_and_the_order_is_the_bodys(string body, string parties)
    {
        var report = Parse(body);

        report.Parties().Should().Equal(parties.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("ALERT", CallMoment.Alert, PbxLegStatus.Alert)]
    [InlineData("RING", CallMoment.Ring, PbxLegStatus.Ring)]
    [InlineData("Answer", CallMoment.Answer, PbxLegStatus.Answer)]
    [InlineData("ANSWERED", CallMoment.Answered, PbxLegStatus.Answered)]
    [InlineData(" bye ", CallMoment.Bye, PbxLegStatus.Bye)]
    [InlineData("CallStatus", CallMoment.PerLeg, PbxLegStatus.Unknown)]
    public void The_moment_is_the_status_of_the_first_party_only(string action, CallMoment moment, PbxLegStatus status)
    {
        var report = Parse($$"""{"callid":"1.1","ext":{"extid":"1"},"ext":{"extid":"2"},"action":"{{action}}"}""");

        var progress = report.Should().BeOfType<CallProgressReport>().Subject;
        progress.Moment.Should().Be(moment);
        progress.Legs.Select(leg => leg.Status).Should().Equal(status, PbxLegStatus.Unknown);
    }

    [Fact]
    public void A_party_that_says_its_own_status_keeps_it()
    {
        var report = Parse("""{"action":"RING","callid":"1.1","members":[{"ext":{"number":"1","memberstatus":"Hold"}}]}""");

        report.Should().BeOfType<CallProgressReport>().Which.Legs.Should().ContainSingle().Which.Status.Should().Be(PbxLegStatus.Hold);
    }

    [Fact]
    public void Every_spelling_of_a_trunk_legs_fields_is_read()
    {
        var report = Parse("""
            {"event":"CallStatus","callid":"1.1","members":[
              {"inbound":{"from":5550142,"to":"1023","trunk":"a","inboundid":"1.1","memberstatus":"alert","callpath":6500}},
              {"outbound":{"from":"1023","to":"9","trunkname":"b","outboundid":"1.2","channelid":"PJSIP/x","memberstatus":"NEWS"}}]}
            """);

        report.ShouldBe(new CallProgressReport
        {
            CallId = "1.1",
            Moment = CallMoment.PerLeg,
            Shape = ReportShape.V2,
            Legs =
            [
                new PbxLeg { Kind = PbxLegKind.Inbound, From = "5550142", To = "1023", Trunk = "a", Handle = "1.1", Status = PbxLegStatus.Alert, Via = "6500" },
                new PbxLeg { Kind = PbxLegKind.Outbound, From = "1023", To = "9", Trunk = "b", Handle = "PJSIP/x" },
            ],
        });
    }

    [Fact]
    public void A_party_that_does_not_say_its_kind_makes_the_report_unreadable_instead_of_getting_lost()
    {
        var report = Parse("""{"event":"CallStatus","callid":"1.1","members":[{"from":"1","to":"2","channelid":"c"}]}""");

        report.Should().BeOfType<UnreadableReport>().Which.Reason.Should().Contain("without saying");
    }

    [Fact]
    public void A_call_record_is_read_whatever_its_parties_look_like()
    {
        Parse("""{"event":"NewCdr","callid":"1.1","members":[{"from":"1","to":"2","channelid":"c"}]}""").Should().BeOfType<CallRecordReport>();
    }

    [Fact]
    public void More_parties_than_allowed_make_the_report_unreadable_instead_of_short()
    {
        string Body(int parties) => $$"""{"action":"BYE","callid":"1.1"{{string.Concat(Enumerable.Range(1, parties).Select(n => $$""","ext":{"extid":"{{n}}"}"""))}}}""";

        Parse(Body(ReportParser.PartyLimit)).Parties().Should().HaveCount(ReportParser.PartyLimit);
        Parse(Body(ReportParser.PartyLimit + 1)).Should().BeOfType<UnreadableReport>().Which.Reason.Should().Contain("256");
    }

    [Theory]
    [InlineData("""{"action":"RING","callid":"1.1","ext":{"extid":"1"}}""", ReportShape.Default)]
    [InlineData("""{"action":"RING","callid":"1.1","call":[{"ext":{"extid":"1"}}]}""", ReportShape.V102)]
    [InlineData("""{"action":"RING","callid":"1.1","members":[{"ext":{"extid":"1"}}]}""", ReportShape.V2)]
    [InlineData("""{"event":"CallStatus","callid":"1.1","members":[]}""", ReportShape.V2)]
    [InlineData("""{"action":"RING","callid":"1.1"}""", ReportShape.Unspecific)]
    [InlineData("""{"action":"CallFailed","callid":"1.1","ext":{"extid":"1"}}""", ReportShape.Unspecific)]
    [InlineData("""{"action":"CallFailed","callid":"1.1","ext":{"extid":"1"},"ext":{"extid":"2"}}""", ReportShape.Default)]
    public void The_shape_is_told_by_where_the_parties_are(string body, ReportShape shape)
    {
        Parse(body).Shape.Should().Be(shape);
    }
}
