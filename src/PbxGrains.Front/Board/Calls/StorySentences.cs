using System.Globalization;
using PbxGrains.Front.Board.Texts;
using PbxGrains.Front.Calls;
using PbxGrains.Storage.Cdrs;

namespace PbxGrains.Front.Board.Calls;

/// <summary>What happened to a call, in the reader's language.</summary>
internal static class StorySentences
{
    /// <summary>One sentence without a full stop.</summary>
    public static string Of(TimelineEntry entry) => entry.Kind switch
    {
        TimelineKind.OriginateRequested => Say(BoardText.Story_originate_requested, entry.Extension, entry.Party),
        TimelineKind.OriginateAccepted => Say(BoardText.Story_originate_accepted, entry.Extension),
        TimelineKind.OriginateRefused => BoardText.Story_originate_refused,
        TimelineKind.OriginateUnknown => BoardText.Story_originate_unknown,
        TimelineKind.Ringing => Ringing(entry),
        TimelineKind.Answered => Answered(entry),
        TimelineKind.Held => entry.Extension is null ? BoardText.Story_held_somebody : Say(BoardText.Story_held, entry.Extension),
        TimelineKind.Ended => BoardText.Story_ended,
        TimelineKind.Recorded => entry.Source switch
        {
            RecordedSource.Push => BoardText.Story_recorded_push,
            RecordedSource.Import => BoardText.Story_recorded_import,
            _ => BoardText.Story_recorded_catchUp,
        },
        TimelineKind.Revised => BoardText.Story_revised,
        TimelineKind.RecordingReady => BoardText.Story_recording_ready,
        TimelineKind.RecordingAbsent => BoardText.Story_recording_absent,
        _ => BoardText.Story_recording_expired,
    };

    /// <summary>Whether it is about the bookkeeping, not about the call.</summary>
    public static bool IsBookkeeping(TimelineEntry entry) => entry.Kind >= TimelineKind.Recorded;

    private static string Ringing(TimelineEntry entry) => entry switch
    {
        { Direction: RecordedDirection.Inbound, Extension: { } extension } => Say(BoardText.Story_ringing_inbound, entry.Party ?? BoardText.Call_withheld, extension),
        { Direction: RecordedDirection.Inbound } => Say(BoardText.Story_ringing_inbound_somebody, entry.Party ?? BoardText.Call_withheld),
        { Extension: { } extension, Party: { } party } => Say(BoardText.Story_ringing_internal, extension, party),
        _ => BoardText.Story_ringing,
    };

    private static string Answered(TimelineEntry entry) => entry switch
    {
        { Disposition: RecordedDisposition.Voicemail } => BoardText.Story_answered_voicemail,
        { Direction: RecordedDirection.Inbound, Extension: { } extension } => Say(BoardText.Story_answered_by_extension, extension),
        { Direction: RecordedDirection.Outbound or RecordedDirection.Internal, Party: { } party } => Say(BoardText.Story_answered, party),
        _ => BoardText.Story_answered_somebody,
    };

    private static string Say(string sentence, params object?[] values) => string.Format(CultureInfo.CurrentCulture, sentence, values);
}
