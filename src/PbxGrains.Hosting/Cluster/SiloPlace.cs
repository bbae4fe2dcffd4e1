using System.Net;
using Microsoft.Extensions.Configuration;
using Orleans.Configuration;

namespace PbxGrains.Hosting.Cluster;

/// <summary>Where a silo is reached by the others.</summary>
internal sealed record SiloPlace
{
    private SiloPlace(IPAddress? address, int siloPort, int gatewayPort)
    {
        Address = address;
        SiloPort = siloPort;
        GatewayPort = gatewayPort;
    }

    /// <summary>The address; null: that of the pod.</summary>
    public IPAddress? Address { get; }

    /// <summary>Port silos talk on.</summary>
    public int SiloPort { get; }

    /// <summary>Port pure clients talk to; 0 for none.</summary>
    public int GatewayPort { get; }

    /// <summary>What the settings mean on this machine.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="surroundings">Names the pod, as environment variables do.</param>
    /// <exception cref="StartRefusedException">They cannot be used here.</exception>
    public static SiloPlace Of(ClusterSettings settings, IConfiguration surroundings)
    {
        if (!settings.Kubernetes)
        {
            return new SiloPlace(OwnAddress.Find(settings.Address), settings.SiloPort, settings.GatewayPort);
        }

        string[] needed = ["KUBERNETES_SERVICE_HOST", "POD_NAME", "POD_NAMESPACE", "POD_IP"];
        return Array.Find(needed, name => string.IsNullOrEmpty(surroundings[name])) is { } missing
            ? throw new StartRefusedException($"Cluster:Kubernetes is on, but {missing} is not set: use it in a pod, as deploy/kubernetes shows, or switch it off.")
            : new SiloPlace(address: null, settings.SiloPort, settings.GatewayPort);
    }

    /// <summary>Tells the silo.</summary>
    public void Apply(ISiloBuilder silo)
    {
        if (Address is not null)
        {
            silo.ConfigureEndpoints(Address, SiloPort, GatewayPort);
            return;
        }

        silo.Configure<EndpointOptions>(options =>
        {
            options.SiloPort = SiloPort;
            options.GatewayPort = GatewayPort;
        });
        silo.UseKubernetesHosting();
    }
}
