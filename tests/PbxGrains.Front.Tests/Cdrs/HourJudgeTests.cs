using PbxGrains.Front.Cdrs.Completeness;
using PbxGrains.Storage.Cdrs;

namespace PbxGrains.Front.Tests.Cdrs;

public sealed class HourJudgeTests
{
    private static readonly DateTimeOffset Now = new(2026, 7, 10, 12, 30, 0, TimeSpan.Zero);
    private static readonly Hindrance Away = new(HourReason.SiteUnreachable, "No connection.");

    [Fact]
    public void An_hour_that_is_not_over_is_pending_whatever_else_is_true()
    {
        Judge(Away).Of(Hour(12, compared: 20)).Should().Match<HourVerdict>(v => v.State == HourState.Pending && v.Reason == "hour-not-over");
        Judge(Away).Of(Hour(20)).Reason.Should().Be("hour-not-over");
    }

    [Fact]
    public void An_hour_compared_when_its_longest_call_had_ended_is_verified_even_if_the_site_has_gone_since()
    {
        Judge().Of(Hour(2, compared: 6)).Should().Be(new HourVerdict(HourState.Verified));
        Judge(Away).Of(Hour(2, compared: 6)).State.Should().Be(HourState.Verified);
        Judge().Of(Hour(2, compared: 6, failed: 7)).State.Should().Be(HourState.Verified, "what was complete stays complete");
    }

    [Fact]
    public void An_hour_compared_while_its_calls_may_have_run_is_pending_until_it_is_compared_again()
    {
        Judge().Of(Hour(2, compared: 5.99)).Should().Match<HourVerdict>(v => v.State == HourState.Pending && v.Reason == "calls-may-still-run" && v.Detail!.Contains("after 2026-07-10T06:00Z"));
        Judge(Away).Of(Hour(2, compared: 5.99)).Should().Be(new HourVerdict(HourState.Unverifiable, "site-unreachable", "No connection."));
    }

    [Fact]
    public void An_hour_not_compared_yet_waits_for_the_comparison_that_will_reach_it()
    {
        Judge().Of(Hour(2)).Should().Match<HourVerdict>(v => v.State == HourState.Pending && v.Reason == "awaiting-comparison");
        Judge().Of(Hour(-47)).Reason.Should().Be("never-compared", "the nightly comparison may be a day away, and reaches three days back");
        Judge().Of(Hour(-34)).Reason.Should().Be("awaiting-comparison");
        Judge(watermark: Now.AddDays(-5)).Of(Hour(-72)).Reason.Should().Be("awaiting-comparison", "catch-up goes on from where it was");
        Judge(watermark: Now.AddDays(-5)).Of(Hour(-24 * 6)).Reason.Should().Be("never-compared");
    }

    [Fact]
    public void An_hour_nothing_reaches_any_more_says_how_to_import_it()
    {
        var never = Judge(Away).Of(Hour(-24 * 30));
        never.Should().Match<HourVerdict>(v => v.State == HourState.Unverifiable && v.Reason == "never-compared");
        never.Detail.Should().Contain("pbx cdr import --site paris --since 2026-06-10").And.Contain("POST /api/pbx/sites/paris/imports");
        Judge().Of(Hour(-24 * 30 - 2)).Detail.Should().Contain("--since 2026-06-10", "in Paris it is past midnight already");

        Judge().Of(Hour(-24 * 30, compared: -24 * 30 + 2)).Should().Match<HourVerdict>(v => v.Reason == "never-compared" && v.Detail!.Contains("last compared at 2026-06-10T02:00Z"));
    }

    [Fact]
    public void A_failed_comparison_says_why_unless_a_later_one_worked()
    {
        var failed = Judge().Of(Hour(2, failed: 5));
        failed.Should().Match<HourVerdict>(v => v.State == HourState.Unverifiable && v.Reason == "comparison-failed");
        failed.Detail.Should().Contain("2026-07-10T05:00Z: The PBX answered 504.").And.Contain("tried again");

        Judge().Of(Hour(2, compared: 4, failed: 5)).Reason.Should().Be("comparison-failed");
        Judge().Of(Hour(2, compared: 5, failed: 4)).Reason.Should().Be("calls-may-still-run");
        Judge(Away).Of(Hour(2, failed: 5)).Reason.Should().Be("site-unreachable", "that is what to look at first");
        Judge().Of(Hour(-24 * 30, failed: -24 * 30 + 2)).Detail.Should().Contain("504").And.Contain("--since 2026-06-10");
    }

    private static HourJudge Judge(Hindrance? hindrance = null, DateTimeOffset? watermark = null) =>
        new(Now, "paris", TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris"), watermark, hindrance);

    /// <summary>Hours from midnight of today.</summary>
    private static HourCompleteness Hour(int hour, double? compared = null, double? failed = null) => new()
    {
        Hour = At(hour),
        Pushed = 3,
        OnlyCaughtUp = 1,
        LastComparedAt = compared is { } c ? At(c) : null,
        LastFailedAt = failed is { } f ? At(f) : null,
        FailureDetail = failed is null ? null : "The PBX answered 504.",
    };

    private static DateTimeOffset At(double hour) => new DateTimeOffset(2026, 7, 10, 0, 0, 0, TimeSpan.Zero).AddHours(hour);
}
