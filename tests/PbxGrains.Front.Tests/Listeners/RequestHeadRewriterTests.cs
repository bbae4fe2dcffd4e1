using System.Buffers;
using System.Text;
using CsCheck;
using PbxGrains.Front.Listeners;

namespace PbxGrains.Front.Tests.Listeners;

public sealed class RequestHeadRewriterTests
{
    private const string Sample =
        "POST /api/pbx/webhook/paris HTTP/1.1\r\nUser-Agent: WebAPI\r\nHost: 192.168.5.150: 8260\r\n" +
        "Content-Type: application/json\r\nAccept: application/json\r\nAccept: application/json\r\nContent-Length: 32\r\n\r\n" +
        "Host: 1.2.3.4: 5\r\n\r\n{\"a\": 1 }\r\n";

    private static readonly string Repaired = Sample.Replace("192.168.5.150: 8260", "192.168.5.150:8260", StringComparison.Ordinal);

    [Theory]
    [InlineData("Host: 192.168.5.150: 8260", "Host: 192.168.5.150:8260")]
    [InlineData("host: 192.168.5.150: 8260", "Host: 192.168.5.150:8260")]
    [InlineData("HOST:192.168.5.150: 8260", "Host: 192.168.5.150:8260")]
    [InlineData("Host:\t192.168.5.150\t:\t8260 ", "Host: 192.168.5.150:8260")]
    [InlineData("Host : 192.168.5.150: 8260", "Host: 192.168.5.150:8260")]
    [InlineData("Host: [fd00::1]: 8260", "Host: [fd00::1]:8260")]
    [InlineData("Host: pbx.example:8260", "Host: pbx.example:8260")]
    [InlineData("Host:", "Host: ")]
    [InlineData("Host: one two", "Host: one two")]
    [InlineData("X-Host: 1.2.3.4: 5", "X-Host: 1.2.3.4: 5")]
    [InlineData("Hostage: 1.2.3.4: 5", "Hostage: 1.2.3.4: 5")]
    public void Only_the_Host_line_changes_and_only_around_its_colons(string line, string expected)
    {
        var passed = PassInPieces(Encoding.ASCII.GetBytes($"POST / HTTP/1.1\r\n{line}\r\n\r\n"));

        Encoding.ASCII.GetString(passed).Should().Be($"POST / HTTP/1.1\r\n{expected}\r\n\r\n");
    }

    [Fact]
    public void A_head_cut_at_any_byte_is_repaired_all_the_same()
    {
        var bytes = Encoding.ASCII.GetBytes(Sample);

        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            Encoding.ASCII.GetString(PassInPieces(bytes, cut)).Should().Be(Repaired, "it was cut at byte {0}", cut);
        }
    }

    [Fact]
    public void A_head_in_any_pieces_is_repaired_all_the_same() =>
        Gen.Int[0, Sample.Length].Array[0, 12].Sample(cuts =>
            Encoding.ASCII.GetString(PassInPieces(Encoding.ASCII.GetBytes(Sample), cuts)) == Repaired);

    [Fact]
    public void A_head_byte_by_byte_is_repaired_and_no_complete_line_waits()
    {
        var rewriter = new RequestHeadRewriter();
        var output = new ArrayBufferWriter<byte>();
        var pending = new List<byte>();

        foreach (var b in Encoding.ASCII.GetBytes(Sample))
        {
            pending.Add(b);
            var input = new ReadOnlySequence<byte>(pending.ToArray());
            pending.RemoveRange(0, (int)input.Slice(0, rewriter.Pass(input, isLast: false, output)).Length);
            if (b == '\n')
            {
                pending.Should().BeEmpty();
            }
        }

        Encoding.ASCII.GetString(output.WrittenSpan).Should().Be(Repaired);
    }

    [Fact]
    public void The_request_line_does_not_wait_for_its_end_so_that_the_time_limit_of_heads_begins()
    {
        var output = new ArrayBufferWriter<byte>();
        var input = new ReadOnlySequence<byte>("POST /slo"u8.ToArray());

        var passed = new RequestHeadRewriter().Pass(input, isLast: false, output);

        passed.Should().Be(input.End);
        output.WrittenSpan.SequenceEqual("POST /slo"u8).Should().BeTrue();
    }

    [Fact]
    public void What_follows_the_head_passes_untouched() =>
        Gen.Byte.Array[0, 4000].Sample(body =>
        {
            var head = Encoding.ASCII.GetBytes("POST / HTTP/1.1\r\nHost: a:1\r\n\r\n");
            return PassInPieces([.. head, .. body], head.Length / 2, head.Length + (body.Length / 2)).AsSpan(head.Length).SequenceEqual(body);
        });

    [Fact]
    public void Any_bytes_pass_without_loss_of_other_than_blanks() =>
        Gen.Byte.Array[0, 400].Sample(bytes =>
        {
            var passed = PassInPieces(bytes, bytes.Length / 3);
            return bytes.AsSpan().IndexOf((byte)':') >= 0 || passed.AsSpan().SequenceEqual(bytes);
        });

    [Fact]
    public void A_line_without_end_is_not_kept_beyond_the_limit()
    {
        var endless = Encoding.ASCII.GetBytes("GET /" + new string('a', RequestHeadRewriter.LongestHead));
        var rewriter = new RequestHeadRewriter();
        var output = new ArrayBufferWriter<byte>();
        var input = new ReadOnlySequence<byte>(endless);

        var passed = rewriter.Pass(input, isLast: false, output);

        passed.Should().Be(input.End);
        output.WrittenCount.Should().Be(endless.Length);
    }

    private static byte[] PassInPieces(byte[] bytes, params int[] cuts)
    {
        var rewriter = new RequestHeadRewriter();
        var output = new ArrayBufferWriter<byte>();
        var kept = 0;
        foreach (var end in cuts.Order().Append(bytes.Length))
        {
            var input = new ReadOnlySequence<byte>(bytes, kept, Math.Max(0, end - kept));
            kept += (int)input.Slice(0, rewriter.Pass(input, isLast: end == bytes.Length, output)).Length;
        }

        return output.WrittenSpan.ToArray();
    }
}
