using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace PbxGrains.Front.Problems;

/// <summary>Makes RFC 9457 problem details whose <c>type</c> and <c>code</c> never change.</summary>
internal static class Problem
{
    public const string TypePrefix = "https://pbxgrains.dev/problems/";
    public const string CodeMember = "code";

    /// <summary>A problem as a result.</summary>
    /// <param name="status">HTTP status.</param>
    /// <param name="code">Stable code, last part of the type.</param>
    /// <param name="title">What kind of problem, the same for every occurrence.</param>
    /// <param name="detail">What happened this time and what to do.</param>
    /// <param name="more">Further members.</param>
    public static ProblemHttpResult Of(int status, string code, string title, string detail, params ReadOnlySpan<KeyValuePair<string, object?>> more) =>
        TypedResults.Problem(Details(status, code, title, detail, more));

    /// <summary>The same as bare details.</summary>
    public static ProblemDetails Details(int status, string code, string title, string detail, params ReadOnlySpan<KeyValuePair<string, object?>> more)
    {
        var details = new ProblemDetails { Status = status, Type = TypePrefix + code, Title = title, Detail = detail };
        details.Extensions[CodeMember] = code;
        foreach (var (name, value) in more)
        {
            details.Extensions[name] = value;
        }

        return details;
    }

    /// <summary>Fields that cannot be used, each with sentences that help.</summary>
    public static ProblemHttpResult Invalid(IReadOnlyDictionary<string, string[]> errors) =>
        Of(
            StatusCodes.Status400BadRequest,
            ProblemCodes.InvalidRequest,
            "The request cannot be used",
            "Correct the fields named in errors and send the request again.",
            KeyValuePair.Create<string, object?>("errors", errors));

    /// <summary>One field that cannot be used.</summary>
    public static ProblemHttpResult Invalid(string field, string sentence) =>
        Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [sentence] });

    public static ProblemHttpResult SiteUnknown(string siteId) => Of(
        StatusCodes.Status404NotFound,
        ProblemCodes.SiteUnknown,
        "No such site",
        $"No site '{Shown(siteId)}' is registered. GET /api/pbx/sites lists them.");

    public static ProblemHttpResult ExtensionUnknown(string number) => Of(
        StatusCodes.Status404NotFound,
        ProblemCodes.ExtensionUnknown,
        "No such extension",
        $"The site's PBX has no extension '{Shown(number)}', or it has not been read yet. GET …/extensions lists them.");

    public static ProblemHttpResult CallUnknown(string callId) => Of(
        StatusCodes.Status404NotFound,
        ProblemCodes.CallUnknown,
        "No such call",
        $"The site knows no call '{Shown(callId)}'. It may be over for a while; GET …/calls lists those that run.");

    /// <summary>Text of a caller cut to a length that is fit for an answer.</summary>
    public static string Shown(string text) => text.Length <= 64 ? text : text[..64] + "…";
}
