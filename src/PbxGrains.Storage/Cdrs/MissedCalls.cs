namespace PbxGrains.Storage.Cdrs;

/// <summary>What makes a record <c>r</c> a missed call that was not made good, in SQL.</summary>
internal static class MissedCalls
{
    /// <summary>Another record <c>o</c> of the call was answered, or is an earlier miss and stands for the call.</summary>
    public static readonly string OtherRecordOfCall = $"""
        SELECT FROM pbx.call_record AS o
        WHERE o.call_id = r.call_id AND o.site_id = r.site_id
          AND (o.disposition = 'answered'
            OR (o.direction = 'inbound' AND {AreMissed("o")} AND (o.started_at, o.record_id) < (r.started_at, r.record_id)))
        """;

    /// <summary>
    /// A later record <c>o</c> shows that somebody spoke with that number. The wall clock only spares the partitions of
    /// months that are over: clocks of two sites are far less than two days apart.
    /// </summary>
    public const string MadeGood = """
        SELECT FROM pbx.call_record AS o
        WHERE pbx.call_record_numbers(o.caller, o.callee, o.caller_e164, o.callee_e164)
                && array_remove(ARRAY[left(r.caller, 64), left(r.caller_e164, 64)], NULL)
          AND o.start_wall_clock >= r.start_wall_clock - interval '2 days'
          AND o.started_at >= r.started_at AND o.disposition = 'answered'
          AND CASE o.direction
                WHEN 'inbound' THEN o.caller_e164 = r.caller_e164 OR (o.caller = r.caller AND o.site_id = r.site_id)
                WHEN 'outbound' THEN o.callee_e164 = r.caller_e164 OR (o.callee = r.caller AND o.site_id = r.site_id)
                ELSE false END
        """;

    /// <summary>Nobody at the other end spoke; unknown is not missed.</summary>
    public static string AreMissed(string record) => $"{record}.disposition IN ('noAnswer', 'busy', 'failed', 'voicemail')";
}
