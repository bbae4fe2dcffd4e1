using System.Text;

using CsCheck;

using PbxGrains.Yeastar.Reports;

namespace PbxGrains.Yeastar.Tests.Reports;

/// <summary>What holds for every body. A failure prints the seed that repeats it.</summary>
public sealed class ReportParserProperties
{
    private const int Bodies = 3000;

    /// <summary>Pieces that nearly make reports.</summary>
    private static readonly Gen<byte[]> Soup = Gen.OneOf(
            "{", "}", "[", "]", ",", ":", "\"", "“", "”", "'", "\\", "\\u", "d800", "\\_", "\0", "\uFEFF", "/*", "*/", "//", "\n", "1", "-", "01", "null", "tru",
            "\"action\"", "\"event\"", "\"RING\"", "\"callid\":\"1.1\"", "\"ext\":{\"extid\":\"1\"}", "\"call\":[", "\"members\":[", "\"misscall\":[", "\"ivr\":{", "\"pincode\":")
        .Array[0, 24]
        .Select(pieces => Encoding.UTF8.GetBytes(string.Concat(pieces)));

    private static readonly Gen<byte[]> AnyBytes = Gen.OneOf(Gen.Byte.Array[0, 200], Soup);

    [Fact]
    public void Any_bytes_are_a_report_or_an_unreadable_one_that_keeps_them()
    {
        AnyBytes.Sample(
            bytes => ReportParser.Parse(bytes) is not UnreadableReport unreadable || (unreadable.Raw.Span.SequenceEqual(bytes) && unreadable.Reason.EndsWith('.')),
            iter: Bodies);
    }

    [Fact]
    public void Any_bytes_can_be_stored_and_shown()
    {
        AnyBytes.Sample(
            bytes => ReportRedaction.WithoutPinCode(bytes).Length > 0 && ReportRedaction.Legible(bytes) is not null,
            iter: Bodies);
    }

    [Fact]
    public void No_party_of_any_report_is_lost_or_moved()
    {
        GeneratedReport.Any.Sample(
            report => ReportAssertions.Parse(report.Body).Parties().Should().Equal(report.Parties),
            iter: Bodies,
            print: report => report.Body);
    }

    [Fact]
    public void What_is_stored_of_any_report_names_the_same_parties()
    {
        GeneratedReport.Any.Sample(
            report => ReportAssertions.Parse(ReportRedaction.WithoutPinCode(Encoding.UTF8.GetBytes(report.Body))).Parties().Should().Equal(report.Parties),
            iter: Bodies,
            print: report => report.Body);
    }

    [Fact]
    public void A_report_cut_anywhere_is_never_half_read()
    {
        Gen.Select(GeneratedReport.Any, Gen.Double.Unit).Sample(
            (report, share) =>
            {
                var bytes = Encoding.UTF8.GetBytes(report.Body);
                ReportParser.Parse(bytes.AsMemory(0, (int)(share * bytes.Length))).Should().BeOfType<UnreadableReport>();
            },
            iter: Bodies,
            print: cut => cut.Item1.Body[..(int)(cut.Item2 * cut.Item1.Body.Length)]);
    }

    [Fact]
    public void Typographic_damage_anywhere_is_survived()
    {
        var damage = Gen.Select(Gen.Double.Unit, Gen.OneOf("“", "”", "„", "‟", "″", "‘", "'", "\\_", "\\", "\0", "\uFEFF", "\"")).Array[1, 4];

        Gen.Select(GeneratedReport.Any, damage).Sample(
            (report, insertions) =>
            {
                var body = insertions.Aggregate(report.Body, (text, insertion) => text.Insert((int)(insertion.Item1 * text.Length), insertion.Item2));
                return ReportAssertions.Parse(body) is not null;
            },
            iter: Bodies);
    }

    [Fact]
    public void A_report_in_typographic_quotes_loses_no_party_and_is_not_half_read_either()
    {
        Gen.Select(GeneratedReport.Any.Where(report => report.Body.AsSpan().IndexOfAny("“”\\'") < 0), Gen.Double.Unit)
            .Sample(
                (report, share) =>
                {
                    var opened = false;
                    var body = string.Concat(report.Body.Select(c => c == '"' ? (opened = !opened) ? '“' : '”' : c));
                    ReportAssertions.Parse(body).Parties().Should().Equal(report.Parties);
                    ReportAssertions.Parse(body[..(int)(share * body.Length)]).Should().BeOfType<UnreadableReport>();
                },
                iter: Bodies / 3,
                print: sample => sample.Item1.Body);
    }
}
