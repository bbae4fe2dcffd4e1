using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;
using PbxGrains.Front;
using PbxGrains.Front.Subscriptions;
using PbxGrains.Grains.Moves;
using PbxGrains.Grains.Sites;
using PbxGrains.Hosting.Cluster;
using PbxGrains.Hosting.Recordings;
using PbxGrains.Hosting.Telemetry;

namespace PbxGrains.EndToEnd.Tests.Deploy;

/// <summary>What the files in <c>deploy</c> set are settings the hosts know.</summary>
public sealed partial class SettingsTests
{
    private static readonly (string Section, Type Settings)[] Sections =
    [
        (FrontSettings.Section, typeof(FrontSettings)),
        (ClusterSettings.Section, typeof(ClusterSettings)),
        (MoveSettings.Section, typeof(MoveSettings)),
        (RecordingSettings.Section, typeof(RecordingSettings)),
        (SiteSettings.Section, typeof(SiteSettings)),
        (SubscriptionSettings.Section, typeof(SubscriptionSettings)),
        (TelemetrySettings.Section, typeof(TelemetrySettings)),
    ];

    // Read by their names, without a record.
    private static readonly string[] Single = ["ConnectionStrings__Pbx", "DataProtection__Folder"];

    [Fact]
    public void Every_setting_in_deploy_is_one_of_the_hosts()
    {
        var named = Named().ToList();

        named.Select(one => one.Setting).Should().Contain(["Cluster__Kubernetes", "Front__Proxies__0", "ConnectionStrings__Pbx", "Pbx__ReportAddress"]);
        named.Where(one => !IsKnown(one.Setting)).Should().BeEmpty();
    }

    [Theory]
    [InlineData("Front__Port", true)]
    [InlineData("Front__Proxies__0", true)]
    [InlineData("Cluster__MovesAfter", true)]
    [InlineData("Cluster__SiloPort", true)]
    [InlineData("Recordings__S3__Bucket", true)]
    [InlineData("Front__Prot", false)]
    [InlineData("Front__Port__0", false)]
    [InlineData("Fornt__Port", false)]
    public void A_misspelt_setting_is_noticed(string setting, bool known) => IsKnown(setting).Should().Be(known);

    private static IEnumerable<(string File, string Setting)> Named() =>
        from file in Directory.EnumerateFiles(Tool.DeployFolder, "*", SearchOption.AllDirectories)
        from match in Setting().Matches(File.ReadAllText(file))
        select (Path.GetRelativePath(Tool.DeployFolder, file), match.Value);

    private static bool IsKnown(string setting)
    {
        if (Single.Contains(setting, StringComparer.Ordinal))
        {
            return true;
        }

        var parts = setting.Split("__");
        return Array.Exists(Sections, one => one.Section == parts[0] && Leads(one.Settings, parts.AsSpan(1)));
    }

    /// <summary>True when the path leads through the type's properties to a value.</summary>
    private static bool Leads(Type type, ReadOnlySpan<string> path)
    {
        if (type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type))
        {
            return path.Length == 1 && int.TryParse(path[0], CultureInfo.InvariantCulture, out _);
        }

        var isSection = type.Assembly == typeof(S3Settings).Assembly && type.IsClass || Array.Exists(Sections, one => one.Settings == type);
        return isSection
            ? path.Length > 0 && type.GetProperty(path[0]) is { } property && Leads(property.PropertyType, path[1..])
            : path.Length == 0;
    }

    [GeneratedRegex("\\b[A-Z][A-Za-z0-9]*(?:__[A-Za-z0-9]+)+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Setting();
}
