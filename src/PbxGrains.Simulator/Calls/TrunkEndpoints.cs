using System.Globalization;
using System.Text.Json.Nodes;
using PbxGrains.Simulator.Http;

namespace PbxGrains.Simulator.Calls;

/// <summary>Trunks and queues (sheet, sections 4.7 and 4.8), and <c>apply</c>.</summary>
internal static class TrunkEndpoints
{
    public static void AddTo(Dictionary<string, ApiHandler> table, Dialect dialect)
    {
        table[dialect is Dialect.V1 ? "trunklist/query" : "trunk/list"] = Trunks;
        table[dialect is Dialect.V1 ? "queuestatus/query" : "queue/query_status"] = Queue;
        if (dialect is Dialect.V1)
        {
            table["apply"] = static (_, _) => ApiAnswer.Success();
        }
    }

    private static ApiAnswer Trunks(SimulatedPbx pbx, ApiRequest request) => ApiAnswer.Success(("trunklist", new JsonArray(
        Trunk(request, NumberPlan.Trunk, "3", "Registered", "SIP", port: null),
        Trunk(request, "FXO1-1", "1", "Idle", "FXO", "Span1-Port1"))));

    private static JsonObject Trunk(ApiRequest request, string name, string id, string status, string type, string? port)
    {
        var trunk = new JsonObject { ["trunkname"] = name };
        if (request.Dialect is Dialect.V2)
        {
            trunk["id"] = id;
        }

        trunk["status"] = status;
        trunk["type"] = type;
        if (port is not null)
        {
            trunk["port"] = port;
        }

        return trunk;
    }

    private static ApiAnswer Queue(SimulatedPbx pbx, ApiRequest request)
    {
        var wanted = request.Text("queueid", "number");
        if (wanted.Length > 0 && pbx.Switchboard.Numbers.Resolve(wanted) is not Destination.Queue)
        {
            return ApiAnswer.Failed(ErrorCode.QueueUnknown);
        }

        var waiting = pbx.Switchboard.Calls.Count(call => call.QueueEntered is not null && call.Answered is null);
        var agents = pbx.Switchboard.Numbers.Agents.Select(agent => new JsonObject { ["agent"] = agent.Number, ["agentstatus"] = StatusOf(agent) });
        return ApiAnswer.Success(("queues", new JsonArray(new JsonObject
        {
            [request.Dialect is Dialect.V1 ? "queuenumber" : "number"] = NumberPlan.Queue,
            ["queuestatus"] = new JsonArray(new JsonObject
            {
                ["callercount"] = waiting.ToString(CultureInfo.InvariantCulture),
                ["members"] = new JsonArray([.. agents]),
            }),
        })));
    }

    private static string StatusOf(SimulatedExtension agent) => agent.Status switch
    {
        ExtensionStatus.Registered or ExtensionStatus.Idle => "1",
        ExtensionStatus.Busy => "2",
        ExtensionStatus.Ringing => "6",
        ExtensionStatus.Hold => "8",
        _ => "5",
    };
}
