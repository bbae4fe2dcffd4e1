namespace PbxGrains.Storage.Cdrs;

/// <summary>Which way a call went, as stored.</summary>
public static class RecordedDirection
{
    /// <summary>From outside to an extension.</summary>
    public const string Inbound = "inbound";

    /// <summary>From an extension to the outside.</summary>
    public const string Outbound = "outbound";

    /// <summary>Between extensions.</summary>
    public const string Internal = "internal";

    /// <summary>Nobody said; any other word is better known and replaces it.</summary>
    public const string Unknown = "unknown";
}

/// <summary>How a call ended, as stored.</summary>
public static class RecordedDisposition
{
    /// <summary>Somebody or something took it.</summary>
    public const string Answered = "answered";

    /// <summary>It rang in vain.</summary>
    public const string NoAnswer = "noAnswer";

    /// <summary>The other end was busy.</summary>
    public const string Busy = "busy";

    /// <summary>It could not be put through.</summary>
    public const string Failed = "failed";

    /// <summary>The voice mail took it.</summary>
    public const string Voicemail = "voicemail";

    /// <summary>Nobody said; any other word is better known and replaces it.</summary>
    public const string Unknown = "unknown";
}

/// <summary>How a record became known, as stored.</summary>
public static class RecordedSource
{
    /// <summary>The PBX pushed it at the end of the call.</summary>
    public const string Push = "push";

    /// <summary>Catch-up found it in the PBX's own list, which is more exact than what it pushes.</summary>
    public const string CatchUp = "catchUp";

    /// <summary>An import of history found it in the PBX's own list.</summary>
    public const string Import = "import";
}
