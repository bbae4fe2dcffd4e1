using k8s;
using k8s.Models;

namespace PbxGrains.EndToEnd.Tests.Deploy;

/// <summary>The manifests of the example overlay, read by the models of the official client, which know every field.</summary>
public sealed class KubernetesTests : IAsyncLifetime
{
    private const string NoKubectl = "kubectl is not installed";

    // The host gives what is under way 30 s.
    private const int ShutdownSeconds = 30;

    private List<object> _objects = [];

    public static bool HasKubectl => Tool.Has("kubectl");

    private IReadOnlyList<V1Deployment> Deployments => [.. _objects.OfType<V1Deployment>()];

    private IDictionary<string, string> Settings => _objects.OfType<V1ConfigMap>().Single().Data;

    public async ValueTask InitializeAsync()
    {
        if (HasKubectl)
        {
            var answer = await Tool.RunAsync("kubectl", ["kustomize", Tool.In("kubernetes", "overlays", "example")]);
            answer.ExitCode.Should().Be(0, answer.Errors);
            _objects = KubernetesYaml.LoadAllFromString(answer.Output, typeMap: null, strict: true);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact(SkipUnless = nameof(HasKubectl), Skip = NoKubectl)]
    public void All_kinds_are_there_and_no_field_is_misspelt()
    {
        Deployments.Select(one => one.Metadata.Name).Should().BeEquivalentTo("pbxgrains-front", "pbxgrains-silo");
        _objects.OfType<V1PodDisruptionBudget>().Should().HaveCount(2);
        _objects.OfType<V1NetworkPolicy>().Should().NotBeEmpty();
        _objects.OfType<IKubernetesObject<V1ObjectMeta>>().Where(one => one is not V1Namespace).Should().OnlyContain(one => one.Metadata.NamespaceProperty == "pbxgrains");

        var misspelt = () => KubernetesYaml.LoadAllFromString("apiVersion: v1\nkind: Service\nmetadata:\n  name: a\nspec:\n  selektor: {}\n", typeMap: null, strict: true);
        misspelt.Should().Throw<Exception>("strict reading is what this test rests on");
    }

    [Fact(SkipUnless = nameof(HasKubectl), Skip = NoKubectl)]
    public void Every_container_is_probed_limited_and_nobody_special()
    {
        foreach (var deployment in Deployments)
        {
            var pod = deployment.Spec.Template.Spec;
            var container = pod.Containers.Should().ContainSingle().Subject;
            var ports = container.Ports.Select(port => port.Name).ToList();

            pod.SecurityContext.RunAsNonRoot.Should().BeTrue();
            pod.SecurityContext.SeccompProfile.Type.Should().Be("RuntimeDefault");
            container.SecurityContext.AllowPrivilegeEscalation.Should().BeFalse();
            container.SecurityContext.ReadOnlyRootFilesystem.Should().BeTrue();
            container.SecurityContext.Capabilities.Drop.Should().Equal("ALL");
            container.Image.Should().MatchRegex(":[0-9]+\\.[0-9]+\\.[0-9]+$");
            container.Resources.Requests.Keys.Should().Contain(["cpu", "memory"]);
            container.Resources.Limits.Keys.Should().Contain("memory");
            foreach (var (probe, path) in new[] { (container.StartupProbe, "/health/live"), (container.LivenessProbe, "/health/live"), (container.ReadinessProbe, "/health/ready") })
            {
                probe.HttpGet.Path.Should().Be(path);
                ports.Should().Contain(probe.HttpGet.Port.Value);
            }

            var pause = container.Lifecycle?.PreStop?.Exec?.Command is [_, var seconds] ? int.Parse(seconds, provider: null) : 0;
            pod.TerminationGracePeriodSeconds.Should().BeGreaterThan(ShutdownSeconds + pause + 5);
        }
    }

    [Fact(SkipUnless = nameof(HasKubectl), Skip = NoKubectl)]
    public void Ports_are_those_the_settings_name()
    {
        var silo = ContainerOf("pbxgrains-silo");
        var front = ContainerOf("pbxgrains-front");

        PortOf(silo, "silo").Should().Be(Settings["Cluster__SiloPort"]);
        PortOf(silo, "gateway").Should().Be(Settings["Cluster__GatewayPort"]);
        PortOf(silo, "http").Should().Be(ValueOf(silo, "ASPNETCORE_HTTP_PORTS"));
        PortOf(front, "http").Should().Be(ValueOf(front, "Front__Port"));
        PortOf(front, "reports").Should().Be(ValueOf(front, "Front__ReportPort"));
        foreach (var service in _objects.OfType<V1Service>())
        {
            PodsOf(service.Spec.Selector).Should().ContainSingle("service {0} selects one kind of pods", service.Metadata.Name)
                .Which.Spec.Template.Spec.Containers[0].Ports.Select(port => port.Name).Should().Contain(service.Spec.Ports.Select(port => port.TargetPort.Value));
        }
    }

    [Fact(SkipUnless = nameof(HasKubectl), Skip = NoKubectl)]
    public void What_is_referred_to_is_there()
    {
        foreach (var pod in Deployments.Select(one => one.Spec.Template))
        {
            pod.Spec.Containers[0].EnvFrom.Select(source => source.ConfigMapRef.Name).Should().Equal(_objects.OfType<V1ConfigMap>().Single().Metadata.Name);
            pod.Spec.Containers[0].VolumeMounts.Select(mount => mount.Name).Should().BeEquivalentTo(pod.Spec.Volumes.Select(volume => volume.Name));
            pod.Spec.Volumes.Where(volume => volume.PersistentVolumeClaim is not null).Select(volume => volume.PersistentVolumeClaim.ClaimName)
                .Should().BeSubsetOf(_objects.OfType<V1PersistentVolumeClaim>().Select(claim => claim.Metadata.Name));
            pod.Spec.Containers[0].VolumeMounts.Select(mount => mount.MountPath).Should().Contain([Settings["DataProtection__Folder"], Settings["Recordings__Folder"]]);
            var wanted = pod.Spec.Containers[0].Env.Single(one => one.ValueFrom?.SecretKeyRef is not null).ValueFrom.SecretKeyRef;
            var template = KubernetesYaml.LoadAllFromString(File.ReadAllText(Tool.In("kubernetes", "secret.template.yaml")), typeMap: null, strict: true).OfType<V1Secret>().Single();
            (template.Metadata.Name, template.StringData.Keys.Single()).Should().Be((wanted.Name, wanted.Key));
        }

        _objects.OfType<V1PodDisruptionBudget>().Should().OnlyContain(budget => PodsOf(budget.Spec.Selector.MatchLabels).Count() == 1);
        _objects.OfType<V1PersistentVolumeClaim>().Should().OnlyContain(claim => claim.Spec.AccessModes.Single() == "ReadWriteMany");
    }

    [Fact(SkipUnless = nameof(HasKubectl), Skip = NoKubectl)]
    public void A_silo_may_do_what_Orleans_needs_and_no_more()
    {
        var pod = Deployments.Single(one => one.Metadata.Name == "pbxgrains-silo").Spec.Template;

        pod.Metadata.Labels["orleans/clusterId"].Should().Be(Settings["Cluster__ClusterId"]);
        pod.Metadata.Labels["orleans/serviceId"].Should().Be(Settings["Cluster__ServiceId"]);
        pod.Spec.Containers[0].Env.Where(one => one.ValueFrom?.FieldRef is not null).Select(one => (one.Name, one.ValueFrom.FieldRef.FieldPath))
            .Should().BeEquivalentTo([("POD_NAME", "metadata.name"), ("POD_NAMESPACE", "metadata.namespace"), ("POD_IP", "status.podIP")]);
        var rule = _objects.OfType<V1Role>().Single().Rules.Should().ContainSingle().Subject;
        rule.Resources.Should().Equal("pods");
        rule.Verbs.Should().BeEquivalentTo("get", "list", "watch", "patch");
        _objects.OfType<V1RoleBinding>().Single().Subjects.Single().Name.Should().Be(pod.Spec.ServiceAccountName);
        Deployments.Single(one => one.Metadata.Name == "pbxgrains-front").Spec.Template.Spec.AutomountServiceAccountToken.Should().BeFalse();
    }

    [Fact(SkipUnless = nameof(HasKubectl), Skip = NoKubectl)]
    public void Only_our_own_pods_reach_the_ports_between_silos()
    {
        string[] inner = [Settings["Cluster__SiloPort"], Settings["Cluster__GatewayPort"]];
        var policies = _objects.OfType<V1NetworkPolicy>().ToList();
        var rules = policies.SelectMany(policy => policy.Spec.Ingress ?? []).ToList();

        policies.Should().Contain(policy => policy.Spec.PolicyTypes.Contains("Ingress") && PodsOf(policy.Spec.PodSelector.MatchLabels).Count() == 2, "what no rule lets in stays out");
        rules.Should().OnlyContain(rule => rule.Ports.Count > 0 && rule.FromProperty.Count > 0);
        rules.Where(rule => rule.Ports.Any(port => inner.Contains(port.Port.Value, StringComparer.Ordinal))).Should().HaveCount(2)
            .And.OnlyContain(rule => rule.FromProperty.All(peer => peer.IpBlock == null && peer.NamespaceSelector == null && PodsOf(peer.PodSelector.MatchLabels).Any()));
    }

    private IEnumerable<V1Deployment> PodsOf(IDictionary<string, string> selector) =>
        Deployments.Where(one => selector.All(label => one.Spec.Template.Metadata.Labels.TryGetValue(label.Key, out var value) && value == label.Value));

    private V1Container ContainerOf(string deployment) => Deployments.Single(one => one.Metadata.Name == deployment).Spec.Template.Spec.Containers[0];

    private static string PortOf(V1Container container, string name) => container.Ports.Single(port => port.Name == name).ContainerPort.ToString(provider: null);

    private static string ValueOf(V1Container container, string name) => container.Env.Single(one => one.Name == name).Value;
}
