using System.Xml.Linq;
using PbxGrains.Testing;

namespace PbxGrains.Contracts.Tests.House;

/// <summary>References point downward only: what each project may know of the others is written here.</summary>
public sealed class ReferenceRuleTests
{
    private static readonly Dictionary<string, string[]> MayReference = new(StringComparer.Ordinal)
    {
        ["Contracts"] = [],
        ["Yeastar"] = [],
        ["Storage"] = [],
        ["Grains"] = ["Contracts", "Yeastar", "Storage"],
        ["Hosting"] = ["Grains"],
        ["Silo"] = ["Hosting"],
        ["Front"] = ["Hosting"],
        ["Cli"] = [],
        ["Simulator"] = [],
    };

    private static readonly Dictionary<string, string[]> MustNotUse = new(StringComparer.Ordinal)
    {
        ["Contracts"] = ["Npgsql", "Microsoft.AspNetCore"],
        ["Yeastar"] = ["Npgsql", "Microsoft.AspNetCore", "Microsoft.Orleans"],
        ["Storage"] = ["Microsoft.AspNetCore", "Microsoft.Orleans"],
        ["Grains"] = ["Microsoft.AspNetCore", "Microsoft.Orleans.Clustering", "Microsoft.Orleans.Persistence"],
        ["Cli"] = ["Npgsql", "Microsoft.Orleans", "Microsoft.AspNetCore"],
        ["Simulator"] = ["Npgsql", "Microsoft.Orleans"],
    };

    public static TheoryData<string> Projects => [.. SourceProjects().Select(p => p.Name)];

    [Fact]
    public void Every_source_project_has_its_rule_and_its_tests()
    {
        var names = SourceProjects().Select(p => p.Name).ToList();

        names.Should().BeEquivalentTo(MayReference.Keys);
        names.Should().OnlyContain(name => Directory.Exists(Path.Combine(Fixtures.RepositoryRoot, "tests", $"PbxGrains.{name}.Tests")));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_lies_below_it(string name)
    {
        var references = Includes(name, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path)["PbxGrains.".Length..]);

        references.Should().BeSubsetOf(MayReference[name]);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_keeps_away_from_packages_that_are_not_its_business(string name)
    {
        var packages = Includes(name, "PackageReference").Concat(Includes(name, "FrameworkReference"));

        packages.Should().NotContain(package => MustNotUse.GetValueOrDefault(name, Array.Empty<string>()).Any(p => package.StartsWith(p, StringComparison.Ordinal)));
    }

    [Fact]
    public void Folders_are_features_not_kinds()
    {
        var kinds = new[] { "Services", "Helpers", "Utils", "Utilities", "Managers", "Models", "Interfaces", "Common", "Misc" };

        var folders = SourceProjects().SelectMany(p => Directory.EnumerateDirectories(p.Folder, "*", SearchOption.AllDirectories)).Where(f => !f.Contains("/bin", StringComparison.Ordinal) && !f.Contains("/obj", StringComparison.Ordinal));

        folders.Select(Path.GetFileName).Should().NotIntersectWith(kinds);
    }

    private static IEnumerable<string> Includes(string name, string element) =>
        XDocument.Load(SourceProjects().Single(p => p.Name == name).File).Descendants(element).Select(e => (string)e.Attribute("Include")!);

    private static List<(string Name, string Folder, string File)> SourceProjects() =>
        [.. Directory.EnumerateFiles(Path.Combine(Fixtures.RepositoryRoot, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(file => (Path.GetFileNameWithoutExtension(file)["PbxGrains.".Length..], Path.GetDirectoryName(file)!, file))];
}
