using System.Net;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Yeastar.Http;

/// <summary>What goes wrong on the wire, in sentences that hold nothing of request or answer.</summary>
internal static class WireFailures
{
    public static PbxFailure TooLong => Unexpected("The PBX's answer is too long.");

    public static PbxFailure Page => Unexpected("A page answered in place of the PBX's API.", Stranger.Page);

    /// <summary>Whoever shares the session gave it up before this request left.</summary>
    public static PbxFailure ClosedByUs => new(PbxFailureKind.SessionEnded, "The session was given up before the request left.");

    public static PbxFailure NoAnswer(string message) => new(PbxFailureKind.NoAnswer, message);

    public static PbxFailure Unexpected(string message, Stranger stranger = Stranger.None) =>
        new(PbxFailureKind.UnexpectedAnswer, message) { Stranger = stranger };

    /// <summary>The answer began and did not end. A beginning tells nothing: the PBX says 200 before it says "Failed".</summary>
    public static PbxFailure Broken(Exception e) => e is OperationCanceledException
        ? NoAnswer("The PBX began to answer and did not finish in time.")
        : Unexpected("The PBX began to answer and broke off.");

    /// <summary>An HTTP status that is not 200.</summary>
    public static PbxFailure Of(HttpStatusCode status) => (int)status switch
    {
        404 or 405 or 410 or 501 => Unexpected($"The PBX's web server has no such path (HTTP {(int)status}).", Stranger.NoSuchPath),
        >= 300 and < 400 => Unexpected($"The PBX's web server redirects (HTTP {(int)status}): give the address of its web interface, usually https on port 8088."),
        >= 500 => Unexpected($"The PBX's web server failed (HTTP {(int)status})."),
        _ => Unexpected($"The PBX's web server answered HTTP {(int)status} in place of 200."),
    };
}
