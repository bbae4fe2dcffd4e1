using PbxGrains.Contracts.Calls;
using PbxGrains.Front.Problems;

namespace PbxGrains.Front.Calls;

/// <summary>Outcomes of commands as HTTP answers.</summary>
internal static class CallCommandAnswers
{
    public static IResult Of(string callId, CallCommandOutcome outcome) => outcome.Result switch
    {
        CallCommandResult.Done => TypedResults.NoContent(),
        CallCommandResult.CallNotFound => Problem.CallUnknown(callId),
        CallCommandResult.LegNotFound => Refusal(
            outcome, StatusCodes.Status409Conflict, "leg-unknown", "The call has no such extension", "Name an extension that takes part in the call; the call has none, or several and none was named."),
        CallCommandResult.PbxUnreachable => new RetryLater(
            Refusal(outcome, StatusCodes.Status503ServiceUnavailable, "pbx-unreachable", "The PBX is out of reach", "Nothing was sent. Try again when the site is online."), RetryLater.NextPoll),
        CallCommandResult.Unknown => Refusal(
            outcome, StatusCodes.Status504GatewayTimeout, ProblemCodes.OutcomeUnknown, "The outcome is not known", "The PBX was asked and its answer was lost. Look at the call before asking again."),
        CallCommandResult.NotSupported => Refusal(
            outcome, StatusCodes.Status501NotImplemented, "not-supported", "The PBX cannot do that", "The API dialect of this PBX has no such request."),
        _ => Refusal(outcome, StatusCodes.Status502BadGateway, "pbx-refused", "The PBX refused", "The PBX answered an error; see pbxErrorCode."),
    };

    private static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult Refusal(CallCommandOutcome outcome, int status, string code, string title, string advice) =>
        outcome.PbxErrorCode is { } number
            ? Problem.Of(status, code, title, outcome.Message ?? advice, KeyValuePair.Create<string, object?>("pbxErrorCode", number))
            : Problem.Of(status, code, title, outcome.Message ?? advice);
}
