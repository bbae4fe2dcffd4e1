using PbxGrains.Contracts;
using PbxGrains.Grains.Cdrs;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Yeastar.Reports;

namespace PbxGrains.Grains.Tests.Cdrs;

public sealed class CallRecordNormaliserTests
{
    private static readonly DateTimeOffset SeenAt = new(2019, 1, 13, 16, 0, 0, TimeSpan.Zero);

    private static readonly CallRecordContext Site = new(SiteId.Parse("paris"), TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris"), "FR");

    private static PbxCallRecord Inbound { get; } = new()
    {
        CallId = "1547391782.318",
        StartText = "2019-01-13 16:03:02",
        StartWallClock = new DateTime(2019, 1, 13, 16, 3, 2),
        From = "0142685300",
        To = "6200(4002)",
        TotalSeconds = 64,
        TalkSeconds = 41,
        SourceTrunk = "SPS-6-36",
        Status = "ANSWERED",
        Disposition = CallDisposition.Answered,
        Type = "Inbound",
        Did = "31612340",
    };

    [Fact]
    public void An_inbound_call_over_a_group_is_taken_apart()
    {
        var row = Row(Inbound)!;

        row.Should().BeEquivalentTo(new
        {
            SiteId = "paris",
            Direction = RecordedDirection.Inbound,
            Disposition = RecordedDisposition.Answered,
            Caller = "0142685300",
            CallerE164 = "+33142685300",
            Callee = "6200(4002)",
            CalledGroup = "6200",
            AnsweredBy = "4002",
            Extensions = new[] { "4002" },
            TotalSeconds = (int?)64,
            TalkSeconds = (int?)41,
            RingSeconds = (int?)null,
            StartedAt = DateTimeOffset.FromUnixTimeSeconds(1547391782),
            StartWallClock = new DateTime(2019, 1, 13, 16, 3, 2),
        });
    }

    [Fact]
    public void A_call_that_also_rang_a_mobile_telephone_is_inbound_whatever_its_type_says() =>
        Row(Inbound with { Type = "Outbound", DestinationTrunk = "GSM1" })!.Should().BeEquivalentTo(new { Direction = RecordedDirection.Inbound, RawType = "Outbound" });

    [Fact]
    public void An_outbound_call_has_its_callee_in_E164()
    {
        var row = Row(Inbound with { Type = "Outbound", SourceTrunk = null, DestinationTrunk = "SPS", From = "1001", To = "0142685300" })!;

        row.Should().BeEquivalentTo(new { Direction = RecordedDirection.Outbound, CalleeE164 = "+33142685300", CallerE164 = (string?)null, Extensions = new[] { "1001" } });
    }

    [Fact]
    public void An_internal_call_names_both_extensions() =>
        Row(Inbound with { Type = "Internal", SourceTrunk = null, From = "1001", To = "1002" })!.Extensions.Should().Equal("1001", "1002");

    [Fact]
    public void A_missing_duration_stays_unknown() =>
        Row(Inbound with { TotalSeconds = null, TalkSeconds = null })!.Should().BeEquivalentTo(new { TotalSeconds = (int?)null, TalkSeconds = (int?)null });

    [Fact]
    public void The_instant_comes_from_the_call_id_though_the_zone_is_wrong()
    {
        var wrongZone = Site with { Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo") };

        CallRecordNormaliser.Row(Inbound, raw: null, RecordedSource.Push, SeenAt, wrongZone)!.StartedAt.Should().Be(DateTimeOffset.FromUnixTimeSeconds(1547391782));
    }

    [Fact]
    public void A_record_that_tells_no_time_at_all_has_no_row() =>
        Row(Inbound with { CallId = "x", StartWallClock = null, StartText = null }).Should().BeNull();

    private static CallRecordRow? Row(PbxCallRecord record) => CallRecordNormaliser.Row(record, raw: null, RecordedSource.Push, SeenAt, Site);
}
