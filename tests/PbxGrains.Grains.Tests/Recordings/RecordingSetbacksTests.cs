using PbxGrains.Grains.Recordings;
using PbxGrains.Storage.Recordings;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Tests.Recordings;

public sealed class RecordingSetbacksTests
{
    private static readonly DateTimeOffset Call = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(PbxErrorCode.RecordingNotFound)]
    [InlineData(PbxErrorCode.RecordingRandomInvalid)]
    public void A_recent_recording_is_given_up_after_half_a_day_whichever_number_the_firmware_says(PbxErrorCode code)
    {
        var row = Row();
        var now = Call.AddMinutes(2);
        var pauses = new List<TimeSpan>();
        RecordingSetback setback;
        while ((setback = Of(row, new PbxFailure(PbxFailureKind.Refused, "No.", code), now).Setback).NextTryAt is { } next)
        {
            setback.Reason.Should().Be(RecordingReason.NotYetSaved);
            pauses.Add(next - now);
            (now, row) = (next, row with { Refusals = row.Refusals + 1, Tries = row.Tries + 1 });
        }

        (setback.State, setback.Reason).Should().Be((RecordingState.Absent, RecordingReason.DeletedOnPbx));
        pauses.Should().BeInAscendingOrder().And.HaveCount(RecordingSetbacks.RefusalsOfRecent - 1);
        pauses[0].Should().BeLessThan(TimeSpan.FromSeconds(15));
        (now - Call).Should().BeCloseTo(TimeSpan.FromHours(9.2), TimeSpan.FromHours(1));
    }

    [Fact]
    public void An_old_recording_is_given_up_after_a_few_refusals()
    {
        var row = Row() with { Refusals = RecordingSetbacks.RefusalsOfOld - 1 };

        Of(row, Refused, Call.AddDays(3)).Setback.State.Should().Be(RecordingState.Absent);
        Of(row, Refused, Call.AddHours(1)).Setback.State.Should().Be(RecordingState.Pending);
    }

    [Theory]
    [InlineData(PbxFailureKind.NotReached, RecordingReason.SiteDown)]
    [InlineData(PbxFailureKind.NoAnswer, RecordingReason.SiteDown)]
    [InlineData(PbxFailureKind.SessionEnded, RecordingReason.SiteDown)]
    [InlineData(PbxFailureKind.CertificateRefused, RecordingReason.SiteDown)]
    [InlineData(PbxFailureKind.TryLater, RecordingReason.PbxBusy)]
    public void What_says_nothing_about_the_recording_is_never_a_reason_to_give_it_up(PbxFailureKind kind, string reason)
    {
        var (setback, heldUp) = Of(Row() with { Tries = 1000, Refusals = 8 }, new PbxFailure(kind, "Not now."), Call.AddDays(90));

        (setback.State, setback.Reason, setback.Refused, heldUp).Should().Be((RecordingState.Pending, reason, false, HeldUp.Site));
        setback.NextTryAt.Should().BeAfter(Call.AddDays(90)).And.BeBefore(Call.AddDays(90).AddMinutes(15));
    }

    [Fact]
    public void A_missing_permission_holds_up_the_whole_site_and_is_asked_about_rarely()
    {
        var (setback, heldUp) = Of(Row(), new PbxFailure(PbxFailureKind.NotSupported, "No.", PbxErrorCode.RequestNotSupported), Call);

        (setback.State, setback.Reason, setback.NextTryAt, heldUp).Should().Be((RecordingState.Absent, RecordingReason.PermissionMissing, Call + RecordingSetbacks.PermissionPause, HeldUp.AllOfSite));
    }

    [Fact]
    public void A_page_in_place_of_audio_is_asked_for_again_until_it_is_given_up()
    {
        var page = new PbxFailure(PbxFailureKind.UnexpectedAnswer, "A page.");

        Of(Row(), page, Call).Setback.Should().Match<RecordingSetback>(s => s.State == RecordingState.Pending && s.Reason == RecordingReason.Damaged);
        Of(Row() with { Refusals = 8 }, page, Call).Setback.Should().Match<RecordingSetback>(s => s.State == RecordingState.Absent && s.Reason == RecordingReason.Damaged);
    }

    [Fact]
    public void Chance_spreads_tries_by_a_fifth_at_most()
    {
        var pauses = new[] { 0, 0.25, 0.5, 0.75, 1 }.Select(chance => RecordingSetbacks.Of(Row(), Refused, Call, chance).Setback.NextTryAt!.Value - Call).ToList();

        pauses.Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        pauses.Should().OnlyContain(pause => pause >= TimeSpan.FromSeconds(8) && pause <= TimeSpan.FromSeconds(12));
    }

    private static PbxFailure Refused => new(PbxFailureKind.Refused, "No.", PbxErrorCode.RecordingNotFound);

    private static (RecordingSetback Setback, HeldUp HeldUp) Of(RecordingRow row, PbxFailure failure, DateTimeOffset now) => RecordingSetbacks.Of(row, failure, now, chance: 0.5);

    private static RecordingRow Row() => new()
    {
        RecordingId = RecordingId.Of("paris", "x.wav"),
        SiteId = "paris",
        CallId = "1.1",
        Name = "x.wav",
        State = RecordingState.Pending,
        AgesFrom = Call,
        FirstNamedAt = Call.AddMinutes(2),
        ExpiresAt = Call.AddDays(180),
    };
}
