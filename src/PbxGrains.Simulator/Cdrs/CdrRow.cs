namespace PbxGrains.Simulator;

/// <summary>One call detail record: what the CSV and <c>NewCdr</c> say. Texts are empty where there is nothing to say.</summary>
/// <param name="CallId">Call id; several rows may share it.</param>
/// <param name="TimeStart">Wall-clock time of the PBX.</param>
/// <param name="CallFrom">Who called.</param>
/// <param name="CallTo">Who was called; <c>6200(1002)</c> when a ring group or queue was called and 1002 picked up.</param>
/// <param name="CallDuration">Whole seconds from start to end.</param>
/// <param name="TalkDuration">Whole seconds of talk.</param>
/// <param name="SourceTrunk">Trunk it came in by.</param>
/// <param name="DestinationTrunk">Trunk it went out by.</param>
/// <param name="Status"><c>ANSWERED</c>, <c>NO ANSWER</c>, <c>BUSY</c>, <c>FAILED</c> or <c>VOICEMAIL</c>.</param>
/// <param name="Type"><c>Inbound</c>, <c>Outbound</c>, <c>Internal</c>, <c>Callback</c> or <c>Transfer</c>.</param>
/// <param name="PinCode">PIN used on the outbound route.</param>
/// <param name="Recording">Name of the recording.</param>
/// <param name="Did">Number the outside caller dialled.</param>
/// <param name="SerialNumber">Serial number of the PBX.</param>
/// <param name="AgentRingTime">Whole seconds in a queue until an agent answered; not in the CSV.</param>
public sealed record CdrRow(
    string CallId,
    DateTime TimeStart,
    string CallFrom,
    string CallTo,
    int CallDuration,
    int TalkDuration,
    string SourceTrunk,
    string DestinationTrunk,
    string Status,
    string Type,
    string PinCode,
    string Recording,
    string Did,
    string SerialNumber,
    int AgentRingTime);
