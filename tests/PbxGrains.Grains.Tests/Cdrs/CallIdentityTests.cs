using PbxGrains.Contracts;
using PbxGrains.Grains.Cdrs;
using PbxGrains.Testing;
using PbxGrains.Yeastar.Cdrs;
using PbxGrains.Yeastar.Reports;

namespace PbxGrains.Grains.Tests.Cdrs;

public sealed class CallIdentityTests
{
    private static readonly SiteId Paris = SiteId.Parse("paris");

    [Theory]
    [InlineData("s-series-v1/report-newcdr-internal.json", "s-series-v1/cdr-download.csv", "1547391782.318")]
    [InlineData("s-series-v1/report-newcdr-outbound.json", "s-series-v1/cdr-download.csv", "1547392142.330")]
    public async Task A_pushed_sample_and_its_row_in_the_file_are_one(string report, string csv, string callId)
    {
        Assert.SkipWhen(Fixtures.Folder is null, "No samples beside this repository.");
        var pushed = ((CallRecordReport)ReportParser.Parse(Fixtures.Read(report))).Record;
        using var stream = new MemoryStream(Fixtures.Read(csv));
        var listed = (await CallRecordCsv.ReadAsync(stream, CancellationToken.None)).Value!.Rows.Single(r => r.Record.CallId == callId).Record;

        CallIdentity.Of(Paris, pushed).Should().Equal(CallIdentity.Of(Paris, listed));
    }

    [Fact]
    public void Spellings_of_one_outcome_are_one()
    {
        var no = Record with { Status = "NO ANSWER", Disposition = CallDisposition.NoAnswer };
        var noSuch = Record with { Status = "NO ANSWERED", Disposition = CallDisposition.NoAnswer };

        CallIdentity.Of(Paris, no).Should().Equal(CallIdentity.Of(Paris, noSuch));
    }

    [Fact]
    public void What_becomes_known_later_does_not_make_another_record()
    {
        var more = Record with { TotalSeconds = 12, TalkSeconds = 3, Recording = "a.wav", SourceTrunk = "sip", Did = "31612340" };

        CallIdentity.Of(Paris, more).Should().Equal(CallIdentity.Of(Paris, Record));
    }

    public static TheoryData<PbxCallRecord> Others =>
    [
        Record with { CallId = "1547391782.31" },
        Record with { StartWallClock = Record.StartWallClock!.Value.AddSeconds(1) },
        Record with { From = "1002" },
        Record with { To = "1006" },
        Record with { Type = "Transfer" },
        Record with { Status = "BUSY", Disposition = CallDisposition.Busy },
    ];

    [Theory]
    [MemberData(nameof(Others))]
    public void Each_part_of_the_identity_tells_records_apart(PbxCallRecord other) =>
        CallIdentity.Of(Paris, other).Should().NotEqual(CallIdentity.Of(Paris, Record));

    [Fact]
    public void The_same_record_of_another_site_is_another() =>
        CallIdentity.Of(SiteId.Parse("lyon"), Record).Should().NotEqual(CallIdentity.Of(Paris, Record));

    [Theory]
    [InlineData("6200(4002)", "6200", "4002")]
    [InlineData("1005", "1005", null)]
    [InlineData("6200()", "6200()", null)]
    [InlineData("(4002)", "(4002)", null)]
    [InlineData(null, null, null)]
    public void A_group_and_who_answered_are_taken_apart(string? callee, string? number, string? answeredBy) =>
        CalledParty.Of(callee).Should().Be(new CalledParty(number, answeredBy));

    [Theory]
    [InlineData("01 42 68 53 00", "FR", "+33142685300")]
    [InlineData("+33142685300", null, "+33142685300")]
    [InlineData("0142685300", null, null)]
    [InlineData("1001", "FR", null)]
    [InlineData("anonymous", "FR", null)]
    public void Public_numbers_are_written_in_E164(string number, string? country, string? expected) =>
        PublicNumber.E164(number, country).Should().Be(expected);

    private static PbxCallRecord Record { get; } = new()
    {
        CallId = "1547391782.318",
        StartText = "2019-01-13 23:03:02",
        StartWallClock = new DateTime(2019, 1, 13, 23, 3, 2),
        From = "1001",
        To = "1005",
        Status = "ANSWERED",
        Disposition = CallDisposition.Answered,
        Type = "Internal",
    };
}
