using System.Text;

using PbxGrains.Yeastar.Reports;

using static PbxGrains.Yeastar.Tests.Reports.ReportAssertions;

namespace PbxGrains.Yeastar.Tests.Reports;

public sealed class DamagedReportTests
{
    [Theory]
    [InlineData("\uFEFF{\"action\":\"RING\",\"callid\":\"1.1\",\"ext\":{\"extid\":\"1\"},\"ext\":{\"extid\":\"2\"}}")]
    [InlineData("\0 \r\n\t{\"action\":\"RING\",\"callid\":\"1.1\",\"ext\":{\"extid\":\"1\"},\"ext\":{\"extid\":\"2\"}}\r\n\0\0")]
    [InlineData("{“action”:“RING”,“callid”:“1.1”,“ext”:{“extid”:“1”},“ext”:{“extid”:“2”}}")]
    [InlineData("{„action“:„RING“,‟callid″:‟1.1″,\"ext\":{\"extid\":“1”},\"ext\":{“extid\":\"2\"}}")]
    [InlineData("{\"action”:\"RING”,\"callid”:\"1.1”,\"ext”:{\"extid”:\"1”},\"ext”:{\"extid”:\"2\"}}")]
    [InlineData("{\"action\":\"RING\",\"call\\_id\":\"1.1\",\"ext\":{\"ext\\_id\":\"1\"},\"ext\":{\"extid\":\"2\"}}")]
    [InlineData("{'action':'RING','callid':'1.1','ext':{'extid':'1'},'ext':{'extid':'2'},'x':None,'y':True}")]
    [InlineData("{action:RING,callid:1.1,ext:{extid:0001},ext:{extid:2}}", "Extension:0001 Extension:2")]
    [InlineData("{\"action\":\"RING\",\"callid\":\"1.1\",\"ext\":{\"extid\":01},\"ext\":{\"extid\":+2}}", "Extension:01 Extension:+2")]
    [InlineData("{\"action\":\"RING\",\"callid\":\"1.1\",/* it's */\"ext\":{\"extid\":\"1\"},// “\n\"ext\":{\"extid\":\"2\",},\"x\":\"\\q\",}")]
    [InlineData("{\"action\":\"RING\",\"callid\":\"1.1\",\u00A0\"ext\":{\"extid\":\"1\"},\u200B\"ext\":{\"extid\":\"2\"}}")]
    [InlineData("[{\"action\":\"RING\",\"callid\":\"1.1\",\"ext\":{\"extid\":\"1\"},\"ext\":{\"extid\":\"2\"}}]")]
    public void Typography_does_not_cost_a_report(string body, string parties = "Extension:1 Extension:2")
    {
        var report = Parse(body);

        report.Should().BeOfType<CallProgressReport>().Which.CallId.Should().Be("1.1");
        report.Parties().Should().Equal(parties.Split(' '));
    }

    [Theory]
    [InlineData("\"Caf\xE9\"", "Café")]
    [InlineData("\"\x93Rue\x94\"", "“Rue”")]
    [InlineData("\"a\tb\nc\"", "a b c")]
    [InlineData("\"a\\u0000b\"", "a b")]
    [InlineData("\"a\\ud800b\"", "a\uFFFDb")]
    [InlineData("\"\\ud83d\\ude00 \\ud83d\"", "\U0001F600 \uFFFD")]
    [InlineData("\"it\\'s\"", "it's")]
    [InlineData("'say \"hi\"'", "say \"hi\"")]
    [InlineData("\"say \x94hi\x94, both\"", "say ”hi”, both")]
    public void Damaged_texts_are_read_as_what_they_mean(string prompt, string expected)
    {
        var body = Encoding.Latin1.GetBytes($$"""{"action":"PlayPromptEnd","callid":"1.1","prompt":{{prompt}}}""");

        var report = ReportParser.Parse(body);

        report.Should().BeOfType<PromptEndedReport>().Which.Prompt.Should().Be(expected);
    }

    [Fact]
    public void Typographic_quotes_within_a_text_stay_even_when_the_body_needs_mending()
    {
        var report = Parse("""{"action":"PlayPromptEnd","callid":"1.1","prompt":"say ”hi”, twice","sn":"\_1"}""");

        report.Should().BeOfType<PromptEndedReport>().Which.Prompt.Should().Be("say ”hi”, twice");
        report.SerialNumber.Should().Be("_1");
    }

    [Fact]
    public void A_long_text_is_cut_between_characters()
    {
        var report = Parse($$"""{"action":"satisfaction","surveyresult":"{{new string('a', ReportParser.TextLimit - 1)}}😀😀"}""");

        report.Should().BeOfType<SatisfactionReport>().Which.Result.Should().Be(new string('a', ReportParser.TextLimit - 1));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData(" \0\r\n", "empty")]
    [InlineData("{\"action\":\"BootUp\"", "cut off")]
    [InlineData("{\"action\":\"BootUp\",\"sn\":\"36", "cut off")]
    [InlineData("{\"action\":\"BootUp\",\"sn\":\"a ” }", "cut off")]
    [InlineData("{\"action\":\"BootUp\",\"sn\":\"a ”}\n", "cut off")]
    [InlineData("{\"action\":\"BootUp\",\"sn\":\"a ”}//\", \"x\":{ \"y\":", "cut off")]
    [InlineData("{\"action\":\"BootUp\",\"sn\":\"a ”}/*\", \"x\":{ \"y\":", "cut off")]
    [InlineData("{\"action\":\"BootUp\"}{\"action\":\"BootUp\"}", "more than one")]
    [InlineData("{\"action\":\"BootUp\"} and so on", "more than one")]
    [InlineData("[{\"action\":\"BootUp\"},{\"action\":\"BootUp\"}]", "not one report")]
    [InlineData("[]", "not one report")]
    [InlineData("\"BootUp\"", "not one report")]
    [InlineData("<html>", "not JSON")]
    [InlineData("action=BootUp", "not JSON")]
    [InlineData("{\"a\":[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]}", "deeper")]
    public void What_cannot_be_read_is_kept_with_its_reason(string body, string reason)
    {
        var bytes = Encoding.UTF8.GetBytes(body);

        var report = ReportParser.Parse(bytes);

        var unreadable = report.Should().BeOfType<UnreadableReport>().Subject;
        unreadable.Reason.Should().Contain(reason).And.EndWith(".");
        unreadable.Raw.ToArray().Should().Equal(bytes);
    }

    [Fact]
    public void A_body_at_the_limit_is_read_and_a_longer_one_is_not()
    {
        var body = "{\"action\":\"BootUp\"}".PadRight(ReportParser.BodyLimit);

        Parse(body).Should().BeOfType<BootUpReport>();
        Parse(body + " ").Should().BeOfType<UnreadableReport>().Which.Reason.Should().Contain("256 KiB");
    }
}
