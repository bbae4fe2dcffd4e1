using PbxGrains.Cli.Terminals;

namespace PbxGrains.Cli.Tests.Terminals;

public sealed class ParagraphTests
{
    [Theory]
    [InlineData("fits", 20, "fits")]
    [InlineData("exactly ten", 11, "exactly ten")]
    [InlineData("broken between two words", 15, "broken between\ntwo words")]
    [InlineData("  indented lines stay so", 13, "  indented\n  lines stay\n  so")]
    [InlineData("first line\nand second", 10, "first line\nand second")]
    [InlineData("see https://pbx.example:8088/long here", 12, "see\nhttps://pbx.example:8088/long\nhere")]
    [InlineData("fonctionne\u00A0; puis", 11, "fonctionne\u00A0;\npuis")]
    [InlineData("", 10, "")]
    public void Lines_break_between_words_only(string text, int width, string wrapped) =>
        Paragraph.Wrap(text, width).ReplaceLineEndings("\n").Should().Be(wrapped);

    [Fact]
    public void What_stands_before_a_sentence_moves_its_other_lines_in_too() =>
        Paragraph.Wrap("one two three", 9, first: 2).ReplaceLineEndings("\n").Should().Be("one two\n  three");
}
