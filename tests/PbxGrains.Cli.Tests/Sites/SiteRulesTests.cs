using PbxGrains.Cli.Sites;

namespace PbxGrains.Cli.Tests.Sites;

public sealed class SiteRulesTests
{
    [Theory]
    [InlineData("paris")]
    [InlineData("9-paris-9")]
    [InlineData("a")]
    public void An_id_that_can_be_used_is_taken(string id) => SiteRules.Id(id).Should().Be(Checked.Good(id));

    [Theory]
    [InlineData("")]
    [InlineData("-paris")]
    [InlineData("Paris")]
    [InlineData("paris_9")]
    [InlineData("pàris")]
    [InlineData("a123456789012345678901234567890123456789012345678901234567890123")]
    public void An_id_that_cannot_be_used_is_refused_with_a_sentence(string id) => SiteRules.Id(id).Complaint.Should().NotBeNullOrEmpty();

    [Theory]
    [InlineData("10.1.0.254", "https://10.1.0.254:8088")]
    [InlineData(" 10.1.0.254 ", "https://10.1.0.254:8088")]
    [InlineData("10.1.0.254:8443", "https://10.1.0.254:8443")]
    [InlineData("pbx.example.com", "https://pbx.example.com:8088")]
    [InlineData("fd00::1", "https://[fd00::1]:8088")]
    [InlineData("https://10.1.0.254:8088/", "https://10.1.0.254:8088")]
    [InlineData("http://10.1.0.254:80", "http://10.1.0.254")]
    public void An_address_is_completed(string typed, string expected) => SiteRules.Address(typed, plainHttp: false).Should().Be(Checked.Good(expected));

    [Fact]
    public void A_bare_IP_is_plain_HTTP_where_that_is_wanted() =>
        SiteRules.Address("10.1.0.254", plainHttp: true).Should().Be(Checked.Good("http://10.1.0.254:8088"));

    [Theory]
    [InlineData("")]
    [InlineData("10.1.0")]
    [InlineData("10.1.0.2544")]
    [InlineData("https://10.1.0.256:8088")]
    [InlineData("10.1.0.254:99999")]
    [InlineData("ftp://10.1.0.254")]
    [InlineData("https://api:secret@10.1.0.254:8088")]
    [InlineData("https://10.1.0.254:8088/api/v2.0.0")]
    [InlineData("https://10.1.0.254:8088?token=1")]
    [InlineData("not an address")]
    public void An_address_that_cannot_be_used_is_refused_with_a_sentence(string typed) =>
        SiteRules.Address(typed, plainHttp: false).Complaint.Should().NotBeNullOrEmpty();

    [Fact]
    public void A_password_in_an_address_is_not_repeated() =>
        SiteRules.Address("https://api:secret@10.1.0.254:8088", plainHttp: false).Complaint.Should().NotContain("secret");

    [Theory]
    [InlineData("Europe/Paris", null)]
    [InlineData("Etc/UTC", null)]
    [InlineData("paris", "Europe/Paris")]
    [InlineData("Romance Standard Time", "Europe/Paris")]
    [InlineData("Mars/Olympus", "Mars/Olympus")]
    [InlineData("", "''")]
    public void A_time_zone_is_known_or_one_alike_is_proposed(string typed, string? complaint)
    {
        var judged = SiteRules.TimeZone(typed);

        if (complaint is null)
        {
            judged.Should().Be(Checked.Good(typed));
        }
        else
        {
            judged.Complaint.Should().Contain(complaint);
        }
    }

    [Theory]
    [InlineData(Samples.Pin, true)]
    [InlineData("sha256/" + Samples.Pin, true)]
    [InlineData("", false)]
    [InlineData("AAAA", false)]
    [InlineData("not base64 at all, but long enough to be one....", false)]
    public void A_pin_is_32_bytes_in_Base64(string typed, bool good) => (SiteRules.Pin(typed).Value == Samples.Pin).Should().Be(good);

    [Theory]
    [InlineData("10.1.0.254", true)]
    [InlineData("10.1.0.0/24", true)]
    [InlineData("10.1.0.0/40", false)]
    [InlineData("pbx", false)]
    public void A_source_is_an_address_or_a_network(string typed, bool good) => (SiteRules.SourceAddress(typed).Complaint is null).Should().Be(good);

    [Theory]
    [InlineData("10.0.0.5:8260", true)]
    [InlineData("reports.example.com:80", true)]
    [InlineData("10.0.0.5", false)]
    [InlineData("10.0.0.5:0", false)]
    [InlineData("http://10.0.0.5:8260", false)]
    public void A_report_address_is_host_and_port(string typed, bool good) => (SiteRules.ReportAddress(typed).Complaint is null).Should().Be(good);
}
