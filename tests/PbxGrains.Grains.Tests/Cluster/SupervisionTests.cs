using PbxGrains.Contracts.Extensions;
using PbxGrains.Contracts.Sites;

namespace PbxGrains.Grains.Tests.Cluster;

public sealed class SupervisionTests
{
    [Fact]
    public async Task A_site_saved_in_the_directory_is_polled_without_any_restart()
    {
        await using var lab = await SiteLab.StartAsync();

        await lab.RegisterAsync("paris", lab.Fleet.Pbxs[0]);

        var status = await lab.StatusAsync("paris", s => s is { Health: SiteHealth.Online, SerialNumber: not null }, "the site comes online");
        status.SerialNumber.Should().Be(lab.Fleet.Pbxs[0].SerialNumber);
        status.Dialect.Should().Be("2.0.0");
        status.Extensions.Should().Equal(new Dictionary<ExtensionStatus, int> { [ExtensionStatus.Idle] = 5 });
    }
}
