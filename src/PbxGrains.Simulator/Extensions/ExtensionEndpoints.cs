using System.Text.Json;
using System.Text.Json.Nodes;
using PbxGrains.Simulator.Http;
using PbxGrains.Simulator.Sessions;

namespace PbxGrains.Simulator.Extensions;

/// <summary>Lists and details of telephones (sheet, section 4.2).</summary>
internal static class ExtensionEndpoints
{
    private static readonly JsonEncodedText Number = JsonEncodedText.Encode("number");
    private static readonly JsonEncodedText ExtNumber = JsonEncodedText.Encode("extnumber");
    private static readonly string[] Names = Enum.GetNames<ExtensionStatus>();

    public static void AddTo(Dictionary<string, ApiHandler> table, Dialect dialect)
    {
        table[dialect is Dialect.V1 ? "extensionlist/query" : "extension/list"] = List;
        table["extension/query"] = Details;
    }

    // Asked more often than all the others together, by thousands of clients: written without a tree.
    private static ApiAnswer List(SimulatedPbx pbx, ApiRequest request)
    {
        pbx.Counters.Listed();
        var number = request.Dialect is Dialect.V1 ? ExtNumber : Number;
        var atRest = pbx.Faults.TelephonesFlap && pbx.IsOddList() ? ExtensionStatus.Unavailable : (ExtensionStatus?)null;
        return ApiAnswer.Success(json =>
        {
            json.WriteStartArray("extlist"u8);
            foreach (var extension in pbx.Extensions)
            {
                json.WriteStartObject();
                json.WriteString(number, extension.Number);
                json.WriteString("status"u8, NameOf(extension.IsFree ? atRest ?? extension.Status : extension.Status));
                json.WriteString("type"u8, extension.IsFxs ? "FXS"u8 : "SIP"u8);
                if (extension.IsFxs)
                {
                    json.WriteString("port"u8, extension.Port);
                }

                json.WriteString("username"u8, extension.UserName);
                json.WriteString("agentid"u8, ""u8);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private static string NameOf(ExtensionStatus status) => Names[(int)status];

    private static ApiAnswer Details(SimulatedPbx pbx, ApiRequest request)
    {
        var wanted = request.Text("extid", "number");
        var rows = new JsonArray();
        var numbers = wanted is "" or "all" ? [.. pbx.Extensions.Select(extension => extension.Number)] : wanted.Split(',', StringSplitOptions.TrimEntries);
        foreach (var number in numbers)
        {
            if (pbx.FindExtension(number) is not { } extension)
            {
                return ApiAnswer.Failed(ErrorCode.ExtensionUnknown);
            }

            rows.Add((JsonNode)Describe(extension, request.Dialect));
        }

        return ApiAnswer.Success(("extinfos", rows));
    }

    // The plain-text password and the misspelt "moblie" are the PBX's own (sheet, section 4.2).
    private static JsonObject Describe(SimulatedExtension extension, Dialect dialect) => new()
    {
        [dialect is Dialect.V1 ? "extnumber" : "number"] = extension.Number,
        ["username"] = extension.UserName,
        ["status"] = extension.Status.ToString(),
        ["type"] = extension.IsFxs ? "FXS" : "SIP",
        ["callerid"] = extension.Number,
        ["registername"] = extension.Number,
        ["registerpassword"] = "simulated-" + extension.Number,
        ["maxregistrations"] = "1",
        ["loginpassword"] = SessionRegistry.Hash("simulated-" + extension.Number),
        ["email"] = "",
        ["moblie"] = extension.Mobile,
        ["language"] = "System Default",
        ["hasvoicemail"] = "on",
        ["enablevmtoemail"] = "off",
        ["vmsecret"] = extension.Number,
        ["alwaysforward"] = "off",
        ["noanswerforward"] = "on",
        ["ntransferto"] = "Voicemail",
        ["ntransferprefix"] = "",
        ["busyforward"] = "on",
        ["btransferto"] = "Voicemail",
        ["btransferprefix"] = "",
        ["ringsimultaneous"] = extension.Mobile.Length > 0 ? "on" : "off",
        ["mobileprefix"] = "",
        ["enablemobile"] = extension.Mobile.Length > 0 ? "on" : "off",
        ["allowbeingmonitored"] = extension.MonitorMode is MonitorMode.Disabled ? "off" : "on",
        ["monitormode"] = extension.MonitorMode.ToString(),
        ["ringtimeout"] = "30",
        ["maxduration"] = "Follow System",
        ["dnd"] = "off",
        ["callrestriction"] = extension.MayDialOut ? "off" : "on",
        ["agentid"] = "",
    };
}
