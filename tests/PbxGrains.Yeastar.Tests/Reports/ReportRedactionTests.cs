using System.Text;

using PbxGrains.Yeastar.Reports;

namespace PbxGrains.Yeastar.Tests.Reports;

public sealed class ReportRedactionTests
{
    [Theory]
    [InlineData("""{"action":"NewCdr","pincode":"4711","callid":"1.10"}""", """{"action":"NewCdr","pincode":"","callid":"1.10"}""")]
    [InlineData("""{ "PinCode" : 4711 , "a":{"b":[{"PIN_CODE":{"x":"4711"}}]} }""", """{"PinCode":"","a":{"b":[{"PIN_CODE":""}]}}""")]
    [InlineData("""{"pin\u0063ode":"4711","pincode":["4711"],"pincode":null,"x":1.50}""", """{"pincode":"","pincode":"","pincode":"","x":1.50}""")]
    [InlineData("""{"ext":{"extid":"1"},"ext":{"extid":"2"},/* 4711 */"n":null,"t":true,"s":"é\u0000\"",}""", """{"ext":{"extid":"1"},"ext":{"extid":"2"},"n":null,"t":true,"s":"é \""}""")]
    [InlineData("{“pincode”:“4711”,“call\\_id”:“1.1”}", """{"pincode":"","call_id":"1.1"}""")]
    [InlineData("{\"pincode\":\"4711\",\"callid\":\"1", "{}")]
    [InlineData("", "{}")]
    public void A_stored_report_has_everything_but_the_pin(string body, string expected)
    {
        ReportRedaction.WithoutPinCode(Encoding.UTF8.GetBytes(body)).Should().Be(expected);
    }

    [Fact]
    public void A_stored_record_reads_as_the_one_that_came()
    {
        var body = Encoding.Latin1.GetBytes("""{"action":"NewCdr","callid":"1.10","pincode":"4711","callfrom":"Zoé","srctrunkname":"a","x":"\ud800"}""");

        var stored = ReportRedaction.WithoutPinCode(body);

        stored.Should().NotContain("4711");
        var (came, read) = (Record(ReportParser.Parse(body)), Record(ReportAssertions.Parse(stored)));
        came.HadPinCode.Should().BeTrue();
        read.Should().Be(came with { HadPinCode = false });
    }

    [Fact]
    public void A_body_beyond_the_limit_is_not_copied()
    {
        ReportRedaction.WithoutPinCode(Encoding.UTF8.GetBytes("{}".PadRight(ReportParser.BodyLimit + 1))).Should().Be("{}");
    }

    [Theory]
    [InlineData("{\"callid\":\"1.1\",\"pincode\":\"4711\",\"status\":\"ANS", "{\"callid\":\"1.1\",\"pincode…status\":\"ANS")]
    [InlineData("{\"PIN\\_Code\":\"47,11\",\"status\":\"ANS", "{\"PIN\\_Code…status\":\"ANS")]
    [InlineData("pincode=a4711", "pincode…")]
    [InlineData("a\0b\x1B[1m\r\nCafé", "a b [1m\r\nCafé")]
    [InlineData("", "")]
    public void An_unreadable_body_is_shown_without_what_looks_like_a_pin(string body, string expected)
    {
        ReportRedaction.Legible(Encoding.UTF8.GetBytes(body)).Should().Be(expected);
    }

    private static PbxCallRecord Record(Report report) => report.Should().BeOfType<CallRecordReport>().Subject.Record;
}
