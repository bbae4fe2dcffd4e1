namespace PbxGrains.Cli;

/// <summary>What the command line tells the shell; documented in <c>pbx --help</c>, so never renumbered.</summary>
internal enum ExitCode
{
    /// <summary>Done.</summary>
    Ok = 0,

    /// <summary>Refused or failed.</summary>
    Refused = 1,

    /// <summary>The command line or a value in it is wrong; nothing was tried.</summary>
    Usage = 2,

    /// <summary>The front does not answer.</summary>
    NotReachable = 3,

    /// <summary>No API key, an unknown one, or one whose scope does not suffice.</summary>
    NotAuthorised = 4,

    /// <summary>What should be new exists, or what should exist does not.</summary>
    ExistsOrNotFound = 5,

    /// <summary>Not all of what was asked about is verified, or not all of a history could be read.</summary>
    Incomplete = 6,

    /// <summary>The connection broke in the middle of a long answer; nothing that looks whole was left behind.</summary>
    Broken = 7,

    /// <summary>A checklist, the status or a comparison has something that deserves a look.</summary>
    Attention = 10,

    /// <summary>A checklist, or the status, has something that is out of order.</summary>
    OutOfOrder = 11,

    /// <summary>Interrupted with Ctrl-C.</summary>
    Interrupted = 130,
}
