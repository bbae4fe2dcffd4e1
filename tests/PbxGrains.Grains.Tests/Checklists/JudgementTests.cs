using System.Net;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Checklists;
using PbxGrains.Contracts.Reports;
using PbxGrains.Grains.Checklists;
using PbxGrains.Grains.Reports;
using PbxGrains.Storage.Checklists;
using PbxGrains.Storage.Recordings;
using PbxGrains.Yeastar.Client;
using PbxGrains.Yeastar.Network;
using PbxGrains.Yeastar.Reports;
using static PbxGrains.Contracts.Checklists.ChecklistVerdict;

namespace PbxGrains.Grains.Tests.Checklists;

/// <summary>Verdicts over measured facts, without a cluster.</summary>
public sealed class JudgementTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("10.1.0.254", "10.0.0.0/8", "address-in-vpn")]
    [InlineData("::ffff:10.1.0.254", "10.0.0.0/8", "address-in-vpn")]
    [InlineData("198.51.100.7", "10.0.0.0/8", "address-outside-vpn")]
    [InlineData("10.1.0.254", "", "vpn-ranges-unset")]
    [InlineData("10.1.0.254", "not a network", "vpn-ranges-unset")]
    public void An_address_lies_in_the_VPN_or_not(string address, string range, string finding) =>
        NetworkChecks.JudgeVpn([IPAddress.Parse(address)], range.Length == 0 ? [] : [range]).Finding.Code.Should().Be(finding);

    [Theory]
    [InlineData(5, 5, null, "port-answers")]
    [InlineData(5, 3, PortFailure.TimedOut, "port-lossy")]
    [InlineData(1, 0, PortFailure.Refused, "port-refused")]
    [InlineData(2, 0, PortFailure.TimedOut, "port-silent")]
    [InlineData(1, 0, PortFailure.Unroutable, "port-unroutable")]
    public void Connections_say_how_the_way_is(int tries, int answered, PortFailure? failure, string finding) =>
        NetworkChecks.JudgeTcp(Port(8088, tries, answered, failure), "pbx").Finding.Code.Should().Be(finding);

    [Fact]
    public void A_closed_port_is_no_fault_when_the_sites_own_one_answers()
    {
        var closed = Port(80, 1, 0, PortFailure.Refused);

        NetworkChecks.JudgePorts([closed], own: 8088, ownAnswers: true).Finding.Verdict.Should().Be(Pass);
        NetworkChecks.JudgePorts([closed], own: 8088, ownAnswers: false).Finding.Code.Should().Be("no-port-answers");
        NetworkChecks.JudgePorts([closed, Port(443, 2, 2, null)], own: 8088, ownAnswers: false).Finding.Code.Should().Be("other-port-answers");
    }

    [Theory]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: https://10.1.0.254:8088/\r\n\r\n", 8088, "redirects-here")]
    [InlineData("HTTP/1.1 301 Moved\r\nlocation: https://10.1.0.254:443/login?x=secret\r\n\r\n", 8088, "redirects-elsewhere")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: https://10.1.0.254:8088/\r\n\r\n", 80, "address-redirects")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", 8088, "no-redirect")]
    [InlineData("SSH-2.0-OpenSSH\r\n", 8088, "no-plain-http")]
    public void A_redirect_is_recognised(string head, int own, string finding)
    {
        var measured = WebChecks.JudgeRedirect(new Uri($"https://10.1.0.254:{own}"), RedirectProbe.Read(head));

        measured.Finding.Code.Should().Be(finding);
        measured.Facts.Values.Should().NotContain(fact => fact.Contains("secret"));
    }

    [Theory]
    [InlineData("pin", true, 400, "certificate-pinned")]
    [InlineData("other", true, 400, "pin-mismatch")]
    [InlineData(null, true, 400, "certificate-trusted")]
    [InlineData(null, false, 400, "certificate-untrusted")]
    [InlineData("pin", false, 10, "certificate-expires-soon")]
    [InlineData("pin", false, -1, "certificate-expired")]
    public void A_certificate_is_the_expected_one_or_not(string? pinned, bool trusted, int days, string finding) =>
        WebChecks.JudgeCertificate(new PbxCertificate("pin", "CN=Yeastar", Now.AddYears(-1), Now.AddDays(days), trusted), pinned is null ? [] : [pinned], Now).Finding.Code.Should().Be(finding);

    [Theory]
    [InlineData(PbxDialect.V2, "30.13.0.30", "dialect-new")]
    [InlineData(PbxDialect.V1, "30.11.0.7", "dialect-old")]
    [InlineData(PbxDialect.V1, "30.10.0.66", "firmware-old")]
    [InlineData(PbxDialect.V1, "30.10.0.58", "firmware-too-old")]
    [InlineData(PbxDialect.V1, "30.9.0.99", "firmware-too-old")]
    [InlineData(PbxDialect.V2, "unheard of", "firmware-unreadable")]
    [InlineData(PbxDialect.V2, null, "firmware-unreadable")]
    public void A_firmware_is_recent_enough_or_not(PbxDialect dialect, string? firmware, string finding) =>
        ApiChecks.JudgeDialect(dialect, firmware).Finding.Code.Should().Be(finding);

    [Theory]
    [InlineData("10005", "right-proven", Pass)]
    [InlineData("10007", "right-proven", Pass)]
    [InlineData("10003", "right-missing", Fail)]
    [InlineData("30003", "pbx-busy", Warn)]
    [InlineData("20004", "session-over", Warn)]
    [InlineData("10008", "request-refused", Fail)]
    [InlineData("99999", "request-refused", Fail)]
    public void Every_answer_to_an_impossible_wish_is_classified(string number, string finding, ChecklistVerdict verdict)
    {
        var measured = PermissionChecks.JudgeImpossible(PbxErrorCodes.ToFailure(number), PbxErrorCode.CallIdNotFound, PbxErrorCode.CallNotFound);

        (measured.Finding.Code, measured.Finding.Verdict).Should().Be((finding, verdict));
        measured.Facts["code"].Should().Be(number);
    }

    [Fact]
    public void An_impossible_wish_that_was_fulfilled_proves_nothing() => PermissionChecks.JudgeImpossible(null).Finding.Code.Should().Be("impossible-done");

    [Theory]
    [InlineData(PbxFailureKind.NotReached, "pbx-unreachable")]
    [InlineData(PbxFailureKind.NoAnswer, "pbx-silent")]
    [InlineData(PbxFailureKind.UnexpectedAnswer, "answer-strange")]
    public void What_breaks_on_the_way_is_no_verdict_about_a_right(PbxFailureKind kind, string finding) =>
        PermissionChecks.Judge(new PbxFailure(kind, "Broken.")).Finding.Code.Should().Be(finding);

    [Fact]
    public void Silos_must_leave_by_one_address()
    {
        Silos("10.0.0.5", "10.0.0.5").Should().Be("silos-agree");
        Silos("10.0.0.5", "10.0.0.6").Should().Be("silos-differ");
        Silos("10.0.0.5", null).Should().Be("silo-without-route");
        AddressChecks.Judge([new OutletView("a", "10.0.0.5"), null]).Finding.Code.Should().Be("silos-unheard");

        static string Silos(params string?[] addresses) => AddressChecks.Judge([.. addresses.Select((address, i) => new OutletView($"silo-{i}", address))]).Finding.Code;
    }

    [Fact]
    public void A_report_without_the_secret_is_told_unless_good_ones_arrive()
    {
        var tally = new ReportTally();
        WebhookChecks.JudgeInbound(tally, Now).Finding.Code.Should().Be("no-report-yet");
        tally.NoteUnproven("10.1.0.254", Now);
        WebhookChecks.JudgeInbound(tally, Now).Finding.Code.Should().Be("report-unproven");
        tally.Note(new IncomingReport([], Now.AddMinutes(1), "10.1.0.254", ReportProof.Secret), new BootUpReport());

        var measured = WebhookChecks.JudgeInbound(tally, Now.AddMinutes(3));

        measured.Finding.Code.Should().Be("report-arrived");
        (measured.Facts["source"], measured.Facts["age"]).Should().Be(("10.1.0.254", "120"));
        tally.NoteUnproven("198.51.100.7", Now.AddMinutes(5));
        WebhookChecks.JudgeInbound(tally, Now.AddMinutes(6)).Finding.Code.Should().Be("report-arrived", "a stranger sent that one");
        tally.NoteUnproven("10.1.0.254", Now.AddMinutes(30));
        WebhookChecks.JudgeInbound(tally, Now.AddMinutes(31)).Finding.Code.Should().Be("report-unproven");
    }

    [Theory]
    [InlineData(ReportShape.V2, PbxDialect.V2, "format-right")]
    [InlineData(ReportShape.V102, PbxDialect.V1, "format-right")]
    [InlineData(ReportShape.V102, PbxDialect.V2, "format-other")]
    [InlineData(ReportShape.Default, PbxDialect.V1, "format-default")]
    [InlineData(ReportShape.Unspecific, PbxDialect.V2, "format-unseen")]
    public void The_format_of_reports_is_the_one_asked_for_or_not(ReportShape shape, PbxDialect dialect, string finding)
    {
        var tally = new ReportTally();
        tally.Note(new IncomingReport([], Now, "10.1.0.254"), new BootUpReport { Shape = shape });

        WebhookChecks.JudgeFormat(tally, dialect, Now).Finding.Code.Should().Be(finding);
    }

    [Theory]
    [InlineData(0, 0, "no-records-yet")]
    [InlineData(100, 0, "all-pushed")]
    [InlineData(100, 3, "some-caught-up")]
    [InlineData(4, 4, "most-caught-up")]
    public void Records_that_had_to_be_fetched_are_told(int records, int caughtUp, string finding) =>
        WebhookChecks.JudgeCaughtUp(Arrivals(records, caughtUp, median: null)).Finding.Code.Should().Be(finding);

    [Theory]
    [InlineData(null, "no-records-yet")]
    [InlineData(2, "records-prompt")]
    [InlineData(300, "records-late")]
    public void Records_that_come_late_are_told(int? median, string finding) =>
        WebhookChecks.JudgeDelay(Arrivals(10, 0, median is { } seconds ? TimeSpan.FromSeconds(seconds) : null)).Finding.Code.Should().Be(finding);

    [Theory]
    [InlineData(50, 100, "disk-enough")]
    [InlineData(5, 100, "disk-scarce")]
    [InlineData(1, 100, "disk-full")]
    public void Room_is_judged_by_its_share(long free, long total, string finding) =>
        OperationChecks.JudgeSpace(hasVault: true, new VaultSpace(free, total)).Finding.Code.Should().Be(finding);

    [Fact]
    public void A_vault_that_does_not_tell_is_a_notice_and_none_at_all_is_skipped()
    {
        OperationChecks.JudgeSpace(hasVault: true, space: null).Finding.Verdict.Should().Be(Notice);
        OperationChecks.JudgeSpace(hasVault: false, space: null).Finding.Code.Should().Be("vault-off");
    }

    [Fact]
    public void A_check_waits_for_its_needs_wherever_they_stand_and_blames_where_the_trouble_began()
    {
        var first = Check.Judging("network.a", ["network.c"], _ => GeneralFindings.NotMeasured.With());
        var second = Check.Judging("network.b", ["network.a"], _ => GeneralFindings.NotMeasured.With());
        var third = Check.Judging("network.c", [], _ => GeneralFindings.NotMeasured.With());
        var plan = new ChecklistPlan([first, second, third]);

        plan.Next([])!.Id.Should().Be("network.c");
        plan.Next([Item("network.c", Fail)])!.Id.Should().Be("network.a");
        ChecklistPlan.Obstacle(first, [Item("network.c", Fail)]).Should().Be("network.c");
        ChecklistPlan.Obstacle(first, [Item("network.c", Warn)]).Should().BeNull();
        ChecklistPlan.Obstacle(second, [Item("network.a", Skipped, because: "network.c")]).Should().Be("network.c");
        plan.Next([Item("network.c", Fail), Item("network.a", Skipped), Item("network.b", Skipped)]).Should().BeNull();
        plan.InOrder([Item("network.c", Fail), Item("network.a", Skipped)]).Select(item => item.Id).Should().Equal("network.a", "network.c");
    }

    [Fact]
    public void A_run_is_as_good_as_its_worst_item_and_one_that_broke_off_proves_nothing()
    {
        Run(Item("network.a", Pass), Item("network.b", Notice), Item("network.c", Skipped)).Verdict.Should().Be(Pass);
        Run(Item("network.a", Pass), Item("network.b", Warn)).Verdict.Should().Be(Warn);
        Run(Item("network.a", Warn), Item("network.b", Fail)).Verdict.Should().Be(Fail);
        (Run(Item("network.a", Pass)) with { BrokenOff = true }).Verdict.Should().Be(Fail);
    }

    [Fact]
    public void Only_verdicts_that_changed_are_changes()
    {
        var before = Run(Item("network.tcp", Pass), Item("api.clock", Pass), Item("webhook.return-path", Pass), Item("api.serial", Pass));
        var now = Run(Item("network.tcp", Fail), Item("api.clock", Pass), Item("webhook.return-path", Skipped), Item("api.serial", Skipped, because: "network.tcp"), Item("api.new", Pass), Item("api.newer", Fail));

        ChecklistChanges.Between(before, now).Select(change => (change.Item, change.PreviousVerdict, change.Verdict)).Should().Equal(
            ("network.tcp", Pass, Fail), ("api.serial", Pass, Skipped), ("api.newer", null, Fail));
        ChecklistChanges.Between(now, now).Should().BeEmpty();
        ChecklistChanges.Between(now, before).Select(change => change.Item).Should().Equal("network.tcp", "api.serial");
    }

    [Theory]
    [InlineData("2026-03-02T01:59:00Z", null, false)]
    [InlineData("2026-03-02T04:05:00Z", null, true)]
    [InlineData("2026-03-02T04:05:00Z", "2026-03-02T02:30:00Z", false)]
    [InlineData("2026-03-02T04:05:00Z", "2026-03-01T04:30:00Z", true)]
    [InlineData("2026-03-02T05:00:00Z", null, false)]
    [InlineData("2026-03-02T12:00:00Z", null, false)]
    public void The_night_is_that_of_the_site(string now, string? last, bool isDue) =>
        ChecklistNight.IsDue(SiteId.Parse("paris"), last is null ? null : Instant(last), Instant(now), TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris")).Should().Be(isDue);

    [Fact]
    public void Sites_are_spread_over_the_night()
    {
        var minutes = Enumerable.Range(0, 200).Select(i => ChecklistNight.MinuteOf(SiteId.Parse($"site-{i}"))).ToList();

        minutes.Should().OnlyContain(minute => minute >= new TimeOnly(3, 0) && minute < new TimeOnly(5, 0));
        minutes.Distinct().Count().Should().BeGreaterThan(60);
    }

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static PortMeasurement Port(int port, int tries, int answered, PortFailure? failure) =>
        new(port, tries, [.. Enumerable.Repeat(TimeSpan.FromMilliseconds(12), answered)], failure, LocalAddress: null);

    private static SiteArrivals Arrivals(int records, int caughtUp, TimeSpan? median) => new(records, records - caughtUp, caughtUp, LastPushedAt: null, median, median);

    private static ChecklistItem Item(string id, ChecklistVerdict verdict, string? because = null) => new()
    {
        Id = id,
        Section = ChecklistSection.Network,
        Verdict = verdict,
        Finding = "found",
        MeasuredAt = Now,
        Took = TimeSpan.Zero,
        SkippedBecause = because,
    };

    private static ChecklistRun Run(params ChecklistItem[] items) => new() { RunId = Guid.NewGuid(), Site = SiteId.Parse("paris"), Trigger = ChecklistTrigger.Manual, StartedAt = Now, FinishedAt = Now, Items = items };
}
