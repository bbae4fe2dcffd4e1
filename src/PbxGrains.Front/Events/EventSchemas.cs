using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using PbxGrains.Contracts.Events;

namespace PbxGrains.Front.Events;

/// <summary>The JSON schema of each type's particulars, made from the types that are written: it cannot differ from them.</summary>
internal static class EventSchemas
{
    private const string Folder = "/schemas/events/";
    private const string Version = ".v1.json";

    private static readonly Dictionary<string, Type> Particulars = new(StringComparer.Ordinal)
    {
        [EventTypes.SiteHealth] = typeof(SiteHealthEvent),
        [EventTypes.SiteWarning] = typeof(SiteWarningEvent),
        [EventTypes.SiteChecklistChanged] = typeof(ChecklistChangedEvent),
        [EventTypes.ExtensionStatus] = typeof(ExtensionStatusEvent),
        [EventTypes.CallRinging] = typeof(CallEvent),
        [EventTypes.CallAnswered] = typeof(CallEvent),
        [EventTypes.CallHeld] = typeof(CallEvent),
        [EventTypes.CallResumed] = typeof(CallEvent),
        [EventTypes.CallTransferred] = typeof(CallEvent),
        [EventTypes.CallEnded] = typeof(CallEvent),
        [EventTypes.CallRecordRecorded] = typeof(CallRecordTold),
        [EventTypes.CallRecordRevised] = typeof(CallRecordTold),
        [EventTypes.RecordingReady] = typeof(RecordingTold),
        [EventTypes.RecordingAbsent] = typeof(RecordingTold),
        [EventTypes.RecordingExpired] = typeof(RecordingTold),
        [EventTypes.OriginateAccepted] = typeof(OriginateEvent),
        [EventTypes.OriginateFailed] = typeof(OriginateEvent),
        [EventTypes.OriginateResolved] = typeof(OriginateEvent),
        [EventTypes.SubscriptionDisabled] = typeof(SubscriptionDisabledEvent),
        [EventTypes.SubscriptionTest] = typeof(SubscriptionTestEvent),
    };

    private static readonly JsonSerializerOptions Words = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        TypeInfoResolver = JsonTypeInfoResolver.Combine(EventJson.Words, FrontJson.Default),
    };

    /// <summary>Every type that has a schema.</summary>
    public static IReadOnlyCollection<string> Types => Particulars.Keys;

    /// <summary>Where the schema of a type is served.</summary>
    public static string AddressOf(string type) => Folder + type + Version;

    /// <summary>Maps the address of the schemas.</summary>
    public static IEndpointRouteBuilder MapEventSchemas(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Folder + "{type}" + Version, Show).AllowAnonymous().WithTags("Events").WithName("GetEventSchema")
            .WithSummary("The JSON schema of an event type's data.").ProducesProblem(StatusCodes.Status404NotFound);
        return routes;
    }

    /// <summary>The schema of a type's particulars; null for a type that has none.</summary>
    public static JsonObject? Of(string type)
    {
        if (!Particulars.TryGetValue(type, out var particulars))
        {
            return null;
        }

        var schema = Words.GetJsonSchemaAsNode(particulars).AsObject();
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "$id", AddressOf(type));
        schema.Insert(2, "title", type);
        return schema;
    }

    private static IResult Show(string type) => Of(type) is { } schema
        ? TypedResults.Text(schema.ToJsonString(new JsonSerializerOptions { WriteIndented = true }), "application/schema+json")
        : TypedResults.NotFound();
}
