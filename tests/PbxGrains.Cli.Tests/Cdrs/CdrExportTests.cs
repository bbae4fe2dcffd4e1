using System.Text;
using Microsoft.AspNetCore.Http;

namespace PbxGrains.Cli.Tests.Cdrs;

public sealed class CdrExportTests : IDisposable
{
    private const string Route = "GET /api/pbx/cdrs";
    private const string Csv = "recordId,caller\r\n1,\"An\"\"ne\r\nB\"\r\n2,é\r\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("pbx-export-").FullName;

    private string Target => Path.Combine(_folder, "cdrs.csv");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("en_US.UTF-8", "2 records, 0.0 MB")]
    [InlineData("fr_FR.UTF-8", "2 enregistrements, 0,0 Mo")]
    public async Task An_export_becomes_a_file_when_it_is_whole(string language, string told)
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Route, http => Send(http, "text/csv; charset=utf-8", Csv));

        var run = await CommandRun.Of(front, ["cdr", "export", "--format", "csv", "--site", "paris", "--out", Target], language);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        (await File.ReadAllTextAsync(Target, TestContext.Current.CancellationToken)).Should().Be(Csv);
        Directory.GetFiles(_folder).Should().ContainSingle();
        run.Everything.Should().Contain(told).And.Contain(Target);
        var asked = front.Requests.Single();
        asked.Query.Should().Be("?site=paris&format=csv");
        asked.Headers["Accept"].Should().StartWith("text/csv");
    }

    [Fact]
    public async Task On_a_terminal_the_progress_is_shown_and_the_file_has_a_name_of_its_own()
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Route, http => Send(http, "application/x-ndjson", "{}\n{}\n{}\n"));

        var run = await CommandRun.Of(front, ["cdr", "export", "--format", "ndjson", "--out", Target], answers: []);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain("3 records");
    }

    [Theory]
    [InlineData("--out", "-")]
    [InlineData()]
    public async Task Piped_it_goes_to_standard_output_byte_by_byte(params string[] output)
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Route, http => Send(http, "text/csv", Csv));

        var run = await CommandRun.Of(front, ["cdr", "export", "--format", "csv", .. output]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.OutputBytes.Should().Equal(Encoding.UTF8.GetBytes(Csv));
        run.Output.Should().BeEmpty("nothing is mixed into the data");
    }

    [Fact]
    public async Task On_a_screen_the_data_cannot_write_to_the_terminal()
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Route, http => Send(http, "text/csv", "caller\r\n\u001b[2JÈve\r\n"));

        var run = await CommandRun.Of(front, ["cdr", "export", "--format", "csv", "--out", "-"], answers: []);

        run.Output.Should().Be("caller\r\n[2JÈve\r\n");
        run.OutputBytes.Should().BeEmpty();
    }

    [Theory]
    [InlineData("en_US.UTF-8", "The connection broke after 1 records")]
    [InlineData("fr_FR.UTF-8", "La connexion s'est rompue après 1 enregistrements")]
    public async Task A_connection_that_breaks_leaves_no_file(string language, string told)
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Route, http => SendAndBreak(http, "caller\r\n1\r\n2"));

        var run = await CommandRun.Of(front, ["cdr", "export", "--format", "csv", "--out", Target], language);

        run.ExitCode.Should().Be(ExitCode.Broken, run.Everything);
        run.Error.Should().Contain(told);
        Directory.GetFiles(_folder).Should().BeEmpty();
    }

    [Fact]
    public async Task A_connection_that_breaks_does_not_touch_the_file_it_was_to_replace()
    {
        await File.WriteAllTextAsync(Target, "before", TestContext.Current.CancellationToken);
        await using var front = (await ScriptedFront.StartAsync()).On(Route, http => SendAndBreak(http, "caller\r\n1\r\n"));

        var run = await CommandRun.Of(front, ["cdr", "export", "--format", "csv", "--out", Target, "--force"]);

        run.ExitCode.Should().Be(ExitCode.Broken);
        (await File.ReadAllTextAsync(Target, TestContext.Current.CancellationToken)).Should().Be("before");
        Directory.GetFiles(_folder).Should().ContainSingle();
    }

    [Fact]
    public async Task A_connection_that_breaks_is_told_to_the_shell_when_piped()
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Route, http => SendAndBreak(http, "caller\r\n1\r\n"));

        var run = await CommandRun.Of(front, ["cdr", "export", "--format", "csv"]);

        run.ExitCode.Should().Be(ExitCode.Broken);
        run.Error.Should().Contain("not all");
    }

    [Theory]
    [InlineData("csv", "text/csv", "caller\r\n1\r\n2")]
    [InlineData("csv", "text/csv", "caller\r\n\"1\r\n")]
    [InlineData("csv", "text/csv", "")]
    [InlineData("ndjson", "application/x-ndjson", "{}\n{\"a\"")]
    public async Task An_answer_that_ends_inside_a_record_is_not_whole(string format, string type, string body)
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Route, http => Send(http, type, body));

        var run = await CommandRun.Of(front, ["cdr", "export", "--format", format, "--out", Target]);

        run.ExitCode.Should().Be(ExitCode.Broken, run.Everything);
        Directory.GetFiles(_folder).Should().BeEmpty();
    }

    [Fact]
    public async Task An_answer_whose_end_is_not_marked_cannot_be_known_to_be_whole()
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Route, http =>
        {
            http.Response.Headers.Connection = "close";
            http.Response.Headers.TransferEncoding = "identity";
            return Send(http, "text/csv", Csv);
        });

        var run = await CommandRun.Of(front, ["cdr", "export", "--format", "csv", "--out", Target]);

        run.ExitCode.Should().Be(ExitCode.Broken, run.Everything);
    }

    [Theory]
    [InlineData("en_US.UTF-8", "--force")]
    [InlineData("fr_FR.UTF-8", "existe déjà")]
    public async Task A_file_that_exists_is_replaced_only_by_force(string language, string told)
    {
        await File.WriteAllTextAsync(Target, "before", TestContext.Current.CancellationToken);
        await using var front = (await ScriptedFront.StartAsync()).On(Route, http => Send(http, "text/csv", Csv));

        var refused = await CommandRun.Of(front, ["cdr", "export", "--format", "csv", "--out", Target], language);
        front.Requests.Should().BeEmpty();
        var kept = await File.ReadAllTextAsync(Target, TestContext.Current.CancellationToken);
        var forced = await CommandRun.Of(front, ["cdr", "export", "--format", "csv", "--out", Target, "--force"], language);

        refused.ExitCode.Should().Be(ExitCode.ExistsOrNotFound);
        refused.Error.Should().Contain(told);
        kept.Should().Be("before");
        forced.ExitCode.Should().Be(ExitCode.Ok, forced.Everything);
        (await File.ReadAllTextAsync(Target, TestContext.Current.CancellationToken)).Should().Be(Csv);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_told()
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Route, http => Send(http, "text/csv", Csv));

        var run = await CommandRun.Of(front, ["cdr", "export", "--format", "csv", "--out", Path.Combine(_folder, "no", "cdrs.csv")]);

        run.ExitCode.Should().Be(ExitCode.Refused);
        run.Error.Should().Contain("cannot be written");
    }

    [Fact]
    public async Task An_answer_in_another_format_is_not_taken()
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Route, 200, CdrSamples.Page(null));

        var run = await CommandRun.Of(front, ["cdr", "export", "--format", "csv", "--out", Target]);

        run.ExitCode.Should().Be(ExitCode.NotReachable);
        Directory.GetFiles(_folder).Should().BeEmpty();
    }

    [Fact]
    public async Task An_interrupted_export_leaves_nothing()
    {
        using var interrupt = new CancellationTokenSource();
        await using var front = (await ScriptedFront.StartAsync()).On(Route, async http =>
        {
            await Send(http, "text/csv", "caller\r\n1\r\n");
            await http.Response.Body.FlushAsync();
            await interrupt.CancelAsync();
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });

        var run = await CommandRun.Of(front, ["cdr", "export", "--format", "csv", "--out", Target], interrupt: interrupt);

        run.ExitCode.Should().Be(ExitCode.Interrupted);
        Directory.GetFiles(_folder).Should().BeEmpty();
    }

    private static async Task Send(HttpContext http, string type, string body)
    {
        http.Response.ContentType = type;
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body));
    }

    private static async Task SendAndBreak(HttpContext http, string body)
    {
        // More is promised than comes: the connection ends in the middle. (Aborting could take back what was sent.)
        http.Response.ContentLength = 1_000_000;
        await Send(http, "text/csv", body);
    }
}
