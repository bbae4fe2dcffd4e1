using PbxGrains.Cli.Terminals;

namespace PbxGrains.Cli.Tests.Terminals;

public sealed class PrintableTests
{
    [Theory]
    [InlineData("Zoë 🎷 家", "Zoë 🎷 家")]
    [InlineData("a\u001b[31mb", "a[31mb")]
    [InlineData("a\u009b31mb", "a31mb")]
    [InlineData("a\tb\r\nc", "a b  c")]
    [InlineData("a\u0000\u0007\u007fb", "ab")]
    [InlineData("\u202e4321\u2066", "4321")]
    [InlineData("a\u2028b", "a b")]
    public void A_cell_is_one_harmless_line(string text, string expected)
    {
        Printable.Cell(text).Should().Be(expected);
    }

    [Fact]
    public void Sentences_keep_their_lines()
    {
        Printable.Lines("a\u001b[1m\n  b\tc").Should().Be("a[1m\n  b c");
    }

    [Theory]
    [InlineData("{\"é\": \"a\u009bb\"}", "{\"é\": \"a\\u009bb\"}")]
    [InlineData("[\n\t1 ]", "[\n\t1 ]")]
    [InlineData("\u001b", "\\u001b")]
    public void JSON_keeps_its_value(string json, string expected)
    {
        Printable.Json(json).Should().Be(expected);
    }

    [Fact]
    public async Task What_a_problem_says_cannot_write_to_the_terminal_either()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On("GET /api/pbx/cdrs", 400, """{"code":"invalid-request","detail":"No \u001b[2J","errors":{"number\u001b":["\u001b]0;x\u0007"]}}""");

        var run = await CommandRun.Of(front, ["cdr", "list"]);

        run.Error.Should().Contain("No [2J").And.Contain("number: ]0;x").And.NotContain("\u001b").And.NotContain("\u0007");
    }
}
