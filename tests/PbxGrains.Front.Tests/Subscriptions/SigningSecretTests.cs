using System.Text;
using PbxGrains.Front.Subscriptions;

namespace PbxGrains.Front.Tests.Subscriptions;

public sealed class SigningSecretTests
{
    [Fact]
    public void The_example_of_the_specification_is_signed_as_it_says()
    {
        SigningSecret.TryParse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", out var secret).Should().BeTrue();

        secret!.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, """{"test": 2432232314}"""u8).Should().Be("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    [Fact]
    public void A_new_secret_has_256_bits_and_does_not_show_itself()
    {
        var secret = SigningSecret.Create();

        Convert.FromBase64String(secret.Text["whsec_".Length..]).Should().HaveCount(32);
        SigningSecret.Create().Text.Should().NotBe(secret.Text);
        $"{secret}".Should().Be("whsec_…");
    }

    [Theory]
    [InlineData(23, false)]
    [InlineData(24, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void A_secret_of_ones_own_has_24_to_64_bytes(int bytes, bool isGood)
    {
        SigningSecret.TryParse("whsec_" + Convert.ToBase64String(new byte[bytes]), out _).Should().Be(isGood);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("whsec_")]
    [InlineData("whsec_not base64!")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    public void Anything_else_is_none(string? text)
    {
        SigningSecret.TryParse(text, out _).Should().BeFalse();
        SigningSecret.TryParse("whsec_" + new string('A', 4000), out _).Should().BeFalse();
        Encoding.UTF8.GetByteCount(text ?? "").Should().BeLessThan(100);
    }
}
