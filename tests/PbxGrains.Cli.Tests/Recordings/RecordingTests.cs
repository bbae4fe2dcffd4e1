using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace PbxGrains.Cli.Tests.Recordings;

public sealed class RecordingTests : IDisposable
{
    private const string Id = "3f1c00aa3f1c00aa3f1c00aa3f1c00aa";
    private const string Sound = "GET /api/pbx/recordings/" + Id;
    private const string Info = Sound + "/info";

    private static readonly byte[] Wave = [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i * 31 >> 3))];
    private static readonly string Hash = Convert.ToHexStringLower(SHA256.HashData(Wave));

    private readonly string _folder = Directory.CreateTempSubdirectory("pbx-recording-").FullName;

    private string Target => Path.Combine(_folder, "call.wav");

    private string Part => Target + ".part";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("en_US.UTF-8", "Downloaded, 0.2 MB")]
    [InlineData("fr_FR.UTF-8", "Téléchargé, 0,2 Mo")]
    public async Task A_recording_becomes_a_file(string language, string told)
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Info, 200, Resource()).On(Sound, http => Send(http, Wave));

        var run = await CommandRun.Of(front, ["recording", "get", Id, "--out", Target], language);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain(told);
        (await Bytes(Target)).Should().Equal(Wave);
        Directory.GetFiles(_folder).Should().ContainSingle();
    }

    [Fact]
    public async Task On_a_terminal_too()
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Info, 200, Resource()).On(Sound, http => Send(http, Wave));

        var run = await CommandRun.Of(front, ["recording", "get", Id, "--out", Target], answers: []);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        (await Bytes(Target)).Should().Equal(Wave);
    }

    [Fact]
    public async Task A_broken_download_is_kept_and_continued()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On(Info, 200, Resource())
            .On(Sound, http => SendAndBreak(http, Wave[..70_000]))
            .On(Sound, http =>
            {
                http.Response.StatusCode = 206;
                http.Response.Headers.ContentRange = "bytes 70000-199999/200000";
                return Send(http, Wave[70_000..]);
            });

        var broken = await CommandRun.Of(front, ["recording", "get", Id, "--out", Target]);
        var kept = new FileInfo(Part).Length;
        var there = File.Exists(Target);
        var continued = await CommandRun.Of(front, ["recording", "get", Id, "--out", Target]);

        broken.ExitCode.Should().Be(ExitCode.Broken, broken.Everything);
        broken.Error.Should().Contain("it continues there");
        there.Should().BeFalse();
        kept.Should().Be(70_000);
        continued.ExitCode.Should().Be(ExitCode.Ok, continued.Everything);
        (await Bytes(Target)).Should().Equal(Wave);
        var asked = front.AskedOf(Sound);
        asked[0].Headers.Should().NotContainKey("Range");
        asked[1].Headers["Range"].Should().Be("bytes=70000-");
        asked[1].Headers["If-Range"].Should().Be($"\"{Hash}\"");
    }

    [Fact]
    public async Task A_recording_that_has_changed_is_fetched_from_the_beginning()
    {
        await File.WriteAllBytesAsync(Part, new byte[100], TestContext.Current.CancellationToken);
        await using var front = (await ScriptedFront.StartAsync()).On(Info, 200, Resource()).On(Sound, http => Send(http, Wave));

        var run = await CommandRun.Of(front, ["recording", "get", Id, "--out", Target]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        (await Bytes(Target)).Should().Equal(Wave);
    }

    [Fact]
    public async Task What_was_left_behind_by_another_recording_is_noticed_and_thrown_away()
    {
        await File.WriteAllBytesAsync(Part, new byte[100], TestContext.Current.CancellationToken);
        await using var front = (await ScriptedFront.StartAsync())
            .On(Info, 200, Resource())
            .On(Sound, http =>
            {
                http.Response.StatusCode = 206;
                http.Response.Headers.ContentRange = "bytes 100-199999/200000";
                return Send(http, Wave[100..]);
            })
            .On(Sound, http => Send(http, Wave));

        var run = await CommandRun.Of(front, ["recording", "get", Id, "--out", Target]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        (await Bytes(Target)).Should().Equal(Wave);
    }

    [Fact]
    public async Task A_download_that_only_lacks_its_name_gets_it_without_asking_for_the_sound()
    {
        await File.WriteAllBytesAsync(Part, Wave, TestContext.Current.CancellationToken);
        await using var front = (await ScriptedFront.StartAsync()).On(Info, 200, Resource());

        var run = await CommandRun.Of(front, ["recording", "get", Id, "--out", Target]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        front.AskedOf(Sound).Should().BeEmpty();
        (await Bytes(Target)).Should().Equal(Wave);
    }

    [Theory]
    [InlineData("en_US.UTF-8", "its SHA-256 is another one")]
    [InlineData("fr_FR.UTF-8", "son SHA-256 diffère")]
    public async Task A_damaged_recording_is_not_kept(string language, string told)
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Info, 200, Resource()).On(Sound, http => Send(http, Wave[..^1]));

        var run = await CommandRun.Of(front, ["recording", "get", Id, "--out", Target], language);

        run.ExitCode.Should().Be(ExitCode.Refused);
        run.Error.Should().Contain(told);
        Directory.GetFiles(_folder).Should().BeEmpty();
    }

    [Fact]
    public async Task A_recording_fetched_only_now_is_verified_with_what_is_known_afterwards()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On(Info, 200, Resource(known: false))
            .On(Info, 200, Resource())
            .On(Sound, http => Send(http, Wave[..^1]));

        var run = await CommandRun.Of(front, ["recording", "get", Id, "--out", Target]);

        run.ExitCode.Should().Be(ExitCode.Refused);
        Directory.GetFiles(_folder).Should().BeEmpty();
    }

    [Fact]
    public async Task Piped_the_sound_goes_to_standard_output()
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Info, 200, Resource()).On(Sound, http => Send(http, Wave)).On(Sound, http => SendAndBreak(http, Wave[..10]));

        var whole = await CommandRun.Of(front, ["recording", "get", Id, "--out", "-"]);
        var broken = await CommandRun.Of(front, ["recording", "get", Id, "--out", "-"]);
        var screen = await CommandRun.Of(front, ["recording", "get", Id, "--out", "-"], answers: []);

        whole.ExitCode.Should().Be(ExitCode.Ok, whole.Everything);
        whole.OutputBytes.Should().Equal(Wave);
        whole.Output.Should().BeEmpty();
        broken.ExitCode.Should().Be(ExitCode.Broken);
        screen.ExitCode.Should().Be(ExitCode.Usage);
        screen.OutputBytes.Should().BeEmpty();
    }

    [Theory]
    [InlineData("en_US.UTF-8", 503, "recording-pending", ExitCode.Refused, "Try again in 30 s.")]
    [InlineData("fr_FR.UTF-8", 503, "recording-pending", ExitCode.Refused, "Réessayez dans 30 s.")]
    [InlineData("fr_FR.UTF-8", 404, "recording-absent", ExitCode.ExistsOrNotFound, "ne peut être obtenu")]
    [InlineData("fr_FR.UTF-8", 410, "recording-expired", ExitCode.ExistsOrNotFound, "durée de conservation")]
    [InlineData("fr_FR.UTF-8", 403, "forbidden", ExitCode.NotAuthorised, "ne suffisent pas")]
    internal async Task A_recording_that_cannot_be_had_says_why(string language, int status, string code, ExitCode expected, string told)
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On(Info, 200, Resource(known: false))
            .On(Sound, async http =>
            {
                http.Response.StatusCode = status;
                http.Response.Headers.RetryAfter = status == 503 ? "30" : default;
                http.Response.ContentType = "application/problem+json";
                await http.Response.WriteAsync($$"""{"code":"{{code}}","status":{{status}},"detail":"Because."}""");
            });

        var run = await CommandRun.Of(front, ["recording", "get", Id, "--out", Target], language);

        run.ExitCode.Should().Be(expected, run.Everything);
        run.Error.Should().Contain(told);
        Directory.GetFiles(_folder).Should().BeEmpty();
    }

    [Theory]
    [InlineData("../../etc/cron.d/x", "etccron.dx")]
    [InlineData("-rf.wav", "rf.wav")]
    [InlineData("\\u001b[2J.wav", "2J.wav")]
    [InlineData("..", "recording.wav")]
    public async Task The_name_a_PBX_gave_is_never_a_path(string name, string expected)
    {
        // The file is there already: nothing is written, and its name is told.
        await using var front = (await ScriptedFront.StartAsync()).On(Info, 200, Resource(name: name)).On(Sound, http => Send(http, Wave));
        await File.WriteAllTextAsync(expected, "before", TestContext.Current.CancellationToken);

        var run = await CommandRun.Of(front, ["recording", "get", Id]);
        File.Delete(expected);

        run.ExitCode.Should().Be(ExitCode.ExistsOrNotFound, run.Everything);
        run.Error.Should().Contain($"a file {expected} already");
    }

    [Theory]
    [InlineData("en_US.UTF-8", "not saved by the PBX yet")]
    [InlineData("fr_FR.UTF-8", "pas encore sauvegardé par le PBX")]
    public async Task What_is_known_of_a_recording_is_shown(string language, string reason)
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Info, 200, Resource(known: false));

        var piped = await CommandRun.Of(front, ["recording", "info", Id], language, time: FixedTime.InParis);
        var table = await CommandRun.Of(front, ["recording", "info", Id], language, answers: [], time: FixedTime.InParis);

        piped.ExitCode.Should().Be(ExitCode.Ok, piped.Everything);
        piped.Output.Should().Contain(reason).And.Contain("\t2026-11-22 10:31:20+01:00").And.Contain("SHA-256\t–");
        table.Output.Should().Contain(reason).And.Contain("│");
    }

    private static Task<byte[]> Bytes(string path) => File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);

    private static string Resource(bool known = true, string name = "20261122.wav") => known
        ? $$"""{"id":"{{Id}}","site":"paris","callId":"1","name":"{{name}}","state":"ready","bytes":{{Wave.Length}},"sha256":"{{Hash}}","contentType":"audio/wav","tries":1}"""
        : $$"""{"id":"{{Id}}","site":"paris","callId":"1","name":"{{name}}","state":"pending","reason":"notYetSaved","bytes":null,"sha256":null,"firstNamedAt":"2026-11-22T09:31:20Z","tries":3}""";

    private static async Task Send(HttpContext http, byte[] sound)
    {
        http.Response.ContentType = "audio/wav";
        http.Response.ContentLength ??= sound.Length;
        await http.Response.Body.WriteAsync(sound);
    }

    private static Task SendAndBreak(HttpContext http, byte[] sound)
    {
        http.Response.ContentLength = Wave.Length;
        return Send(http, sound);
    }
}
