namespace PbxGrains.Yeastar.Reports;

/// <summary>Classifies the reason of a failed call over all its spellings (fact sheet S-Series §7.4 and §8.2).</summary>
public static class CallFailureClasses
{
    /// <summary>Classifies a reason.</summary>
    /// <param name="reason">
    /// As sent: a SIP answer (<c>486 Busy Here</c>) or the PBX's own words (<c>User Busy</c>), in any case; null when
    /// none was sent.
    /// </param>
    public static CallFailureClass Of(string? reason)
    {
        var folded = ReportText.Fold(reason);
        return folded switch
        {
            ['4', '0', '4' or '8', ..] or ['4', '1', '0', ..] or ['4', '8', '0', ..] => CallFailureClass.Unreachable,
            ['4', '8', '6', ..] => CallFailureClass.Busy,
            ['4', '8', '4', ..] => CallFailureClass.NumberIncomplete,
            ['4', '8', '7', ..] => CallFailureClass.Cancelled,
            ['6', '0', '3', ..] => CallFailureClass.Declined,
            ['4' or '5' or '6', >= '0' and <= '9', >= '0' and <= '9', ..] => CallFailureClass.Other,
            "DND" or "DONOTDISTURB" => CallFailureClass.DoNotDisturb,
            _ => OfWords(folded),
        };
    }

    private static CallFailureClass OfWords(string folded)
    {
        bool Says(string words) => folded.Contains(words, StringComparison.Ordinal);

        return folded switch
        {
            _ when Says("OUTBOUNDRESTRICTION") || Says("DIALPERMISSION") => CallFailureClass.NotPermitted,
            _ when Says("CONGESTION") => CallFailureClass.Congestion,
            _ when Says("BUSY") => CallFailureClass.Busy,
            _ when Says("INCOMPLETE") => CallFailureClass.NumberIncomplete,
            _ when Says("DECLINE") => CallFailureClass.Declined,
            _ when Says("REQUESTTERMINATED") || Says("CANCEL") => CallFailureClass.Cancelled,
            _ when Says("UNREACHABLE") || Says("UNAVAILABLE") || Says("NOTFOUND") || Says("REQUESTTIME") || folded == "GONE" => CallFailureClass.Unreachable,
            _ => CallFailureClass.Other,
        };
    }
}
