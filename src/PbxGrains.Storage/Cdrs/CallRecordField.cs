namespace PbxGrains.Storage.Cdrs;

/// <summary>The fields of a record that its versions may disagree on; the numbers are bits of a stored column and never change.</summary>
internal enum CallRecordField
{
    CallId = 0,
    StartedAt = 1,
    TotalSeconds = 2,
    RingSeconds = 3,
    TalkSeconds = 4,
    Direction = 5,
    RawType = 6,
    Caller = 7,
    CallerE164 = 8,
    Callee = 9,
    CalleeE164 = 10,
    CalledGroup = 11,
    AnsweredBy = 12,
    Did = 13,
    SourceTrunk = 14,
    DestinationTrunk = 15,
    Disposition = 16,
    RawStatus = 17,
    Recording = 18,
    Extensions = 19,
    AgentId = 20,
    Reference = 21,
    Raw = 22,
}

/// <summary>Sets of fields, as bits.</summary>
internal static class CallRecordFields
{
    /// <summary>What anonymising takes out, besides the PBX's own words. PBXs put numbers into names of recordings.</summary>
    public static readonly long Personal = Bit(CallRecordField.Caller) | Bit(CallRecordField.CallerE164)
        | Bit(CallRecordField.Callee) | Bit(CallRecordField.CalleeE164) | Bit(CallRecordField.Recording);

    public static long Bit(CallRecordField field) => 1L << (int)field;

    /// <summary>The fields in which this version says something.</summary>
    public static long Given(CallRecordRow row) =>
        If(CallRecordField.CallId, true)
        | If(CallRecordField.StartedAt, true)
        | If(CallRecordField.TotalSeconds, row.TotalSeconds is not null)
        | If(CallRecordField.RingSeconds, row.RingSeconds is not null)
        | If(CallRecordField.TalkSeconds, row.TalkSeconds is not null)
        | If(CallRecordField.Direction, row.Direction != RecordedDirection.Unknown)
        | If(CallRecordField.RawType, row.RawType is not null)
        | If(CallRecordField.Caller, row.Caller is not null)
        | If(CallRecordField.CallerE164, row.CallerE164 is not null)
        | If(CallRecordField.Callee, row.Callee is not null)
        | If(CallRecordField.CalleeE164, row.CalleeE164 is not null)
        | If(CallRecordField.CalledGroup, row.CalledGroup is not null)
        | If(CallRecordField.AnsweredBy, row.AnsweredBy is not null)
        | If(CallRecordField.Did, row.Did is not null)
        | If(CallRecordField.SourceTrunk, row.SourceTrunk is not null)
        | If(CallRecordField.DestinationTrunk, row.DestinationTrunk is not null)
        | If(CallRecordField.Disposition, row.Disposition != RecordedDisposition.Unknown)
        | If(CallRecordField.RawStatus, row.RawStatus is not null)
        | If(CallRecordField.Recording, row.Recording is not null)
        | If(CallRecordField.Extensions, row.Extensions.Count > 0)
        | If(CallRecordField.AgentId, row.AgentId is not null)
        | If(CallRecordField.Reference, row.Reference is not null)
        | If(CallRecordField.Raw, row.Raw is not null);

    private static long If(CallRecordField field, bool given) => given ? Bit(field) : 0;
}
