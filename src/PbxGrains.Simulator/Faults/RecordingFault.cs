namespace PbxGrains.Simulator;

/// <summary>What may be wrong with the recordings of a PBX.</summary>
public enum RecordingFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>They were deleted: 20014.</summary>
    Deleted,

    /// <summary>The file is shorter than its own header says, and complete as far as HTTP is concerned.</summary>
    Truncated,

    /// <summary>A web page comes in place of audio, with HTTP 200.</summary>
    Page,

    /// <summary>The file has no byte.</summary>
    Empty,

    /// <summary>The file announces its full length, and the connection breaks in the middle.</summary>
    Cut,
}

/// <summary>Formats of recordings.</summary>
public enum RecordingFormat
{
    /// <summary>WAV with plain samples.</summary>
    Pcm,

    /// <summary>WAV with GSM 6.10 inside.</summary>
    Gsm,

    /// <summary>The format of old and cloud systems, whose names end in <c>.yswav</c>.</summary>
    Yswav,
}
