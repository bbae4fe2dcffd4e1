using PbxGrains.Yeastar.Reports;

using static PbxGrains.Yeastar.Tests.Reports.ReportAssertions;

namespace PbxGrains.Yeastar.Tests.Reports;

public sealed class CallRecordTests
{
    [Theory]
    [InlineData("desttrunkname")]
    [InlineData("dstrunkname")]
    [InlineData("dsttrcunkname")]
    [InlineData("dsttrunkname")]
    public void The_destination_trunk_is_read_in_all_four_spellings(string spelling)
    {
        RecordWith($"""
            "dsttrcunkname":"","dstrunkname":" ","{spelling}":"SPS-6-36"
            """).DestinationTrunk.Should().Be("SPS-6-36");
    }

    [Theory]
    [InlineData("\"callduraction\":\"21\"", 21)]
    [InlineData("\"callduration\":21", 21)]
    [InlineData("\"callduraction\":\"\",\"callduration\":\" 21 \"", 21)]
    [InlineData("\"callduraction\":\"0\"", 0)]
    [InlineData("\"callduraction\":\"\"", null)]
    [InlineData("\"callduraction\":null", null)]
    [InlineData("\"callduraction\":\"-1\"", null)]
    [InlineData("\"callduraction\":-1", null)]
    [InlineData("\"callduraction\":\"4294967296\"", null)]
    [InlineData("\"callduraction\":\"99999999\"", null)]
    [InlineData("\"callduraction\":\"soon\"", null)]
    [InlineData("\"callduraction\":{\"s\":1}", null)]
    [InlineData("\"x\":1", null)]
    public void A_duration_that_is_missing_or_absurd_is_unknown_not_zero(string field, int? seconds)
    {
        RecordWith(field).TotalSeconds.Should().Be(seconds);
        RecordWith(field.Replace("call", "talk", StringComparison.Ordinal)).TalkSeconds.Should().Be(seconds);
    }

    [Theory]
    [InlineData("ANSWERED", CallDisposition.Answered)]
    [InlineData("ANSWERD", CallDisposition.Answered)]
    [InlineData("answer", CallDisposition.Answered)]
    [InlineData("NO ANSWER", CallDisposition.NoAnswer)]
    [InlineData("NO ANSWERED", CallDisposition.NoAnswer)]
    [InlineData("NO_ANSWER", CallDisposition.NoAnswer)]
    [InlineData("BUSY", CallDisposition.Busy)]
    [InlineData("FAILED", CallDisposition.Failed)]
    [InlineData("VOICEMAIL", CallDisposition.Voicemail)]
    [InlineData("NOVEL", CallDisposition.Unknown)]
    [InlineData("", CallDisposition.Unknown)]
    public void The_outcome_is_classified_over_its_spellings(string status, CallDisposition disposition)
    {
        RecordWith($"\"status\":\"{status}\"").Disposition.Should().Be(disposition);
    }

    [Theory]
    [InlineData("\"pincode\":\"4711\"", true)]
    [InlineData("\"PinCode\":4711", true)]
    [InlineData("\"pin_code\":[\"4711\"]", true)]
    [InlineData("\"pincode\":\"\"", false)]
    [InlineData("\"pincode\":null", false)]
    [InlineData("\"x\":1", false)]
    public void A_pin_code_is_noticed_and_never_kept(string field, bool had)
    {
        var record = RecordWith(field);

        record.HadPinCode.Should().Be(had);
        record.ToString().Should().NotContain("4711");
    }

    [Fact]
    public void A_record_of_dialect_1_with_the_keys_of_dialect_2_is_read_field_by_field()
    {
        var report = Parse("""
            {"action":"NewCdr","callid":"1571898400.14","timestart":"2019-10-23 22:26:40","callfrom":7005550142,"callto":"6200(4002)",
             "callduraction":"25","talkduraction":16,"srctrunkname":"siptrunk","dsttrcunkname":"","pincode":"","status":"NO ANSWERED",
             "type":"Inbound","recording":"","didnumber":"31612340","agentringtime":"9","cdrid":7,"sn":"1",}
            """);

        report.ShouldBe(new CallRecordReport
        {
            Record = new PbxCallRecord
            {
                CallId = "1571898400.14",
                RecordId = "7",
                StartText = "2019-10-23 22:26:40",
                StartWallClock = new DateTime(2019, 10, 23, 22, 26, 40, DateTimeKind.Unspecified),
                From = "7005550142",
                To = "6200(4002)",
                TotalSeconds = 25,
                TalkSeconds = 16,
                SourceTrunk = "siptrunk",
                Status = "NO ANSWERED",
                Disposition = CallDisposition.NoAnswer,
                Type = "Inbound",
                Did = "31612340",
                AgentRingSeconds = 9,
            },
            SerialNumber = "1",
        });
    }

    [Fact]
    public void A_call_id_sent_as_a_number_keeps_its_zeros()
    {
        Parse("""{"event":"NewCdr","callid":1495779310.10}""").Should().BeOfType<CallRecordReport>().Which.Record.CallId.Should().Be("1495779310.10");
    }

    [Fact]
    public void A_start_that_is_no_time_is_kept_as_text()
    {
        var record = RecordWith("\"timestart\":\"yesterday\"");

        record.StartText.Should().Be("yesterday");
        record.StartWallClock.Should().BeNull();
    }

    private static PbxCallRecord RecordWith(string fields) =>
        Parse($$"""{"action":"NewCdr","callid":"1547391782.318",{{fields}}}""").Should().BeOfType<CallRecordReport>().Subject.Record;
}
