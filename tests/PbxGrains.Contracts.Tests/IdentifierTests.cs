namespace PbxGrains.Contracts.Tests;

public sealed class IdentifierTests
{
    [Theory]
    [InlineData("paris")]
    [InlineData("a")]
    [InlineData("10")]
    [InlineData("lyon-2")]
    public void A_site_id_reads_back_from_its_grain_key(string text)
    {
        var id = SiteId.Parse(text);

        id.GrainKey.Should().Be("site:" + text);
        SiteId.FromGrainKey(id.GrainKey).Should().Be(id);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Paris")]
    [InlineData("-paris")]
    [InlineData("par is")]
    [InlineData("par/is")]
    [InlineData("../paris")]
    [InlineData("paris\n")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void What_is_not_a_site_id_is_refused(string? text) => SiteId.TryParse(text, out _).Should().BeFalse();

    [Theory]
    [InlineData("10")]
    [InlineData("0010")]
    [InlineData("ab")]
    public void Grain_keys_never_parse_as_hexadecimal(string text)
    {
        // Grain storage turns hex-looking keys into numbers: 10 and 0010 would share one row.
        new[] { SiteId.Parse(text).GrainKey, new ExtensionId(SiteId.Parse("a"), ExtensionNumber.Parse(text)).GrainKey }
            .Should().OnlyContain(key => !char.IsAsciiHexDigit(key[0]) || key.IndexOf(':', StringComparison.Ordinal) > 0 && !key.Split(':')[0].All(char.IsAsciiHexDigit));
    }

    [Fact]
    public void Leading_zeros_make_another_extension()
    {
        var site = SiteId.Parse("paris");

        new ExtensionId(site, ExtensionNumber.Parse("0010")).GrainKey.Should().NotBe(new ExtensionId(site, ExtensionNumber.Parse("10")).GrainKey);
    }

    [Fact]
    public void An_extension_reads_back_from_its_grain_key()
    {
        var id = new ExtensionId(SiteId.Parse("paris"), ExtensionNumber.Parse("0010"));

        ExtensionId.FromGrainKey(id.GrainKey).Should().Be(id);
    }

    [Theory]
    [InlineData("ext:paris")]
    [InlineData("site:paris/0010")]
    [InlineData("ext:Paris/0010")]
    public void A_key_of_another_kind_is_no_extension(string key) => FluentActions.Invoking(() => ExtensionId.FromGrainKey(key)).Should().Throw<FormatException>();

    [Theory]
    [InlineData("1571898400.14")]
    [InlineData("1571898400.10")]
    public void A_call_id_stays_text(string text) => CallId.Parse(text).Value.Should().Be(text);

    [Theory]
    [InlineData("")]
    [InlineData("15718 98400")]
    [InlineData("1571898400.14/..")]
    public void What_is_not_a_call_id_is_refused(string text) => CallId.TryParse(text, out _).Should().BeFalse();
}
