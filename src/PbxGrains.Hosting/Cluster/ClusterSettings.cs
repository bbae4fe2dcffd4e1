namespace PbxGrains.Hosting.Cluster;

/// <summary>How a process takes part in the cluster; configuration section <c>Cluster</c>.</summary>
public sealed record ClusterSettings
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Cluster";

    /// <summary>Processes with the same id form one cluster. Change it for a blue-green upgrade.</summary>
    public string ClusterId { get; init; } = "pbxgrains";

    /// <summary>Owner of grain state and reminders; survives a change of <see cref="ClusterId"/>. Never change it.</summary>
    public string ServiceId { get; init; } = "pbxgrains";

    /// <summary>
    /// Address other silos reach this one by, or a network (<c>10.20.0.0/24</c>): then it is the address this machine has in
    /// it. Traffic between silos is neither authenticated nor encrypted: use an address of a private network. The default
    /// keeps it on this machine.
    /// </summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>Port silos talk on.</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>Port pure clients talk to; 0 for none.</summary>
    public int GatewayPort { get; init; } = 30000;

    /// <summary>
    /// True in a pod of Kubernetes: the address is the pod's, not <see cref="Address" />, the silo bears the pod's name, and
    /// a silo whose pod was deleted is declared dead at once. The pod needs <c>POD_NAME</c>, <c>POD_NAMESPACE</c>,
    /// <c>POD_IP</c>, the labels <c>orleans/clusterId</c> and <c>orleans/serviceId</c>, and a role that may watch pods.
    /// </summary>
    public bool Kubernetes { get; init; }
}
