using System.Globalization;
using PbxGrains.Contracts.Calls;
using PbxGrains.Front.Board.Texts;
using PbxGrains.Front.Cdrs;
using PbxGrains.Storage.Cdrs;

namespace PbxGrains.Front.Board.Calls;

/// <summary>Words of the call history in the reader's language.</summary>
internal static class CallWords
{
    /// <summary>What stands where nothing is known.</summary>
    public const string Nothing = "–";

    /// <summary>A direction.</summary>
    public static string Direction(string direction) => direction switch
    {
        RecordedDirection.Inbound => BoardText.Call_direction_inbound,
        RecordedDirection.Outbound => BoardText.Call_direction_outbound,
        RecordedDirection.Internal => BoardText.Call_direction_internal,
        _ => BoardText.Call_direction_unknown,
    };

    /// <summary>How a call ended; who calls from outside and finds nobody is missed.</summary>
    public static string Outcome(string disposition, string? direction) => disposition switch
    {
        RecordedDisposition.Answered => BoardText.Call_outcome_answered,
        RecordedDisposition.NoAnswer when direction == RecordedDirection.Inbound => BoardText.Call_outcome_missed,
        RecordedDisposition.NoAnswer => BoardText.Call_outcome_noAnswer,
        RecordedDisposition.Busy => BoardText.Call_outcome_busy,
        RecordedDisposition.Failed => BoardText.Call_outcome_failed,
        RecordedDisposition.Voicemail => BoardText.Call_outcome_voicemail,
        _ => BoardText.Call_outcome_unknown,
    };

    /// <summary>Tone of its badge.</summary>
    public static string OutcomeTone(string disposition) => disposition switch
    {
        RecordedDisposition.Answered => "good",
        RecordedDisposition.NoAnswer => "bad",
        RecordedDisposition.Busy => "busy",
        RecordedDisposition.Failed => "ring",
        RecordedDisposition.Voicemail => "hold",
        _ => "none",
    };

    /// <summary>Where a running call stands.</summary>
    public static string State(CallState state) => state switch
    {
        CallState.Ringing => BoardText.Call_state_ringing,
        CallState.Talking => BoardText.Call_state_talking,
        CallState.OnHold => BoardText.Call_state_onHold,
        CallState.Ended => BoardText.Call_state_ended,
        _ => BoardText.Call_state_started,
    };

    /// <summary>Tone of its badge.</summary>
    public static string StateTone(CallState state) => state switch
    {
        CallState.Ringing => "ring",
        CallState.Talking => "busy",
        CallState.OnHold => "hold",
        _ => "none",
    };

    /// <summary>Who called.</summary>
    public static string Caller(CallRecordResource record) => record.Caller ?? (record.AnonymisedAt is null ? BoardText.Call_withheld : Nothing);

    /// <summary>Seconds as 0:07, 12:45 or 3:02:10; unknown is not zero.</summary>
    public static string Duration(long? seconds) => seconds is not { } known ? Nothing
        : known < 3600 ? string.Create(CultureInfo.InvariantCulture, $"{known / 60}:{known % 60:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{known / 3600}:{known / 60 % 60:00}:{known % 60:00}");

    /// <summary>Address of the page of a call.</summary>
    public static string AddressOf(string site, string callId) => $"/calls/{Uri.EscapeDataString(site)}/{Uri.EscapeDataString(callId)}";
}
