using System.Collections.Immutable;
using System.Text;
using PbxGrains.Contracts.Calls;
using PbxGrains.Contracts.Reports;
using PbxGrains.Contracts.Sites;
using PbxGrains.Simulator;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Webhooks;

namespace PbxGrains.Grains.Tests.Cluster;

public sealed class ReportTests
{
    [Fact]
    public async Task A_report_that_cannot_be_read_is_kept_and_not_asked_for_again()
    {
        await using var lab = await OnlineAsync();

        var receipt = await TakeAsync(lab, """{"event":"CallStatus","callid":"1571898400.14","members":[{"inb""");

        receipt.Should().Be(ReportReceipt.Unreadable);
        var kept = (await lab.Service<UnreadableReports>().ListAsync("paris", CancellationToken.None)).Should().ContainSingle().Which;
        Encoding.UTF8.GetString(kept.Body).Should().EndWith("inb");
        (await lab.Site("paris").GetStatus()).Warnings.Should().ContainSingle().Which.Code.Should().Be("unreadable-report");
    }

    [Fact]
    public async Task A_report_of_another_PBX_is_refused_and_shown_as_a_warning()
    {
        await using var lab = await OnlineAsync();

        var receipt = await TakeAsync(lab, """{"event":"ExtensionStatus","extension":"1001","status":"Busy","sn":"999999999999"}""");

        receipt.Should().Be(ReportReceipt.WrongPbx);
        (await lab.Site("paris").GetStatus()).Warnings.Should().ContainSingle().Which.Message.Should().Contain("999999999999");
        var shown = (await lab.Site("paris").ListReports()).Reports.Should().ContainSingle(r => r.Receipt == ReportReceipt.WrongPbx).Which;
        shown.Should().BeEquivalentTo(new { Kind = "extensionStatus", Cut = false });
        shown.Body.Should().Contain("999999999999");
        (await lab.ExtensionAsync("paris", "1001"))!.Status.Should().Be(Contracts.Extensions.ExtensionStatus.Idle);
    }

    [Fact]
    public async Task A_call_record_is_stored_without_its_PIN_before_the_PBX_hears_that_it_arrived()
    {
        await using var lab = await OnlineAsync();

        var receipt = await TakeAsync(lab, """{"event":"NewCdr","callid":"1772438800.14","timestart":"2026-03-02 09:06:40","callfrom":"1001","callto":"1002","callduraction":"25","talkduraction":"16","pincode":"8426","status":"ANSWERED","type":"Internal"}""");

        receipt.Should().Be(ReportReceipt.Taken);
        var record = (await lab.Service<CallRecordReader>().FindByCallAsync("paris", "1772438800.14", CancellationToken.None)).Should().ContainSingle().Which;
        record.Should().BeEquivalentTo(new { Direction = RecordedDirection.Internal, Disposition = RecordedDisposition.Answered, TotalSeconds = (int?)25, StartedAt = DateTimeOffset.FromUnixTimeSeconds(1772438800) });
        record.Raw.Should().Contain("1772438800.14").And.NotContain("8426");
    }

    [Fact]
    public async Task A_call_record_that_tells_no_time_is_kept_as_it_came()
    {
        await using var lab = await OnlineAsync();

        var receipt = await TakeAsync(lab, """{"event":"NewCdr","callid":"unknown","callfrom":"1001","callto":"1002","status":"ANSWERED","type":"Internal"}""");

        receipt.Should().Be(ReportReceipt.Taken);
        (await lab.Service<CallRecordInbox>().CountAsync("paris", CancellationToken.None)).Should().Be(1);
    }

    [Fact]
    public async Task A_report_for_a_site_nobody_registered_is_refused()
    {
        await using var lab = await OnlineAsync();

        (await lab.Site("nowhere").TakeReport(Report(lab, "{}"))).Should().Be(ReportReceipt.UnknownSite);
    }

    [Theory]
    [InlineData(FleetOptions.NewFirmware)]
    [InlineData(FleetOptions.OldFirmware)]
    public async Task A_call_whose_end_was_never_reported_ends_when_the_PBX_no_longer_knows_it(string firmware)
    {
        await using var lab = await OnlineAsync(firmware);
        var call = Contracts.CallId.Parse(await lab.Fleet.Pbxs[0].PlaceInboundCallAsync("7005550142", "1001"));
        await lab.PassUntilAsync(async () => (await lab.Site("paris").ListCalls()).Any(c => c.Direction == CallDirection.Inbound), "the call is known");
        lab.Fleet.Pbxs[0].Faults.DropReports = true;

        await lab.PassUntilAsync(async () => (await lab.Site("paris").ListCalls()).Count == 0, "the call is over", TimeSpan.FromMilliseconds(500));

        lab.Fleet.Pbxs[0].Calls.Should().BeEmpty();
        (await lab.Site("paris").FindCall(call))!.State.Should().Be(CallState.Ended);
    }

    [Fact]
    public async Task One_session_is_kept_alive_for_hours()
    {
        await using var lab = await OnlineAsync();

        await lab.PassUntilAsync(() => Task.FromResult(lab.Fleet.Pbxs[0].Counters.Heartbeats >= 12), "an hour of heartbeats", TimeSpan.FromSeconds(2));

        lab.Fleet.Pbxs[0].Counters.LoginsTried.Should().Be(1);
    }

    private static async Task<SiteLab> OnlineAsync(string firmware = FleetOptions.NewFirmware)
    {
        var lab = await SiteLab.StartAsync(new FleetOptions { Sites = 1, Extensions = 5, Firmware = firmware });
        await lab.RegisterAsync("paris", lab.Fleet.Pbxs[0]);
        _ = await lab.StatusAsync("paris", s => s is { Health: SiteHealth.Online, SerialNumber: not null }, "the site comes online");
        return lab;
    }

    /// <summary>Repeats a report while it cannot be stored, as a PBX does.</summary>
    private static async Task<ReportReceipt> TakeAsync(SiteLab lab, string body)
    {
        var receipt = ReportReceipt.NotStored;
        _ = await Testing.Eventually.Holds(async () => (receipt = await lab.Site("paris").TakeReport(Report(lab, body))) != ReportReceipt.NotStored, "the report is stored");
        return receipt;
    }

    private static IncomingReport Report(SiteLab lab, string body) =>
        new(ImmutableArray.Create(Encoding.UTF8.GetBytes(body)), lab.Clock.GetUtcNow(), "127.0.0.1");
}
