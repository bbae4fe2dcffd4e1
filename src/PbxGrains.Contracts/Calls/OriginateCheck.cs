namespace PbxGrains.Contracts.Calls;

/// <summary>What a dry run of an originate looks at, in the order of a call.</summary>
[GenerateSerializer, Alias("pbx.OriginateCheckKind")]
public enum OriginateCheckKind
{
    /// <summary>The CRM's agent is known, and has an extension that can be one.</summary>
    Agent = 0,

    /// <summary>The site is registered and online, and what is known of it is fresh.</summary>
    Site = 1,

    /// <summary>The PBX has the extension.</summary>
    Extension = 2,

    /// <summary>A phone is registered on it.</summary>
    Registered = 3,

    /// <summary>It is free.</summary>
    Idle = 4,

    /// <summary>The destination is a number that means something.</summary>
    Destination = 5,

    /// <summary>The extension may call it, as far as that can be seen.</summary>
    Allowed = 6,

    /// <summary>There is a way to it: inside the PBX, or a trunk in service.</summary>
    Route = 7,
}

/// <summary>What a check found.</summary>
[GenerateSerializer, Alias("pbx.OriginateVerdict")]
public enum OriginateVerdict
{
    /// <summary>Nothing against it.</summary>
    Pass = 0,

    /// <summary>The call may fail: somebody should look.</summary>
    Warn = 1,

    /// <summary>The call would not come about.</summary>
    Fail = 2,

    /// <summary>Not looked at, or it cannot be seen without a call; the message says why. Never counts as passed.</summary>
    Skipped = 3,
}

/// <summary>One check of a dry run.</summary>
/// <param name="Check">What was looked at.</param>
/// <param name="Verdict">What was found.</param>
/// <param name="Finding">Stable code of the finding, <c>extension-unknown</c> for example.</param>
/// <param name="Message">One English sentence.</param>
/// <param name="Facts">The particulars in the sentence, by name; null when there are none.</param>
[GenerateSerializer, Immutable, Alias("pbx.OriginateCheck")]
public sealed record OriginateCheck(
    [property: Id(0)] OriginateCheckKind Check,
    [property: Id(1)] OriginateVerdict Verdict,
    [property: Id(2)] string Finding,
    [property: Id(3)] string Message,
    [property: Id(4)] IReadOnlyDictionary<string, string>? Facts = null);
