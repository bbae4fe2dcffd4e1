using PbxGrains.Contracts;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Grains.Rehearsals;

namespace PbxGrains.Grains.Tests.Rehearsals;

public sealed class DialledNumberTests
{
    private static readonly ExtensionView Desk = new() { Site = SiteId.Parse("paris"), Number = ExtensionNumber.Parse("1001"), Status = ExtensionStatus.Idle, AsOf = DateTimeOffset.UnixEpoch };

    [Theory]
    [InlineData("1001", "FR", DialledKind.Extension, null, null)]
    [InlineData("0612345678", "FR", DialledKind.Public, "+33612345678", null)]
    [InlineData("+33612345678", null, DialledKind.Public, "+33612345678", null)]
    [InlineData("0033612345678", "FR", DialledKind.Public, "+33612345678", null)]
    [InlineData("00612345678", "FR", DialledKind.Public, "+33612345678", "0")]
    [InlineData("90612345678", "FR", DialledKind.Public, "+33612345678", "9")]
    [InlineData("06 12 34 56 78", "FR", DialledKind.Public, "+33612345678", null)]
    [InlineData("0612345678", null, DialledKind.CountryUnknown, null, null)]
    [InlineData("112", "FR", DialledKind.Emergency, null, null)]
    [InlineData("15", "FR", DialledKind.Emergency, null, null)]
    [InlineData("*97", "FR", DialledKind.FeatureCode, null, null)]
    [InlineData("6700", "FR", DialledKind.Short, null, null)]
    [InlineData("061234567899999", "FR", DialledKind.Unlikely, null, null)]
    [InlineData("+99912345678", "FR", DialledKind.Unlikely, null, null)]
    [InlineData("paul", "FR", DialledKind.NotDialable, null, null)]
    [InlineData("06+12345678", "FR", DialledKind.NotDialable, null, null)]
    [InlineData("--", "FR", DialledKind.NotDialable, null, null)]
    public void A_number_is_read_as_the_site_would(string text, string? country, DialledKind kind, string? e164, string? prefix)
    {
        var number = DialledNumber.Read(text, country, [Desk]);

        number.Should().BeEquivalentTo(new { Kind = kind, E164 = e164, Prefix = prefix, Text = text });
    }

    [Fact]
    public void Numbers_that_cost_extra_are_known_as_such()
    {
        DialledNumber.Read("0899123456", "FR", []).Premium.Should().BeTrue();
        DialledNumber.Read("0612345678", "FR", []).Premium.Should().BeFalse();
    }
}
