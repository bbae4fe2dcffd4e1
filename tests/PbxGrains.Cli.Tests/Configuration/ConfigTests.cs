using System.Runtime.Versioning;
using System.Text.Json;

namespace PbxGrains.Cli.Tests.Configuration;

[UnsupportedOSPlatform("windows")]
public sealed class ConfigTests : IDisposable
{
    private const string Key = "pbx_00aa11bb_s3cr3t-0123456789";

    private readonly string _home = Directory.CreateTempSubdirectory("pbx-home-").FullName;

    private string File_ => Path.Combine(_home, ".config", "pbx", "config.json");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public async Task The_file_serves_where_nothing_else_says_anything()
    {
        await using var front = (await ScriptedFront.StartAsync()).On("GET /api/pbx/sites", 200, "[]");
        (await RunAsync(["config", "set", "url", front.Url])).ExitCode.Should().Be(ExitCode.Ok);
        (await RunAsync(["config", "set", "api-key", "--stdin"], stdin: Key + "\n")).ExitCode.Should().Be(ExitCode.Ok);
        (await RunAsync(["config", "set", "language", "fr"])).ExitCode.Should().Be(ExitCode.Ok);

        var run = await RunAsync(["site", "list"]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().StartWith("Aucun site encore");
        front.Requests.Single().Headers["Authorization"].Should().Be("Bearer " + Key);
    }

    [Fact]
    public async Task Flags_beat_environment_beats_file()
    {
        await WriteAsync("""{"url":"http://file","apiKey":"pbx_file_1","language":"fr"}""");

        var file = await ShowAsync([]);
        var environment = await ShowAsync([], ("PBX_URL", "http://environment"), ("PBX_API_KEY_FILE", "/nowhere/key"), ("PBX_LANG", "en"));
        var flags = await ShowAsync(["--url", "http://flag", "--key", "pbx_flag_1", "--lang", "fr"], ("PBX_URL", "http://environment"), ("PBX_API_KEY", "pbx_env_1"), ("PBX_LANG", "en"));

        file.Should().Equal($"url http://file file {File_}", $"api-key pbx_file_… file {File_}", $"language fr file {File_}");
        environment.Should().Equal("url http://environment environment PBX_URL", "api-key-file /nowhere/key environment PBX_API_KEY_FILE", "language en environment PBX_LANG");
        flags.Should().Equal("url http://flag flag --url", "api-key pbx_flag_… flag --key", "language fr flag --lang");
    }

    [Fact]
    public async Task The_locale_speaks_only_where_nobody_chose()
    {
        (await ShowAsync([], ("LANG", "fr_FR.UTF-8"))).Should().Contain("language fr default ");
        await WriteAsync("""{"language":"en"}""");

        (await RunAsync(["site", "--help"], environment: ("LANG", "fr_FR.UTF-8"))).Output.Should().Contain("Examples:");
    }

    [Fact]
    public async Task What_is_written_only_its_owner_can_read_and_a_linked_file_stays_linked()
    {
        var elsewhere = Path.Combine(_home, "dotfiles.json");
        await File.WriteAllTextAsync(elsewhere, "{}", Ct);
        Directory.CreateDirectory(Path.GetDirectoryName(File_)!);
        File.CreateSymbolicLink(File_, elsewhere);

        var run = await RunAsync(["config", "set", "api-key"], answers: [Key]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Everything.Should().NotContain("s3cr3t");
        File.GetUnixFileMode(elsewhere).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        new FileInfo(File_).LinkTarget.Should().Be(elsewhere);
        (await File.ReadAllTextAsync(elsewhere, Ct)).Should().Contain(Key);
        Directory.GetFiles(_home, "*.part", SearchOption.AllDirectories).Should().BeEmpty();
    }

    [Theory]
    [InlineData("""{"apiKey":"pbx_file_1"}""", UnixFileMode.GroupRead, true)]
    [InlineData("""{"apiKey":"pbx_file_1"}""", UnixFileMode.OtherRead, true)]
    [InlineData("""{"url":"http://127.0.0.1:1"}""", UnixFileMode.OtherWrite, true)]
    [InlineData("""{"url":"http://127.0.0.1:1"}""", UnixFileMode.OtherRead, false)]
    public async Task A_file_others_know_or_change_is_refused_with_the_remedy(string json, UnixFileMode more, bool refused)
    {
        await WriteAsync(json);
        File.SetUnixFileMode(File_, UnixFileMode.UserRead | UnixFileMode.UserWrite | more);

        var run = await RunAsync(["site", "list"], environment: ("PBX_API_KEY", CommandRun.Key));

        var french = await RunAsync(["site", "list", "--lang", "fr"], environment: ("PBX_API_KEY", CommandRun.Key));

        run.ExitCode.Should().Be(refused ? ExitCode.NotAuthorised : ExitCode.NotReachable, run.Everything);
        french.Error.Contains("fichier de configuration", StringComparison.Ordinal).Should().Be(refused);
        run.Error.Contains("chmod 600 " + File_, StringComparison.Ordinal).Should().Be(refused);
    }

    [Theory]
    [InlineData("""{"apikey": """)]
    [InlineData("""{"adress": "http://front"}""")]
    public async Task A_file_that_cannot_be_read_is_told_and_not_written_over(string json)
    {
        await WriteAsync(json);

        var list = await RunAsync(["site", "list"], environment: ("PBX_API_KEY", CommandRun.Key));
        var set = await RunAsync(["config", "set", "language", "fr"]);
        var help = await RunAsync(["site", "--help"]);

        list.ExitCode.Should().Be(ExitCode.NotAuthorised);
        list.Error.Should().Contain(File_).And.Contain("line 1");
        set.ExitCode.Should().Be(ExitCode.Refused);
        (await File.ReadAllTextAsync(File_, Ct)).Should().Be(json);
        help.ExitCode.Should().Be(ExitCode.Ok, "help needs no settings");
    }

    [Fact]
    public async Task A_key_is_never_taken_from_the_command_line()
    {
        var run = await RunAsync(["config", "set", "api-key", Key]);

        run.ExitCode.Should().Be(ExitCode.Usage);
        run.Error.Should().Contain("--stdin").And.NotContain("s3cr3t");
        File.Exists(File_).Should().BeFalse();
    }

    [Theory]
    [InlineData("url", "front")]
    [InlineData("language", "de")]
    [InlineData("api-key-file", "/nowhere/admin.key")]
    [InlineData("url")]
    [InlineData("colour", "green")]
    public async Task What_cannot_be_used_is_not_saved(params string[] setting)
    {
        var run = await RunAsync(["config", "set", .. setting]);

        run.ExitCode.Should().Be(ExitCode.Usage, run.Everything);
        run.Error.Should().NotBeEmpty();
        File.Exists(File_).Should().BeFalse();
    }

    [Fact]
    public async Task Setting_a_key_takes_the_place_of_a_key_file_and_unset_takes_it_out()
    {
        var keyFile = Path.Combine(_home, "admin.key");
        await File.WriteAllTextAsync(keyFile, Key, Ct);
        await RunAsync(["config", "set", "api-key-file", keyFile]);
        (await ShowAsync([])).Should().Contain($"api-key-file {keyFile} file {File_}");

        await RunAsync(["config", "set", "api-key", "--stdin"], stdin: Key);
        (await ShowAsync([])).Should().Contain($"api-key pbx_00aa11bb_… file {File_}");
        (await RunAsync(["config", "set", "api-key", "--unset"])).ExitCode.Should().Be(ExitCode.Ok);

        (await File.ReadAllTextAsync(File_, Ct)).Trim().Should().Be("{}");
    }

    [Fact]
    public async Task The_path_follows_the_XDG_base_directories()
    {
        (await RunAsync(["config", "path"])).Output.Trim().Should().Be(File_);
        (await RunAsync(["config", "path"], environment: ("XDG_CONFIG_HOME", "/etc/xdg-of-mine"))).Output.Trim().Should().Be("/etc/xdg-of-mine/pbx/config.json");
        (await RunAsync(["config", "path"], environment: ("XDG_CONFIG_HOME", "relative"))).Output.Trim().Should().Be(File_, "what is not absolute counts as not set");
    }

    private async Task WriteAsync(string json)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File_)!);
        await File.WriteAllTextAsync(File_, json, Ct);
        File.SetUnixFileMode(File_, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private async Task<IReadOnlyList<string>> ShowAsync(string[] flags, params (string Name, string? Value)[] environment)
    {
        var run = await RunAsync(["config", "show", "--json", .. flags], environment: environment);
        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        return [.. JsonDocument.Parse(run.Output).RootElement.EnumerateArray().Select(one => string.Join(' ', one.EnumerateObject().Select(member => member.Value.GetString())))];
    }

    private Task<CommandRun> RunAsync(string[] arguments, string stdin = "", string[]? answers = null, params (string Name, string? Value)[] environment)
    {
        var variables = new Dictionary<string, string?> { ["HOME"] = _home, ["LANG"] = "C.UTF-8", ["PBX_API_KEY"] = null, ["PBX_URL"] = null };
        foreach (var (name, value) in environment)
        {
            variables[name] = value;
        }

        return CommandRun.Of(null, arguments, answers: answers, stdin: stdin, environment: variables);
    }
}
