using System.Runtime.Versioning;

namespace PbxGrains.EndToEnd.Tests.Deploy;

/// <summary>The installer and the units it installs, in a folder of the test.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class SystemdTests : IDisposable
{
    private const string NoSystemd = "systemd-analyze is not installed: apt-get install systemd";

    /// <summary>Exposure in tenths of a point, of 100; what a unit without hardening has is 96.</summary>
    private const string MostExposure = "20";

    private static readonly string[] Units = ["pbxgrains-front.service", "pbxgrains-silo@1.service"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pbxgrains-install-");

    public static bool HasSystemd => Tool.Has("systemd-analyze");

    private string Root => Path.Combine(_folder.FullName, "root");

    private string Etc => Path.Combine(Root, "etc", "pbxgrains");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task An_upgrade_changes_the_programs_and_never_the_configuration()
    {
        await InstallAsync("first");
        File.GetUnixFileMode(Path.Combine(Etc, "pbxgrains.env")).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(Etc).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await File.WriteAllTextAsync(Path.Combine(Etc, "pbxgrains.env"), "mine");
        await File.WriteAllTextAsync(Path.Combine(Etc, "silo-1.env"), "mine too");
        File.Delete(Path.Combine(Etc, "front.env"));
        var firstRelease = CurrentRelease();

        await InstallAsync("second");

        (await File.ReadAllTextAsync(Path.Combine(Etc, "pbxgrains.env"))).Should().Be("mine");
        (await File.ReadAllTextAsync(Path.Combine(Etc, "silo-1.env"))).Should().Be("mine too");
        File.Exists(Path.Combine(Etc, "front.env")).Should().BeTrue("an example is made where none is");
        CurrentRelease().Should().NotBe(firstRelease);
        (await File.ReadAllTextAsync(Path.Combine(CurrentRelease(), "silo", "PbxGrains.Silo"))).Should().Contain("second");
        (await File.ReadAllTextAsync(Path.Combine(firstRelease, "silo", "PbxGrains.Silo"))).Should().Contain("first", "what runs goes on with its own files");
    }

    [Fact]
    public async Task Three_releases_are_kept_and_the_newest_is_current()
    {
        for (var release = 1; release <= 5; release++)
        {
            await InstallAsync($"release {release}");
        }

        Directory.GetDirectories(Path.Combine(Root, "opt", "pbxgrains", "releases")).Should().HaveCount(3);
        (await File.ReadAllTextAsync(Path.Combine(CurrentRelease(), "front", "PbxGrains.Front"))).Should().Contain("release 5");
    }

    [Fact]
    public async Task Removing_it_leaves_configuration_and_data()
    {
        await InstallAsync("first");
        var key = Path.Combine(Root, "var", "lib", "pbxgrains", "key-1.xml");
        await File.WriteAllTextAsync(key, "a key");

        (await RunAsync("--uninstall")).ExitCode.Should().Be(0);

        File.Exists(key).Should().BeTrue();
        File.Exists(Path.Combine(Etc, "pbxgrains.env")).Should().BeTrue();
        Directory.Exists(Path.Combine(Root, "opt", "pbxgrains")).Should().BeFalse();
        Directory.GetFiles(Path.Combine(Root, "etc", "systemd", "system")).Should().BeEmpty();
        Path.Exists(Path.Combine(Root, "usr", "local", "bin", "pbx")).Should().BeFalse();
    }

    [Theory]
    [InlineData(2, "--prefix", "relative")]
    [InlineData(2, "--prefix", "/")]
    [InlineData(2, "--unknown")]
    [InlineData(1, "--from", "/nonexistent")]
    public async Task What_cannot_be_done_changes_nothing(int exitCode, params string[] arguments)
    {
        var answer = await RunAsync(arguments);

        answer.ExitCode.Should().Be(exitCode);
        answer.Errors.Should().NotBeEmpty();
        Directory.Exists(Root).Should().BeFalse();
    }

    [Fact(SkipUnless = nameof(HasSystemd), Skip = NoSystemd)]
    public async Task Systemd_finds_no_fault_with_the_installed_units()
    {
        await InstallAsync("first", "--prefix", "/srv/pbx");
        await MakeTargetsAsync();

        var answer = await Tool.RunAsync("systemd-analyze", ["verify", "--man=no", $"--root={Root}", .. Units]);

        answer.Errors.Should().BeEmpty();
        answer.ExitCode.Should().Be(0);
        (await File.ReadAllTextAsync(Path.Combine(Root, "etc", "systemd", "system", Units[0]))).Should().Contain("ExecStart=/srv/pbx/current/front/").And.NotContain("/opt/");
    }

    [Fact(SkipUnless = nameof(HasSystemd), Skip = NoSystemd)]
    public async Task The_units_expose_little()
    {
        await InstallAsync("first");
        await MakeTargetsAsync();

        foreach (var unit in Units)
        {
            var answer = await Tool.RunAsync("systemd-analyze", ["security", "--offline=true", "--no-pager", $"--threshold={MostExposure}", $"--root={Root}", unit]);

            answer.ExitCode.Should().Be(0, "{0}{1}", answer.Output, answer.Errors);
        }
    }

    /// <summary>Units of the system that ours name.</summary>
    private async Task MakeTargetsAsync()
    {
        var system = Directory.CreateDirectory(Path.Combine(Root, "usr", "lib", "systemd", "system"));
        foreach (var target in new[] { "basic", "multi-user", "network-online", "shutdown", "sysinit" })
        {
            await File.WriteAllTextAsync(Path.Combine(system.FullName, target + ".target"), "[Unit]\nDescription=For tests\n");
        }
    }

    private async Task InstallAsync(string content, params string[] arguments)
    {
        var published = Path.Combine(_folder.FullName, "published");
        foreach (var (folder, program) in new[] { ("front", "PbxGrains.Front"), ("silo", "PbxGrains.Silo"), ("cli", "pbx") })
        {
            var path = Path.Combine(Directory.CreateDirectory(Path.Combine(published, folder)).FullName, program);
            await File.WriteAllTextAsync(path, $"#!/bin/sh\n# {content}\n");
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var answer = await RunAsync(["--from", published, .. arguments]);
        answer.ExitCode.Should().Be(0, answer.Errors);
    }

    private Task<ToolAnswer> RunAsync(params string[] arguments) =>
        Tool.RunAsync("bash", [Tool.In("systemd", "install.sh"), .. arguments], new Dictionary<string, string?>(StringComparer.Ordinal) { ["DESTDIR"] = Root });

    /// <summary>Where the link of the installation leads, seen from outside its root.</summary>
    private string CurrentRelease() => Root + new FileInfo(Path.Combine(Root, "opt", "pbxgrains", "current")).LinkTarget;
}
