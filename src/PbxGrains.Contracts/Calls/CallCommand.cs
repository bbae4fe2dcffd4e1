namespace PbxGrains.Contracts.Calls;

/// <summary>Something to do with a running call.</summary>
[GenerateSerializer, Immutable, Alias("pbx.CallCommand")]
public abstract record CallCommand
{
    private protected CallCommand()
    {
    }
}

/// <summary>Ends the call, or only one leg of it.</summary>
/// <param name="Extension">The extension to hang up; null ends the whole call.</param>
[GenerateSerializer, Immutable, Alias("pbx.HangUp")]
public sealed record HangUp([property: Id(0)] ExtensionNumber? Extension) : CallCommand;

/// <summary>Gives the other party to somebody else; the transferring extension leaves the call.</summary>
/// <param name="Extension">The extension that transfers; null when the call has just one.</param>
/// <param name="Destination">Where to: extension, queue, or an outside number.</param>
[GenerateSerializer, Immutable, Alias("pbx.Transfer")]
public sealed record Transfer([property: Id(0)] ExtensionNumber? Extension, [property: Id(1)] string Destination) : CallCommand;

/// <summary>Puts the extension's side on hold, or takes it back.</summary>
/// <param name="Extension">Whose side; null when the call has just one extension.</param>
/// <param name="On">True to hold, false to resume.</param>
[GenerateSerializer, Immutable, Alias("pbx.Hold")]
public sealed record Hold([property: Id(0)] ExtensionNumber? Extension, [property: Id(1)] bool On) : CallCommand;

/// <summary>Mutes the extension, or unmutes it.</summary>
/// <param name="Extension">Whose side; null when the call has just one extension.</param>
/// <param name="On">True to mute.</param>
[GenerateSerializer, Immutable, Alias("pbx.Mute")]
public sealed record Mute([property: Id(0)] ExtensionNumber? Extension, [property: Id(1)] bool On) : CallCommand;

/// <summary>How a supervisor joins a call.</summary>
[GenerateSerializer, Alias("pbx.MonitorMode")]
public enum MonitorMode
{
    /// <summary>Hears both.</summary>
    Listen = 0,

    /// <summary>Heard by the extension only.</summary>
    Whisper = 1,

    /// <summary>Heard by all.</summary>
    Barge = 2,
}

/// <summary>Lets a supervisor join: his phone rings, then he is connected.</summary>
/// <param name="Supervisor">The supervisor's extension.</param>
/// <param name="Extension">The extension to monitor; null when the call has just one.</param>
/// <param name="Mode">How he joins.</param>
[GenerateSerializer, Immutable, Alias("pbx.Monitor")]
public sealed record Monitor([property: Id(0)] ExtensionNumber Supervisor, [property: Id(1)] ExtensionNumber? Extension, [property: Id(2)] MonitorMode Mode) : CallCommand;

/// <summary>How a command ended.</summary>
[GenerateSerializer, Alias("pbx.CallCommandResult")]
public enum CallCommandResult
{
    /// <summary>The PBX did it.</summary>
    Done = 0,

    /// <summary>No such call, or it is over.</summary>
    CallNotFound = 1,

    /// <summary>The call has no such extension, or several and none was named.</summary>
    LegNotFound = 2,

    /// <summary>The PBX refused; see the code.</summary>
    Refused = 3,

    /// <summary>The PBX is out of reach; nothing was sent.</summary>
    PbxUnreachable = 4,

    /// <summary>The PBX was asked and the answer was lost.</summary>
    Unknown = 5,

    /// <summary>The PBX's dialect cannot do it.</summary>
    NotSupported = 6,
}

/// <summary>What became of a command.</summary>
/// <param name="Result">How it ended.</param>
/// <param name="Message">One English sentence; null when done.</param>
/// <param name="PbxErrorCode">The PBX's error number; null when it gave none.</param>
[GenerateSerializer, Immutable, Alias("pbx.CallCommandOutcome")]
public sealed record CallCommandOutcome(
    [property: Id(0)] CallCommandResult Result,
    [property: Id(1)] string? Message = null,
    [property: Id(2)] string? PbxErrorCode = null);
