using CsCheck;
using PbxGrains.Front.Cdrs;
using PbxGrains.Storage.Cdrs;

namespace PbxGrains.Front.Tests.Cdrs;

public sealed class SmallPartsTests
{
    [Fact]
    public void A_cursor_is_read_back_as_it_was_written() =>
        Gen.Select(Gen.Long[DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks], Gen.Long).Sample((ticks, id) =>
        {
            var cursor = new CallRecordCursor(new DateTimeOffset(ticks, TimeSpan.Zero), id);
            var text = PageCursor.Write(cursor);
            return Uri.EscapeDataString(text) == text && PageCursor.TryRead(text, out var read) && read == cursor;
        });

    [Fact]
    public void A_cursor_that_was_touched_is_refused()
    {
        var text = PageCursor.Write(new CallRecordCursor(Ledger.Noon, 42));

        foreach (var i in Enumerable.Range(0, text.Length - 1))
        {
            PageCursor.TryRead(text[..i] + (text[i] == 'A' ? 'B' : 'A') + text[(i + 1)..], out _).Should().BeFalse();
        }

        PageCursor.TryRead(text[..^1], out _).Should().BeFalse();
        PageCursor.TryRead(text + "A", out _).Should().BeFalse();
        PageCursor.TryRead(new string('é', text.Length), out _).Should().BeFalse();
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+33612345678", "'+33612345678")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\tx", "'\tx")]
    [InlineData("\rx", "'\rx")]
    [InlineData("  =1+1", "'  =1+1")]
    [InlineData("\u00a0@x", "'\u00a0@x")]
    [InlineData(" \t=x", "' \t=x")]
    [InlineData("\n=x", "'\n=x")]
    [InlineData("", "")]
    [InlineData("  ", "  ")]
    [InlineData("1001", "1001")]
    [InlineData(" 1-2", " 1-2")]
    [InlineData("a=b", "a=b")]
    public void A_cell_that_would_start_a_formula_becomes_text(string cell, string shown) => FormulaGuard.Neutral(cell).Should().Be(shown);

    [Theory]
    [InlineData(null, "Json")]
    [InlineData("*/*", "Json")]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", "Json")]
    [InlineData("application/json", "Json")]
    [InlineData("application/json; charset=utf-8", "Json")]
    [InlineData("text/csv", "Csv")]
    [InlineData("text/*", "Csv")]
    [InlineData("TEXT/CSV; header=present", "Csv")]
    [InlineData("application/x-ndjson", "NdJson")]
    [InlineData("application/json;q=0.5, text/csv;q=0.9", "Csv")]
    [InlineData("*/*, application/json;q=0", "NdJson")]
    [InlineData("not a header;;", "Json")]
    [InlineData("text/html", null)]
    [InlineData("text/csv;q=0", null)]
    public void The_format_a_caller_likes_best_is_sent(string? accept, string? format) =>
        ExportFormats.OfAccept(accept is null ? [] : [accept])?.ToString().Should().Be(format);
}
