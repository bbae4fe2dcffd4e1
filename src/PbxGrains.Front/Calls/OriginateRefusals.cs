using PbxGrains.Contracts.Calls;
using PbxGrains.Front.Problems;

namespace PbxGrains.Front.Calls;

/// <summary>Refused originates as problem details.</summary>
internal static class OriginateRefusals
{
    /// <summary>Stable code of a refusal.</summary>
    public static string CodeOf(OriginateRefusal refusal) => Describe(refusal).Code;

    /// <summary>The problem a refusal is. Always names the originate's id.</summary>
    public static IResult ProblemOf(OriginateOutcome outcome)
    {
        var (code, status, title, advice) = Describe(outcome.Refusal ?? OriginateRefusal.PbxRefused);
        List<KeyValuePair<string, object?>> more = [KeyValuePair.Create<string, object?>("originateId", outcome.OriginateId)];
        if (outcome.PbxErrorCode is { } number)
        {
            more.Add(KeyValuePair.Create<string, object?>("pbxErrorCode", number));
        }

        if (outcome.Replayed)
        {
            more.Add(KeyValuePair.Create<string, object?>("replayed", true));
        }

        var problem = Problem.Of(status, code, title, outcome.Message ?? advice, [.. more]);
        return outcome.Refusal == OriginateRefusal.PbxUnreachable ? new RetryLater(problem, RetryLater.NextPoll) : problem;
    }

    private static (string Code, int Status, string Title, string Advice) Describe(OriginateRefusal refusal) => refusal switch
    {
        OriginateRefusal.SiteUnknown => (ProblemCodes.SiteUnknown, StatusCodes.Status404NotFound, "No such site", "GET /api/pbx/sites lists the sites."),
        OriginateRefusal.ExtensionUnknown => (ProblemCodes.ExtensionUnknown, StatusCodes.Status404NotFound, "No such extension", "The site's PBX has no such extension; GET …/extensions lists them."),
        OriginateRefusal.ExtensionUnregistered => ("extension-unregistered", StatusCodes.Status409Conflict, "No phone is registered", "No phone is registered on the extension: check that it is switched on and connected."),
        OriginateRefusal.ExtensionBusy => ("extension-busy", StatusCodes.Status409Conflict, "The extension is busy", "The extension is in a call or ringing: try again when it is idle."),
        OriginateRefusal.NotPermitted => ("not-permitted", StatusCodes.Status403Forbidden, "The extension may not call that number", "Check the extension's outbound routes in the PBX."),
        OriginateRefusal.DestinationRejected => ("destination-rejected", StatusCodes.Status422UnprocessableEntity, "The PBX cannot use that number", "Give the number as the PBX's outbound routes want it."),
        OriginateRefusal.PbxUnreachable => ("pbx-unreachable", StatusCodes.Status503ServiceUnavailable, "The PBX is out of reach", "Nothing was sent. Try again when the site is online."),
        OriginateRefusal.CredentialsRejected => ("credentials-rejected", StatusCodes.Status503ServiceUnavailable, "The PBX refuses our credentials", "An administrator must correct the site's user or password."),
        OriginateRefusal.SiteSuspended => ("site-suspended", StatusCodes.Status409Conflict, "The site is switched off", "An operator switched supervision off; resume the site first."),
        OriginateRefusal.IdempotencyConflict => ("idempotency-conflict", StatusCodes.Status409Conflict, "The idempotency key is taken", "This key was used for a different call within 24 hours. Use a new key for a new call."),
        OriginateRefusal.NotStarted => ("not-started", StatusCodes.Status504GatewayTimeout, "No call was started", "The PBX's answer was lost, and it turned out that no call had started. Start it again with a new idempotency key."),
        OriginateRefusal.NoRoute => ("no-route", StatusCodes.Status409Conflict, "No trunk is in service", "Check the PBX's trunks; GET …/trunks lists them."),
        _ => ("pbx-refused", StatusCodes.Status502BadGateway, "The PBX refused", "The PBX answered an error; see pbxErrorCode."),
    };
}
