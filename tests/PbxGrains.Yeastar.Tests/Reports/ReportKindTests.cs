using PbxGrains.Yeastar.Client;
using PbxGrains.Yeastar.Reports;

using static PbxGrains.Yeastar.Tests.Reports.ReportAssertions;

namespace PbxGrains.Yeastar.Tests.Reports;

public sealed class ReportKindTests
{
    [Theory]
    [InlineData("BootUp", typeof(BootUpReport))]
    [InlineData("bootup", typeof(BootUpReport))]
    [InlineData("CONFIGCHANGE", typeof(ConfigurationChangedReport))]
    [InlineData("Tranfer", typeof(CallNoticeReport))]
    [InlineData("Transfer", typeof(CallNoticeReport))]
    [InlineData("DTMF", typeof(DtmfReport))]
    [InlineData("DTMF event", typeof(DtmfReport))]
    [InlineData("Conference Status", typeof(CallNoticeReport))]
    [InlineData("ConferenceStatus", typeof(CallNoticeReport))]
    [InlineData("conference_status", typeof(CallNoticeReport))]
    [InlineData("satisfaction", typeof(SatisfactionReport))]
    [InlineData("Satisfaction", typeof(SatisfactionReport))]
    [InlineData("sms-send", typeof(SmsReport))]
    [InlineData("uacstacall", typeof(CallNoticeReport))]
    [InlineData("NewCDR", typeof(CallRecordReport))]
    [InlineData("playpromptend", typeof(PromptEndedReport))]
    [InlineData("NewThing", typeof(UnknownReport))]
    public void The_discriminator_counts_in_any_case_and_spelling_wherever_it_stands(string word, Type type)
    {
        Parse($$"""{"action":"{{word}}","callid":"1.1"}""").Should().BeOfType(type);
        Parse($$"""{"callid":"1.1","unknown":{"a":[1,{"b":null}]},"event":"{{word}}"}""").Should().BeOfType(type);
        Parse($$"""{"callid":"1.1","event":"","ACTION":"{{word}}"}""").Should().BeOfType(type);
    }

    [Theory]
    [InlineData("""{"callid":"1.1","timestart":"2019-01-13 23:03:02"}""", typeof(CallRecordReport))]
    [InlineData("""{"extension":"1006","status":"Busy"}""", typeof(ExtensionStatusReport))]
    [InlineData("""{"callid":"1.1","members":[{"ext":{"number":"1","memberstatus":"BYE"}}]}""", typeof(CallProgressReport))]
    [InlineData("""{"callid":"1.1","reason":"DND"}""", typeof(CallFailedReport))]
    [InlineData("""{"callid":"1.1","surveyresult":"1"}""", typeof(SatisfactionReport))]
    [InlineData("""{"callid":"1.1","info":"1","flag":"0"}""", typeof(DtmfReport))]
    [InlineData("""{"callid":"1.1","conferencenumber":"6400"}""", typeof(CallNoticeReport))]
    [InlineData("""{"smsid":"1-2","status":"failed"}""", typeof(SmsReport))]
    [InlineData("""{"type":"trunk","operation":"add","trunkname":"x"}""", typeof(ConfigurationChangedReport))]
    [InlineData("""{"queue":"6700","misscall":[{"caller":"1","callid":"1.1"}]}""", typeof(QueueReport))]
    [InlineData("""{"callid":"1.1","call":[{"ext":{"extid":"1"}}]}""", typeof(UnreadableReport))]
    [InlineData("""{"sn":"1"}""", typeof(UnreadableReport))]
    public void Without_a_discriminator_the_fields_tell(string body, Type type)
    {
        Parse(body).Should().BeOfType(type);
    }

    [Theory]
    [InlineData("""{"action":"RING","ext":{"extid":"1"}}""")]
    [InlineData("""{"event":"CallStatus","callid":"  ","members":[]}""")]
    [InlineData("""{"event":"CallStatus","callid":{"id":"1.1"},"members":[]}""")]
    [InlineData("""{"action":"NewCdr","timestart":"2019-01-13 23:03:02"}""")]
    [InlineData("""{"action":"CallFailed","reason":"DND"}""")]
    [InlineData("""{"action":"DTMF","info":"1"}""")]
    [InlineData("""{"action":"ExtensionStatus","extension":"1006"}""")]
    [InlineData("""{"action":"ExtensionStatus","status":"Idle"}""")]
    [InlineData("""{"action":"ExtensionStatus","extension":["1","2"],"status":"Idle"}""")]
    public void A_report_without_what_it_is_about_is_unreadable(string body)
    {
        Parse(body).Should().BeOfType<UnreadableReport>().Which.Reason.Should().NotBeEmpty();
    }

    [Fact]
    public void An_unknown_report_keeps_its_name_call_and_parties()
    {
        var name = new string('N', 70);

        var report = Parse($$$"""{"event":"{{{name}}}","callid":1495779310.10,"members":[{"ext":{"number":"1"}}],"sn":42}""");

        report.ShouldBe(new UnknownReport
        {
            Name = name[..64],
            CallId = "1495779310.10",
            Legs = [new PbxLeg { Kind = PbxLegKind.Extension, Extension = "1" }],
            SerialNumber = "42",
            Shape = ReportShape.V2,
        });
    }

