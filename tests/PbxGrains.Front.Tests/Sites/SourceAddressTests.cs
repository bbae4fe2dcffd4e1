using System.Net;
using PbxGrains.Front.Sites;

namespace PbxGrains.Front.Tests.Sites;

public sealed class SourceAddressTests
{
    [Theory]
    [InlineData("10.1.0.254", "10.1.0.254/32")]
    [InlineData("10.1.0.254/8", "10.0.0.0/8")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("fd00::1", "fd00::1/128")]
    [InlineData("fd00::ff/121", "fd00::80/121")]
    [InlineData("::ffff:10.1.0.254", "10.1.0.254/32")]
    [InlineData("::ffff:10.1.0.0/104", "10.0.0.0/8")]
    public void An_address_or_network_is_read(string text, string network) =>
        SourceAddress.Read(text).Should().Be(IPNetwork.Parse(network));

    [Theory]
    [InlineData("1")]
    [InlineData("10.1")]
    [InlineData("10.1/16")]
    [InlineData("010.1.0.254")]
    [InlineData("0x0a.1.0.254")]
    [InlineData("[fd00::1]")]
    [InlineData("[fd00::1]:8088")]
    [InlineData("fe80::1%1")]
    [InlineData("10.1.0.254/33")]
    [InlineData("10.1.0.254/-1")]
    [InlineData("10.1.0.254/")]
    [InlineData("fd00::1/129")]
    [InlineData("::ffff:10.1.0.0/90")]
    [InlineData("")]
    public void What_somebody_else_may_read_otherwise_is_refused(string text) =>
        SourceAddress.Read(text).Should().BeNull();
}
