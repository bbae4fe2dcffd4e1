using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting.Kubernetes;
using PbxGrains.Hosting.Cluster;

namespace PbxGrains.Hosting.Tests.Cluster;

public sealed class SiloPlaceTests : IDisposable
{
    private static readonly string[] PodVariables = ["KUBERNETES_SERVICE_HOST", "POD_NAME", "POD_NAMESPACE", "POD_IP"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pbxgrains-place-");
    private bool _watchesPods;

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("10.20.0.5", "10.20.0.5")]
    [InlineData("10.20.0.0/24", "10.20.0.9")]
    [InlineData("192.168.1.0/24", "192.168.1.7")]
    [InlineData("fd00::/8", "fd00::9")]
    public void An_address_is_taken_as_it_is_and_a_network_means_the_own_address_in_it(string setting, string meant)
    {
        IPAddress[] own = [IPAddress.Loopback, IPAddress.Parse("192.168.1.7"), IPAddress.Parse("10.20.0.77"), IPAddress.Parse("10.20.0.9"), IPAddress.Parse("fd00::9")];

        OwnAddress.Find(setting, () => own).Should().Be(IPAddress.Parse(meant));
    }

    [Fact]
    public void This_machine_has_an_address_in_the_loopback_network() =>
        OwnAddress.Find("127.0.0.0/8").Should().Be(IPAddress.Loopback);

    [Theory]
    [InlineData("10.99.0.0/16", "*no address in it*")]
    [InlineData("eth0", "*Cluster:Address is 'eth0'*")]
    public void What_means_no_address_is_refused_with_a_sentence(string setting, string sentence)
    {
        var find = () => OwnAddress.Find(setting, () => [IPAddress.Loopback]);

        find.Should().Throw<StartRefusedException>().WithMessage(sentence);
    }

    [Theory]
    [InlineData("KUBERNETES_SERVICE_HOST")]
    [InlineData("POD_NAME")]
    [InlineData("POD_NAMESPACE")]
    [InlineData("POD_IP")]
    public void Outside_a_pod_Kubernetes_is_refused_with_a_sentence(string missing)
    {
        var surroundings = new ConfigurationBuilder()
            .AddInMemoryCollection(PodVariables.Where(name => name != missing).Select(name => KeyValuePair.Create(name, (string?)"10.0.0.1")))
            .Build();

        var place = () => SiloPlace.Of(new ClusterSettings { Kubernetes = true }, surroundings);

        place.Should().Throw<StartRefusedException>().WithMessage($"*{missing} is not set*");
    }

    [Fact]
    public void In_a_pod_the_silo_is_reached_at_the_pods_address_and_watches_pods()
    {
        using var host = Build(
            ("Cluster:Kubernetes", "true"),
            ("Cluster:SiloPort", "11211"),
            ("Cluster:GatewayPort", "30100"),
            ("Cluster:ClusterId", "green"),
            ("KUBERNETES_SERVICE_HOST", "10.96.0.1"),
            ("POD_NAME", "pbxgrains-silo-7d9f"),
            ("POD_NAMESPACE", "telephony"),
            ("POD_IP", "10.244.1.17"));

        var endpoint = host.Services.GetRequiredService<IOptions<EndpointOptions>>().Value;
        endpoint.AdvertisedIPAddress.Should().Be(IPAddress.Parse("10.244.1.17"));
        (endpoint.SiloPort, endpoint.GatewayPort).Should().Be((11211, 30100));
        host.Services.GetRequiredService<IOptions<ClusterOptions>>().Value.ClusterId.Should().Be("green");
        _watchesPods.Should().BeTrue();
    }

    [Fact]
    public void Elsewhere_the_silo_knows_nothing_of_Kubernetes()
    {
        using var host = Build(("Cluster:Address", "127.0.0.1"));

        host.Services.GetRequiredService<IOptions<EndpointOptions>>().Value.AdvertisedIPAddress.Should().Be(IPAddress.Loopback);
        _watchesPods.Should().BeFalse();
    }

    private IHost Build(params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Pbx"] = "Host=127.0.0.1",
            ["DataProtection:Folder"] = Path.Combine(_folder.FullName, "keys"),
            ["Recordings:Folder"] = Path.Combine(_folder.FullName, "recordings"),
        });
        builder.AddPbxCluster();
        _watchesPods = builder.Services.Any(service => service.ServiceType.GenericTypeArguments.Contains(typeof(KubernetesHostingOptions)));
        return builder.Build();
    }
}
