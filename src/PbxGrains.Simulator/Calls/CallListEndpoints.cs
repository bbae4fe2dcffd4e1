using System.Text.Json.Nodes;
using PbxGrains.Simulator.Http;
using PbxGrains.Simulator.Reports;

namespace PbxGrains.Simulator.Calls;

/// <summary>Lists running calls (sheet, section 4.5). v1 cannot list internal ones.</summary>
internal static class CallListEndpoints
{
    public static void AddTo(Dictionary<string, ApiHandler> table, Dialect dialect)
    {
        if (dialect is Dialect.V2)
        {
            table["call/query"] = Query;
            return;
        }

        table["inbound/query"] = static (pbx, request) => Trunk(pbx, request.Text("inboundid"), PartyKind.Inbound);
        table["outbound/query"] = static (pbx, request) => Trunk(pbx, request.Text("outboundid"), PartyKind.Outbound);
    }

    private static ApiAnswer Query(SimulatedPbx pbx, ApiRequest request)
    {
        var (callId, type) = (request.Text("callid"), request.Text("type"));
        if (callId.Length > 0)
        {
            return pbx.Switchboard.Find(callId) is { } call
                ? ApiAnswer.Success(("calls", new JsonArray(Describe(call))))
                : ApiAnswer.Failed(ErrorCode.CallIdUnknown);
        }

        var calls = pbx.Switchboard.Calls.Where(call => type switch
        {
            "inbound" => call.Legs.Exists(leg => leg.Kind is PartyKind.Inbound),
            "outbound" => call.Legs.Exists(leg => leg.Kind is PartyKind.Outbound),
            _ => true,
        });
        return ApiAnswer.Success(("calls", new JsonArray([.. calls.Select(Describe)])));
    }

    private static JsonObject Describe(Call call) => new()
    {
        ["members"] = new JsonArray([.. call.Members().Select(Describe)]),
        ["callid"] = call.Id,
    };

    private static JsonObject Describe(Party party)
    {
        var member = new JsonObject();
        if (party.Kind is PartyKind.Extension)
        {
            member["number"] = party.Number;
        }
        else
        {
            member["from"] = party.From;
            member["to"] = party.To;
            member["trunkname"] = party.Trunk;
        }

        member["channelid"] = party.ChannelId;
        member["memberstatus"] = party.Status;
        if (party.CallPath.Length > 0)
        {
            member["callpath"] = party.CallPath;
        }

        return new JsonObject { [party.Kind switch { PartyKind.Inbound => "inbound", PartyKind.Outbound => "outbound", _ => "ext" }] = member };
    }

    private static ApiAnswer Trunk(SimulatedPbx pbx, string ids, PartyKind kind)
    {
        var wanted = ids.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var rows = new JsonArray();
        foreach (var call in pbx.Switchboard.Calls)
        {
            foreach (var leg in call.Legs.Where(leg => leg.Kind == kind && (wanted.Length == 0 || wanted.Contains(leg.LegId, StringComparer.Ordinal))))
            {
                rows.Add((JsonNode)Describe(call, leg));
            }
        }

        return wanted.Length > 0 && rows.Count == 0
            ? ApiAnswer.Failed(ErrorCode.CallUnknown)
            : ApiAnswer.Success((kind is PartyKind.Inbound ? "inbound" : "outbound", rows));
    }

    private static JsonObject Describe(Call call, Leg leg)
    {
        var row = new JsonObject
        {
            [leg.Kind is PartyKind.Inbound ? "inboundid" : "outboundid"] = leg.LegId,
            ["from"] = leg.From,
            ["to"] = leg.To,
            ["trunk"] = leg.Trunk,
            ["status"] = call.Pending is not null ? "Wait" : call.Answered is null ? "Progress" : "Talking",
        };
        if (leg.Kind is PartyKind.Inbound)
        {
            row["callee"] = new JsonArray([.. call.Legs.Where(other => other != leg).Select(other => new JsonObject
            {
                [other.Kind is PartyKind.Extension ? "extid" : "outboundid"] = other.Kind is PartyKind.Extension ? other.Number : other.LegId,
            })]);
        }

        return row;
    }
}
