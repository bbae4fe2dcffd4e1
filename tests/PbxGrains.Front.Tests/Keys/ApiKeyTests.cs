using PbxGrains.Front.Keys;

namespace PbxGrains.Front.Tests.Keys;

public sealed class ApiKeyTests
{
    [Fact]
    public void A_made_key_is_read_back_and_never_shows_its_secret()
    {
        var key = ApiKey.Create();

        ApiKey.TryParse(key.Text, out var read).Should().BeTrue();
        read.Should().Be(key);
        read.Hash().Should().Equal(key.Hash());
        key.Text.Split('_', 3)[2].Length.Should().BeGreaterThanOrEqualTo(43, "256 bits are 43 characters of Base64Url");
        key.ToString().Should().Be($"pbx_{key.Id}_…");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("pbx_")]
    [InlineData("pbx__secret")]
    [InlineData("pbx_0123456789abcdef")]
    [InlineData("pbx_0123456789abcdef_")]
    [InlineData("pbx_0123_secret")]
    [InlineData("pbx_0123456789ABCDEF_secret")]
    [InlineData("abc_0123456789abcdef_secret")]
    public void What_is_no_key_is_refused(string? text) => ApiKey.TryParse(text, out _).Should().BeFalse();

    [Fact]
    public void A_higher_scope_contains_the_lower_ones()
    {
        Scope.Contained(Scope.Read).ToArray().Should().Equal("read");
        Scope.Contained(Scope.Operate).ToArray().Should().Equal("read", "operate");
        Scope.Contained(Scope.Admin).ToArray().Should().Equal("read", "operate", "admin");
        Scope.Contained("other").ToArray().Should().BeEmpty();
    }
}