    [Fact]
    public void An_extension_status_of_dialect_1_may_carry_the_address_of_dialect_2()
    {
        var report = Parse("""{"action":"ExtensionStatus","extension":1006,"status":"unavailable","registeredIP":"192.0.2.7"}""");

        report.ShouldBe(new ExtensionStatusReport
        {
            Extension = "1006",
            Status = PbxExtensionStatus.Unregistered,
            RawStatus = "unavailable",
            RegisteredAddress = "192.0.2.7",
        });
    }

    [Fact]
    public void A_status_nobody_knows_is_unknown_and_keeps_its_word()
    {
        var report = Parse("""{"action":"ExtensionStatus","extension":"1006","status":"Dancing"}""");

        report.ShouldBe(new ExtensionStatusReport { Extension = "1006", Status = PbxExtensionStatus.Unknown, RawStatus = "Dancing" });
    }

    [Fact]
    public void A_conference_has_number_and_name()
    {
        var report = Parse("""{"event":"ConferenceStatus","callid":"1.1","conferencenumber":"6400","conferencename":" 6409","members":[{"ext":{"number":"1"}}]}""");

        report.ShouldBe(new CallNoticeReport
        {
            CallId = "1.1",
            Kind = CallNoticeKind.Conference,
            Conference = "6400",
            ConferenceName = "6409",
            Legs = [new PbxLeg { Kind = PbxLegKind.Extension, Extension = "1" }],
            Shape = ReportShape.V2,
        });
    }

    [Fact]
    public void The_last_key_press_brings_all_keys()
    {
        var report = Parse("""{"action":"DTMF event","callid":"1.1","call":[{"ext":{"extid":"1"}}],"info":3,"flag":1,"infos":"23"}""");

        report.ShouldBe(new DtmfReport
        {
            CallId = "1.1",
            Key = "3",
            Index = 1,
            Keys = "23",
            Legs = [new PbxLeg { Kind = PbxLegKind.Extension, Extension = "1" }],
            Shape = ReportShape.V102,
        });
    }

    [Theory]
    [InlineData("""{"action":"PlayPromptEnd","callid":"1.1","ivr":{"ivrid":"6500"},"playtonum":"1000"}""", "1000")]
    [InlineData("""{"event":"PlayPromptEnd","callid":"1.1","ivr":{"number":6500,"x":[1]}}""", null)]
    [InlineData("""{"event":"PlayPromptEnd","callid":"1.1","ivr":"6500"}""", null)]
    public void A_prompt_of_an_ivr_names_the_ivr(string body, string? playedTo)
    {
        Parse(body).ShouldBe(new PromptEndedReport { CallId = "1.1", Ivr = "6500", PlayedTo = playedTo, Legs = [] });
    }

    [Fact]
    public void An_agent_who_lets_a_queue_ring_missed_that_call()
    {
        var report = Parse("""{"event":"QueueAgentRingNoAnswerTimeout","queue":"queue-6700","agent":"Ada Byron","callid":"1.1","caller":"5550142","sn":"1"}""");

        report.ShouldBe(new QueueReport
        {
            Paused = false,
            Queue = "6700",
            Agent = "Ada Byron",
            Missed = [new MissedQueueCall("5550142", "1.1")],
            SerialNumber = "1",
        });
    }

    [Fact]
    public void A_text_message_that_failed_is_named()
    {
        Parse("""{"action":"sms-send","status":"failed","smsid":"5550142-1547391782"}""")
            .ShouldBe(new SmsReport { SmsId = "5550142-1547391782", Status = "failed" });
    }

    [Theory]
    [InlineData("NO Outbound Restriction", CallFailureClass.NotPermitted)]
    [InlineData("NO Dial Permission", CallFailureClass.NotPermitted)]
    [InlineData("DND", CallFailureClass.DoNotDisturb)]
    [InlineData("Line unreachable", CallFailureClass.Unreachable)]
    [InlineData("Line Unreachable", CallFailureClass.Unreachable)]
    [InlineData("404 NOT found", CallFailureClass.Unreachable)]
    [InlineData("408 Request Time", CallFailureClass.Unreachable)]
    [InlineData("410 Gone", CallFailureClass.Unreachable)]
    [InlineData("480 Temporatily Unavailable", CallFailureClass.Unreachable)]
    [InlineData("480", CallFailureClass.Unreachable)]
    [InlineData("User busy", CallFailureClass.Busy)]
    [InlineData("User Busy", CallFailureClass.Busy)]
    [InlineData("486 Busy Here", CallFailureClass.Busy)]
    [InlineData("486 Busy here", CallFailureClass.Busy)]
    [InlineData("484 Address incomplete", CallFailureClass.NumberIncomplete)]
    [InlineData("487 Request Terminated", CallFailureClass.Cancelled)]
    [InlineData("603 Declined", CallFailureClass.Declined)]
    [InlineData("Circuit/channel congestion", CallFailureClass.Congestion)]
    [InlineData("503 Service Unavailable", CallFailureClass.Other)]
    [InlineData("Full moon", CallFailureClass.Other)]
    [InlineData("", CallFailureClass.Other)]
    public void Every_reason_of_a_failed_call_has_its_class(string reason, CallFailureClass expected)
    {
        Parse($$"""{"event":"CallFailed","callid":"1.1","reason":"{{reason}}"}""")
            .Should().BeOfType<CallFailedReport>().Which.Class.Should().Be(expected);
    }
}
