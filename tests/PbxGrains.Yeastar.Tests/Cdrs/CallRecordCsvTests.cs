using System.Text;
using PbxGrains.Testing;
using PbxGrains.Yeastar.Cdrs;
using PbxGrains.Yeastar.Client;
using PbxGrains.Yeastar.Reports;

namespace PbxGrains.Yeastar.Tests.Cdrs;

public sealed class CallRecordCsvTests
{
    private const string Header = "callid,timestart,callfrom,callto,callduraction,talkduraction,srctrunkname,dsttrunkname,status,type,pincode,recording,didnumber,sn";
    private const string Row = "1547392900.352,2019-01-13 23:21:40,7005550178,6700(1002),64,41,SPS-6-36,,ANSWERED,Inbound,,,31612340,369362000001";

    [Fact]
    public async Task The_samples_are_read_whole()
    {
        Assert.SkipWhen(Fixtures.Folder is null, "No samples beside this repository.");

        var first = await ReadAsync(Fixtures.Read("s-series-v1/cdr-download.csv"));
        var second = await ReadAsync(Fixtures.Read("s-series-v2/cdr-download.csv"));

        first.Should().BeEquivalentTo(new { Damaged = 0 });
        first.Rows.Should().HaveCount(4);
        first.Rows[2].Record.Should().BeEquivalentTo(new PbxCallRecord
        {
            CallId = "1547392600.341",
            StartText = "2019-01-13 23:16:40",
            StartWallClock = new DateTime(2019, 1, 13, 23, 16, 40),
            From = "7005550177",
            To = "1001",
            TotalSeconds = 18,
            TalkSeconds = 0,
            SourceTrunk = "SPS-6-36",
            Status = "NO ANSWER",
            Disposition = CallDisposition.NoAnswer,
            Type = "Inbound",
            Did = "31612340",
        });
        first.Rows[0].SerialNumber.Should().Be("369362000001");
        second.Rows.Should().HaveCount(2);
        second.Rows[1].Record.DestinationTrunk.Should().Be("siptrunk");
    }

    [Theory]
    [InlineData("\uFEFF" + Header + "\n" + Row + "\n")]
    [InlineData(Header + "\r\n" + Row + "\r\n")]
    [InlineData(Header + "\n" + Row)]
    [InlineData(Row + "\n")]
    [InlineData(Header + "\n\n" + Row + "\n\n")]
    [InlineData("\"callid\",\"timestart\",\"callfrom\",\"callto\",\"callduration\",\"talkduration\",\"srctrunkname\",\"dsttrcunkname\",\"status\",\"type\",\"pincode\",\"recording\",\"didnumber\",\"sn\"\n" + Row + "\n")]
    public async Task One_row_in_whatever_dress_is_one_row(string text)
    {
        var file = await ReadAsync(Encoding.UTF8.GetBytes(text));

        file.IsWhole.Should().BeTrue();
        file.Rows.Should().ContainSingle().Which.Record.Should().BeEquivalentTo(new { CallId = "1547392900.352", To = "6700(1002)", TotalSeconds = (int?)64, TalkSeconds = (int?)41, Did = "31612340" });
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData(Header + "\n")]
    public async Task A_file_without_rows_is_whole_and_empty(string text)
    {
        var file = await ReadAsync(Encoding.UTF8.GetBytes(text));

        file.Should().BeEquivalentTo(new CallRecordFile([], Damaged: 0));
    }

    [Theory]
    [InlineData("""{"status":"Failed","errno":"20020"}""")]
    [InlineData("  <html><body>504</body></html>")]
    public async Task What_stands_in_place_of_the_file_is_a_failure(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));

        (await CallRecordCsv.ReadAsync(stream, CancellationToken.None)).Failure!.Kind.Should().Be(PbxFailureKind.UnexpectedAnswer);
    }

    [Fact]
    public async Task Names_in_Latin_1_are_read()
    {
        var file = await ReadAsync(Encoding.Latin1.GetBytes(Header + "\n" + Row.Replace("SPS-6-36", "Réseau", StringComparison.Ordinal)));

        file.Rows.Should().ContainSingle().Which.Record.SourceTrunk.Should().Be("Réseau");
    }

    [Fact]
    public async Task A_quoted_comma_is_no_column()
    {
        var file = await ReadAsync(Encoding.UTF8.GetBytes(Header + "\n" + Row.Replace("SPS-6-36", "\"Trunk, main\"", StringComparison.Ordinal)));

        file.Rows.Should().ContainSingle().Which.Record.SourceTrunk.Should().Be("Trunk, main");
    }

    [Fact]
    public async Task A_row_that_is_cut_off_makes_the_window_not_whole()
    {
        var file = await ReadAsync(Encoding.UTF8.GetBytes(Header + "\n" + Row + "\n1547392900.353,2019-01-13 23:2"));

        file.Should().BeEquivalentTo(new { Damaged = 1, IsWhole = false });
        file.Rows.Should().ContainSingle();
    }

    [Fact]
    public async Task The_PIN_is_noted_and_not_kept()
    {
        var file = await ReadAsync(Encoding.UTF8.GetBytes(Header + "\n" + Row.Replace("Inbound,,", "Inbound,8426,", StringComparison.Ordinal)));

        var record = file.Rows.Should().ContainSingle().Which.Record;
        record.HadPinCode.Should().BeTrue();
        record.ToString().Should().NotContain("8426");
    }

    private static async Task<CallRecordFile> ReadAsync(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        var read = await CallRecordCsv.ReadAsync(stream, CancellationToken.None);
        read.Failure.Should().BeNull();
        return read.Value!;
    }
}
