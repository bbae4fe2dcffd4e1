using PbxGrains.Contracts;
using PbxGrains.Front.Sites;
using PbxGrains.Storage.Sites;

namespace PbxGrains.Front.Tests.Sites;

public sealed class SiteDraftTests
{
    private static readonly SiteInput Valid = new()
    {
        Name = "Paris",
        Address = "https://10.1.0.254:8088",
        UserName = "api",
        Password = "secret",
        TimeZone = "Europe/Paris",
    };

    [Theory]
    [InlineData("https://10.1.0.254:8088", "https://10.1.0.254:8088")]
    [InlineData("https://pbx.example/", "https://pbx.example")]
    [InlineData(" 10.1.0.254 ", "https://10.1.0.254:8088")]
    [InlineData("fd00::1", "https://[fd00::1]:8088")]
    public void An_address_is_stored_in_one_form(string given, string stored)
    {
        var (row, errors) = Read(Valid with { Address = given });

        errors.Should().BeEmpty();
        row.Address.Should().Be(stored);
    }

    [Theory]
    [InlineData("10.1")]
    [InlineData("pbx.example:8088")]
    [InlineData("ftp://10.1.0.254")]
    [InlineData("https://api:secret@10.1.0.254")]
    [InlineData("https://10.1.0.254/webcgi")]
    [InlineData("https://10.1.0.254/?a=b")]
    [InlineData("http://10.1.0.254:8088")]
    public void An_address_that_cannot_be_used_is_named(string given) =>
        Read(Valid with { Address = given }).Errors.Should().ContainKey("address").WhoseValue.Should().NotBeEmpty();

    [Fact]
    public void Plain_http_is_possible_when_meant() =>
        Read(Valid with { Address = "http://10.1.0.254:8088", AllowPlainHttp = true }).Errors.Should().BeEmpty();

    public static TheoryData<string, object> WrongFields => new()
    {
        { "name", Valid with { Name = " " } },
        { "userName", Valid with { UserName = "" } },
        { "password", Valid with { Password = null } },
        { "timeZone", Valid with { TimeZone = "Paris" } },
        { "country", Valid with { Country = "France" } },
        { "certificatePins", Valid with { CertificatePins = ["nonsense"] } },
        { "certificatePins", Valid with { CertificatePins = [Pin(1), Pin(2), Pin(3)] } },
        { "sourceAddresses", Valid with { SourceAddresses = ["10.1.0.254/33"] } },
        { "sourceAddresses", Valid with { SourceAddresses = ["pbx.example"] } },
        { "sourceAddresses", Valid with { SourceAddresses = [null!] } },
        { "certificatePins", Valid with { CertificatePins = [null!] } },
        { "reportAddress", Valid with { ReportAddress = "10.0.0.5" } },
        { "reportAddress", Valid with { ReportAddress = "10.0.0.5:70000" } },
        { "polling.busySeconds", Valid with { Polling = new SitePollingResource { BusySeconds = 0 } } },
        { "polling.heartbeatSeconds", Valid with { Polling = new SitePollingResource { HeartbeatSeconds = 1800 } } },
        { "polling.answerTimeoutSeconds", Valid with { Polling = new SitePollingResource { AnswerTimeoutSeconds = double.NaN } } },
        { "polling.backoffLastSeconds", Valid with { Polling = new SitePollingResource { BackoffFirstSeconds = 10, BackoffLastSeconds = 5 } } },
    };

    [Theory]
    [MemberData(nameof(WrongFields))]
    public void A_wrong_field_is_the_only_one_named(string field, object input) =>
        Read((SiteInput)input).Errors.Keys.Should().Equal(field);

    [Fact]
    public void Pins_sources_and_report_address_that_fit_are_kept()
    {
        var (row, errors) = Read(Valid with { CertificatePins = [Pin(1), Pin(2)], SourceAddresses = ["10.1.0.254", "10.2.0.254/24"], ReportAddress = "10.0.0.5:8260", Country = "fr" });

        errors.Should().BeEmpty();
        row.CertificatePins.Should().Equal(Pin(1), Pin(2));
        row.SourceAddresses.Should().Equal("10.1.0.254", "10.2.0.0/24");
        row.ReportAddress.Should().Be("10.0.0.5:8260");
        row.Country.Should().Be("FR");
    }

    [Fact]
    public void Absent_fields_keep_their_value_and_an_empty_text_clears_an_optional_one()
    {
        var (stored, _) = Read(Valid with { Country = "FR", ReportAddress = "10.0.0.5:8260", Polling = new SitePollingResource { BusySeconds = 3 } });

        var (row, errors) = Read(new SiteInput { Name = "Paris 2", ReportAddress = "" }, stored);

        errors.Should().BeEmpty();
        row.Should().BeEquivalentTo(stored with { Name = "Paris 2", ReportAddress = null });
    }

    [Fact]
    public void The_password_is_kept_as_the_PBX_wants_it_and_encrypted()
    {
        string? protectedText = null;

        var row = SiteDraft.Read(SiteId.Parse("paris"), Valid with { Password = "test" }, stored: null, text => [(byte)(protectedText = text).Length], new FieldErrors());

        protectedText.Should().Be("098f6bcd4621d373cade4e832627b4f6");
        row.PasswordCipher.Should().Equal(32);
    }

    private static (SiteRow Row, IReadOnlyDictionary<string, string[]> Errors) Read(SiteInput input, SiteRow? stored = null)
    {
        var errors = new FieldErrors();
        var row = SiteDraft.Read(SiteId.Parse("paris"), input, stored, _ => [1], errors);
        return (row, errors.ToDictionary());
    }

    private static string Pin(byte of) => Convert.ToBase64String(Enumerable.Repeat(of, 32).ToArray());
}
