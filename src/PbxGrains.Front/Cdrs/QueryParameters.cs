using Microsoft.OpenApi;

namespace PbxGrains.Front.Cdrs;

/// <summary>A parameter of an address that a handler reads itself.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does, for the API's description.</param>
internal sealed record QueryParameter(string Name, string Description);

/// <summary>The parameters of the routes of the call history: what is known and what is described is one list.</summary>
internal static class QueryParameters
{
    private static readonly QueryParameter[] Filter =
    [
        new("site", "Of these sites; repeated or separated by commas. Records of sites that were removed stay readable."),
        new("from", "Started at this instant or later: 2026-11-22T10:00:00Z, or a date alone for its midnight UTC."),
        new("to", "Started before this instant."),
        new("extension", "This extension took part."),
        new("agent", "Dialled for this agent."),
        new("number", "Caller or callee, in any notation: +33 6 12 34 56 78, 0033612345678, 06 12 34 56 78, 1001. National notations are read in the countries of the sites asked."),
        new("trunk", "Came in or went out by this trunk."),
        new("minTalkSeconds", "They talked at least so many seconds; an unknown time does not fit."),
        new("hasRecording", "true for those with a recording, false for those without."),
        new("callId", "Of this call."),
        new("limit", "How many at most: 1 to 1000, 100 by default. CSV and NDJSON send all unless it is given, and take any number."),
        new("after", "The next of the page before."),
    ];

    /// <summary>Of missed calls, which have one direction and were not answered.</summary>
    public static IReadOnlyList<QueryParameter> Missed { get; } = Filter;

    /// <summary>Of the history.</summary>
    public static IReadOnlyList<QueryParameter> History { get; } =
    [
        .. Filter,
        new("direction", "inbound, outbound, internal or unknown."),
        new("disposition", "answered, noAnswer, busy, failed, voicemail or unknown."),
        new("format", "json, ndjson or csv: the same as the Accept header, for browsers."),
    ];

    /// <summary>Of completeness.</summary>
    public static IReadOnlyList<QueryParameter> Span { get; } =
    [
        new("from", "First hour: 2026-11-22T10:00:00Z, or a date alone for its midnight UTC; 24 hours before to by default."),
        new("to", "End, now by default; at most 366 days after from."),
    ];

    /// <summary>Describes parameters that the handler reads itself.</summary>
    public static RouteHandlerBuilder WithQuery(this RouteHandlerBuilder route, IReadOnlyList<QueryParameter> parameters) => route.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        operation.Parameters ??= [];
        foreach (var parameter in parameters)
        {
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = parameter.Name,
                In = ParameterLocation.Query,
                Description = parameter.Description,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        }

        return Task.CompletedTask;
    });
}
