using System.Net;
using Microsoft.Extensions.Configuration;

namespace PbxGrains.Hosting.Cluster;

/// <summary>Where a silo is reached by the others.</summary>
/// <param name="Address">Address it listens on and tells the others.</param>
/// <param name="SiloPort">Port silos talk on.</param>
/// <param name="GatewayPort">Port pure clients talk to; 0 for none.</param>
/// <param name="InPod">True in a pod of Kubernetes.</param>
internal sealed record SiloPlace(IPAddress Address, int SiloPort, int GatewayPort, bool InPod)
{
    private static readonly string[] NeededInPod = ["KUBERNETES_SERVICE_HOST", "POD_NAME", "POD_NAMESPACE", "POD_IP"];

    /// <summary>What the settings mean on this machine.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="surroundings">Names the pod, as environment variables do.</param>
    /// <exception cref="StartRefusedException">They cannot be used here.</exception>
    public static SiloPlace Of(ClusterSettings settings, IConfiguration surroundings)
    {
        if (!settings.Kubernetes)
        {
            return new SiloPlace(OwnAddress.Find(settings.Address), settings.SiloPort, settings.GatewayPort, InPod: false);
        }

        return Array.Find(NeededInPod, name => string.IsNullOrEmpty(surroundings[name])) is { } missing
            ? throw new StartRefusedException($"Cluster:Kubernetes is on, but {missing} is not set: use it in a pod, as deploy/kubernetes shows, or switch it off.")
            : new SiloPlace(OwnAddress.Find(surroundings["POD_IP"]!), settings.SiloPort, settings.GatewayPort, InPod: true);
    }

    /// <summary>Tells the silo.</summary>
    public void Apply(ISiloBuilder silo)
    {
        // Said here also in a pod: Orleans' own default is the first address it finds.
        silo.ConfigureEndpoints(Address, SiloPort, GatewayPort);
        if (InPod)
        {
            silo.UseKubernetesHosting();
        }
    }
}
