using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Contracts.Sites;
using PbxGrains.Grains.Calls;
using PbxGrains.Grains.Rehearsals;
using PbxGrains.Grains.Sites;

namespace PbxGrains.Grains.Tests.Rehearsals;

public sealed class OriginateRehearsalTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_call_nothing_speaks_against_passes_check_by_check() =>
        Verdicts(Scene()).Should().Equal("site pass site-online", "extension pass extension-exists", "registered pass registered", "idle pass idle", "destination pass internal-number", "allowed pass internal-call", "route pass internal-route");

    [Fact]
    public void A_call_to_the_public_network_needs_a_trunk_and_its_permission_is_not_pretended()
    {
        var scene = Scene("0612345678");

        Verdicts(scene with { Trunks = Trunks(("sip", true), ("fxo", false)) })[4..].Should().Equal("destination pass public-number", "allowed skipped permission-unseen", "route pass trunk-in-service");
        Verdicts(scene with { Trunks = Trunks(("sip", false)) })[6].Should().Be("route fail trunks-out-of-service NoRoute");
        Verdicts(scene with { Trunks = Trunks() })[6].Should().Be("route fail no-trunk NoRoute");
        Verdicts(scene with { Trunks = Trunks(("sip", null)) })[6].Should().Be("route warn trunk-state-unknown");
        Verdicts(scene)[6].Should().Be("route skipped trunks-not-asked");
    }

    [Theory]
    [InlineData(ExtensionStatus.Unregistered, "registered fail unregistered ExtensionUnregistered", "idle skipped not-known")]
    [InlineData(ExtensionStatus.Busy, "registered pass registered", "idle fail busy ExtensionBusy")]
    [InlineData(ExtensionStatus.Ringing, "registered pass registered", "idle fail busy ExtensionBusy")]
    [InlineData(ExtensionStatus.Fault, "registered warn extension-fault", "idle skipped not-known")]
    [InlineData(ExtensionStatus.Unknown, "registered warn registration-unknown", "idle skipped not-known")]
    public void The_callers_phone_decides(ExtensionStatus status, string registered, string idle) =>
        Verdicts(Scene() with { Listing = Listing(View("1001", status)) })[2..4].Should().Equal(registered, idle);

    [Fact]
    public void An_extension_that_is_not_there_is_named_with_the_one_that_looks_like_it()
    {
        Verdicts(Scene() with { Listing = Listing(View("01001", ExtensionStatus.Idle)) })[1].Should().Be("extension fail look-alike ExtensionUnknown");
        Verdicts(Scene() with { Listing = Listing(View("1003", ExtensionStatus.Idle)) })[1..4].Should().Equal("extension fail extension-unknown ExtensionUnknown", "registered skipped not-known", "idle skipped not-known");
    }

    [Fact]
    public void Of_a_dark_site_nothing_is_pretended()
    {
        var dark = Scene() with { Listing = Listing(View("1001", ExtensionStatus.Idle)) with { Fresh = false } };

        Verdicts(dark)[..4].Should().Equal("site warn knowledge-stale", "extension skipped not-known", "registered skipped not-known", "idle skipped not-known");
        Verdicts(dark with { Health = SiteHealth.Unreachable })[0].Should().Be("site fail site-unreachable PbxUnreachable");
    }

    [Theory]
    [InlineData(SiteHealth.Connecting, "site fail site-connecting PbxUnreachable")]
    [InlineData(SiteHealth.CredentialsRejected, "site fail credentials-rejected CredentialsRejected")]
    [InlineData(SiteHealth.Degraded, "site warn site-degraded")]
    public void The_sites_health_is_the_first_check(SiteHealth health, string verdict) =>
        Verdicts(Scene() with { Health = health })[0].Should().Be(verdict);

    [Fact]
    public void Sites_that_are_not_there_or_switched_off_are_told_apart()
    {
        Verdicts(Scene() with { Configuration = null })[..2].Should().Equal("site fail site-unknown SiteUnknown", "extension skipped not-known");
        Verdicts(Scene() with { Configuration = Paris() with { Suspended = true } })[0].Should().Be("site fail site-suspended SiteSuspended");
    }

    [Fact]
    public void A_dial_under_way_makes_the_extension_busy() =>
        Verdicts(Scene() with { Dialling = true })[3].Should().Be("idle fail being-dialled ExtensionBusy");

    [Theory]
    [InlineData("1001", "destination warn own-extension")]
    [InlineData("1004", "destination warn callee-unregistered")]
    [InlineData("1005", "destination warn callee-busy")]
    [InlineData("paul", "destination fail not-dialable DestinationRejected")]
    [InlineData("112", "destination warn emergency")]
    [InlineData("06 12 34 56 78", "destination warn punctuation")]
    [InlineData("00612345678", "destination pass public-number-with-prefix")]
    [InlineData("6700", "destination warn short-number")]
    [InlineData("*97", "destination pass feature-code")]
    [InlineData("061234567899999", "destination warn number-unlikely")]
    public void The_destination_is_understood_or_doubted(string destination, string verdict) =>
        Verdicts(Scene(destination))[4].Should().Be(verdict);

    [Fact]
    public void What_may_not_be_allowed_is_said()
    {
        var scene = Scene("0899123456");

        Verdicts(scene)[5].Should().Be("allowed warn premium-rate");
        Verdicts(scene with { Request = scene.Request with { CallerId = "7777" } })[5].Should().Be("allowed warn caller-id-unknown");
    }

    [Fact]
    public void What_the_PBX_answered_to_the_same_call_before_counts_as_seen()
    {
        var scene = Scene("0612345678");

        Verdicts(scene with { Permission = new SeenPermission(Allowed: true, Now) })[5].Should().Be("allowed pass allowed-before");
        Verdicts(scene with { Permission = new SeenPermission(Allowed: false, Now) })[5].Should().Be("allowed warn refused-before");
    }

    [Fact]
    public void Permissions_are_remembered_call_by_call_and_not_without_bound()
    {
        var seen = new SeenPermissions();
        var wish = new OriginateRequest { Extension = ExtensionNumber.Parse("1001"), Destination = "0612345678" };

        seen.Note(wish, allowed: false, Now);
        seen.Of(wish)!.Value.Allowed.Should().BeFalse();
        seen.Of(wish with { CallerId = "1002" }).Should().BeNull();
        seen.Of(wish with { Destination = "0612345679" }).Should().BeNull();
        for (var i = 0; i < 1000; i++)
        {
            seen.Note(wish with { Destination = $"{i}" }, allowed: true, Now.AddSeconds(i + 1));
        }

        seen.Of(wish).Should().BeNull("the oldest made room");
        seen.Of(wish with { Destination = "999" }).Should().Be(new SeenPermission(Allowed: true, Now.AddSeconds(1000)));
    }

    private static List<string> Verdicts(OriginateScene scene) =>
        [.. OriginateRehearsal.Check(scene).Select(check => $"{check.Found.Check.ToString().ToLowerInvariant()} {check.Found.Verdict.ToString().ToLowerInvariant()} {check.Found.Finding} {check.Refusal}".TrimEnd())];

    private static OriginateScene Scene(string destination = "1002")
    {
        var listing = Listing(View("1001", ExtensionStatus.Idle), View("1002", ExtensionStatus.Idle), View("1004", ExtensionStatus.Unregistered), View("1005", ExtensionStatus.Busy));
        return new OriginateScene
        {
            Request = new OriginateRequest { Extension = ExtensionNumber.Parse("1001"), Destination = destination, DryRun = true },
            Configuration = Paris(),
            Health = SiteHealth.Online,
            Listing = listing,
            Destination = DialledNumber.Read(destination, "FR", listing.Extensions),
        };
    }

    private static SiteConfiguration Paris() => new()
    {
        Site = SiteId.Parse("paris"),
        RowVersion = 1,
        CredentialsVersion = 1,
        Connection = null,
        Periods = new PollPeriods
        {
            Busy = TimeSpan.FromSeconds(2),
            PushSilent = TimeSpan.FromSeconds(5),
            PushProven = TimeSpan.FromSeconds(30),
            BackoffFirst = TimeSpan.FromSeconds(5),
            BackoffLast = TimeSpan.FromMinutes(5),
            Heartbeat = TimeSpan.FromMinutes(5),
            CatchUp = TimeSpan.FromMinutes(15),
        },
        Suspended = false,
        Zone = TimeZoneInfo.Utc,
        Country = "FR",
    };

    private static ExtensionView View(string number, ExtensionStatus status) => new() { Site = SiteId.Parse("paris"), Number = ExtensionNumber.Parse(number), Status = status, AsOf = Now };

    private static ExtensionListing Listing(params ExtensionView[] views) => new() { Site = SiteId.Parse("paris"), Extensions = views, ListedAt = Now, Fresh = true, AsOf = Now };

    private static PbxAnswer<IReadOnlyList<TrunkView>> Trunks(params (string Name, bool? Usable)[] trunks) =>
        new([.. trunks.Select(trunk => new TrunkView(trunk.Name, "SIP", null, trunk.Usable))]);
}
