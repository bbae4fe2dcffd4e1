using System.Net;
using Microsoft.Extensions.Options;
using PbxGrains.Front.Subscriptions;

namespace PbxGrains.Front.Tests.Subscriptions;

public sealed class TargetGuardTests
{
    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("93.184.216.34")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("64:ff9b::808:808")]
    public void Public_addresses_may_be_targets_by_https_only(string address)
    {
        Guard().Refusal(IPAddress.Parse(address), "https").Should().BeNull();
        Guard().Refusal(IPAddress.Parse(address), "http").Should().Contain("Use https");
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("10.1.0.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("100.64.0.1")]
    [InlineData("198.18.0.1")]
    [InlineData("192.0.2.1")]
    [InlineData("203.0.113.9")]
    [InlineData("255.255.255.255")]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("fd12:3456::1")]
    [InlineData("fc00::1")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%1")]
    [InlineData("ff02::1")]
    [InlineData("fec0::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2001::1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("64:ff9b:1::a00:1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("169.254.169.254")]
    [InlineData("::ffff:169.254.169.254")]
    public void All_others_are_refused(string address)
    {
        Guard().Refusal(IPAddress.Parse(address), "https").Should().Contain("refused");
    }

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("11.1.2.3", false)]
    [InlineData("192.168.7.7", true)]
    [InlineData("192.168.7.8", false)]
    [InlineData("fd12::1", true)]
    public void The_operator_may_allow_some_by_plain_http_too(string address, bool isAllowed)
    {
        var guard = Guard("10.0.0.0/8", "192.168.7.7", "fd00::/8");

        (guard.Refusal(IPAddress.Parse(address), "http") is null).Should().Be(isAllowed);
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.1.1")]
    [InlineData("fe80::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("100.100.100.200")]
    [InlineData("168.63.129.16")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("2002:a9fe:a9fe::")]
    [InlineData("0.0.0.0")]
    public void Nobody_can_allow_metadata_services(string address)
    {
        Guard("0.0.0.0/0", "::/0").Refusal(IPAddress.Parse(address), "https").Should().Contain("never");
    }

    [Fact]
    public void An_allow_list_that_cannot_be_read_is_no_allow_list()
    {
        FluentActions.Invoking(() => Guard("10.0.0.0/8", "my-host")).Should().Throw<InvalidOperationException>().WithMessage("*my-host*");
    }

    private static TargetGuard Guard(params string[] allowed) => new(Options.Create(new SubscriptionSettings { AllowedTargets = allowed }));
}
