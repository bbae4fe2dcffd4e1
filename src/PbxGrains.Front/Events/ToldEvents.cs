using PbxGrains.Front.Cdrs;
using PbxGrains.Front.Recordings;

namespace PbxGrains.Front.Events;

/// <summary>Particulars of the events about call records.</summary>
/// <param name="Record">The record as it reads after the event, the same as the call history answers.</param>
internal sealed record CallRecordTold(CallRecordResource Record);

/// <summary>Particulars of the events about recordings.</summary>
/// <param name="Recording">The recording as it stands after the event, the same as its address answers.</param>
/// <param name="CallId">The call it is of.</param>
internal sealed record RecordingTold(RecordingResource Recording, string CallId);
