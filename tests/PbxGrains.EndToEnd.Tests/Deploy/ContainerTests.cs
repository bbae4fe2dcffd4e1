using System.Text.RegularExpressions;
using PbxGrains.Testing;

namespace PbxGrains.EndToEnd.Tests.Deploy;

/// <summary>The image file and the compose file, as far as they can be judged without a daemon.</summary>
public sealed partial class ContainerTests
{
    private const string NoCompose = "Neither docker compose nor docker-compose is installed: apt-get install docker-compose";

    private static readonly Lazy<Task<string[]?>> Compose = new(FindComposeAsync);

    private readonly string[] _lines = File.ReadAllLines(Tool.In("containers", "Dockerfile"));

    public static bool HasCompose => Compose.Value.GetAwaiter().GetResult() is not null;

    [Fact]
    public void All_that_is_copied_is_there_and_reaches_the_builder()
    {
        var let = File.ReadAllLines(Tool.In("containers", "Dockerfile.dockerignore")).Where(line => line.StartsWith('!')).Select(line => line[1..]).ToList();
        var copied = _lines.Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from=", StringComparison.Ordinal))
            .SelectMany(line => line.Split(' ')[1..^1])
            .Where(word => !word.StartsWith("--", StringComparison.Ordinal))
            .Select(path => path.TrimEnd('/'))
            .ToList();

        copied.Should().Contain("src");
        copied.Where(path => !Path.Exists(Path.Combine(Fixtures.RepositoryRoot, path))).Should().BeEmpty();
        copied.Should().BeSubsetOf(let);
    }

    [Fact]
    public void Each_image_runs_a_program_of_ours_as_nobody_special()
    {
        var stages = string.Join('\n', _lines).Split("\nFROM ")[1..].ToDictionary(stage => StageName().Match(stage).Groups["name"].Value, StringComparer.Ordinal);

        foreach (var (target, program) in new[] { ("front", "PbxGrains.Front.dll"), ("silo", "PbxGrains.Silo.dll"), ("cli", "pbx.dll") })
        {
            stages[target].Should().Contain("\nUSER $APP_UID\n").And.MatchRegex($"ENTRYPOINT \\[\"dotnet\", \"(/app/)?{Regex.Escape(program)}\"\\]");
            File.Exists(Path.Combine(AppContext.BaseDirectory, program)).Should().BeTrue("{0} is what the project builds", program);
            stages["build"].Should().Contain($"-o /publish/{target} ");
        }

        _lines.Where(line => line.StartsWith("FROM ", StringComparison.Ordinal)).Should().NotContain(line => line.Contains("latest", StringComparison.Ordinal));
        stages["host"].Should().Contain("HEALTHCHECK").And.Contain("/usr/local/bin/ready");
    }

    [Fact(SkipUnless = nameof(HasCompose), Skip = NoCompose)]
    public async Task Compose_takes_the_file_and_demands_the_secrets()
    {
        var file = Tool.In("containers", "compose.yaml");
        var full = await ComposeAsync(file, password: "from-outside");
        var without = await ComposeAsync(file, password: null);

        full.ExitCode.Should().Be(0, full.Errors);
        full.Output.Should().Contain("front-1:").And.Contain("front-2:").And.Contain("Password=from-outside").And.NotContain(":latest");
        without.ExitCode.Should().NotBe(0);
        without.Errors.Should().Contain("POSTGRES_PASSWORD");
        (await File.ReadAllTextAsync(Tool.In("containers", ".env.example"))).Should().Contain("POSTGRES_PASSWORD=\n", "nobody shall run with a password that all the world knows");
    }

    private static async Task<ToolAnswer> ComposeAsync(string file, string? password)
    {
        var command = (await Compose.Value)!;
        return await Tool.RunAsync(command[0], [.. command[1..], "-f", file, "config"], new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["POSTGRES_PASSWORD"] = password,
            ["PBX_REPORT_ADDRESS"] = "10.20.0.5:8260",
        });
    }

    private static async Task<string[]?> FindComposeAsync()
    {
        if (Tool.Has("docker") && (await Tool.RunAsync("docker", ["compose", "version"])).ExitCode == 0)
        {
            return ["docker", "compose"];
        }

        return Tool.Has("docker-compose") ? ["docker-compose"] : null;
    }

    [GeneratedRegex(" AS (?<name>[a-z]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex StageName();
}
