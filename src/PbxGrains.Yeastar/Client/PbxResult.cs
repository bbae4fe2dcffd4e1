using System.Diagnostics.CodeAnalysis;

namespace PbxGrains.Yeastar.Client;

/// <summary>The answer of a PBX, or why there is none. An expected refusal is a value, never an exception.</summary>
/// <typeparam name="T">What was asked for.</typeparam>
public sealed record PbxResult<T>
    where T : notnull
{
    internal PbxResult(T? value, PbxFailure? failure)
    {
        Value = value;
        Failure = failure;
    }

    /// <summary>The answer; null when it failed.</summary>
    public T? Value { get; }

    /// <summary>Why there is no answer; null when there is one.</summary>
    public PbxFailure? Failure { get; }

    /// <summary>True when there is an answer.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool Succeeded => Failure is null;

    /// <summary>An answer.</summary>
    public static implicit operator PbxResult<T>(T value) => new(value, null);

    /// <summary>A failure.</summary>
    public static implicit operator PbxResult<T>(PbxFailure failure) => new(default, failure);
}

/// <summary>Makes answers where the language has no conversion: from values typed as an interface.</summary>
public static class PbxResult
{
    /// <summary>An answer.</summary>
    public static PbxResult<T> Of<T>(T value)
        where T : notnull => new(value, null);
}

/// <summary>The value of an answer that says nothing but "done".</summary>
public readonly record struct Done;

/// <summary>Why a PBX gave no usable answer.</summary>
/// <param name="Kind">What sort of failure: decides what to do next.</param>
/// <param name="Message">One English sentence without secrets, query strings or the PBX's raw text.</param>
/// <param name="Code">The PBX's error; null when it did not answer in its own format.</param>
/// <param name="RawCode">The PBX's error number as sent, known to us or not; null when there was none.</param>
public sealed record PbxFailure(PbxFailureKind Kind, string Message, PbxErrorCode? Code = null, string? RawCode = null)
{
    /// <summary>Who answered in place of the API; decides whether a login may be tried in the other dialect.</summary>
    internal Stranger Stranger { get; init; }
}

/// <summary>
/// Something that answered completely and certainly is not the API on the path asked for: no password was looked at.
/// </summary>
internal enum Stranger
{
    /// <summary>The API, or nobody can tell.</summary>
    None,

    /// <summary>A web server without such a path (404 and its like).</summary>
    NoSuchPath,

    /// <summary>A web server with a page, or anything else that is no JSON object.</summary>
    Page,
}

/// <summary>Sort of failure.</summary>
public enum PbxFailureKind
{
    /// <summary>No connection; not a byte of the request left.</summary>
    NotReached,

    /// <summary>The certificate is not pinned (or not trusted); not a byte of the request left.</summary>
    CertificateRefused,

    /// <summary>The request left, the answer did not come: whether the PBX acted is unknown.</summary>
    NoAnswer,

    /// <summary>Something answered that is not the PBX's API: a redirect, a page, a server error, a cut or oversized body.</summary>
    UnexpectedAnswer,

    /// <summary>User or password wrong (20003). Costs one of the five tries the PBX allows.</summary>
    CredentialsRejected,

    /// <summary>Our address is locked out (20002): wait at least ten minutes.</summary>
    AddressLocked,

    /// <summary>The session is over (20004, 20005, 20006): log in again.</summary>
    SessionEnded,

    /// <summary>The PBX is overloaded or its API process is down (20010, 30001, 30003, 10025): try later.</summary>
    TryLater,

    /// <summary>The PBX does not know this request (10003): wrong dialect, or the dialect cannot do it.</summary>
    NotSupported,

    /// <summary>The PBX understood and refused; see the code.</summary>
    Refused,
}
