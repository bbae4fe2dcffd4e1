using System.Net;
using System.Text.Json;
using PbxGrains.Simulator.Sessions;

namespace PbxGrains.Simulator.Http;

/// <summary>The two languages a PBX speaks: which endpoint names and fields a path version selects.</summary>
internal enum Dialect
{
    V1,
    V2,
}

/// <summary>One request that reached an endpoint.</summary>
internal sealed record ApiRequest(Dialect Dialect, string Endpoint, IPAddress Caller, JsonElement Body, IQueryCollection Query)
{
    /// <summary>Whom the token belongs to; null at login.</summary>
    public Session? Session { get; init; }

    /// <summary>A member of the body as text, numbers included; empty when it is absent.</summary>
    public string Text(string name) => Body.ValueKind is JsonValueKind.Object && Body.TryGetProperty(name, out var value)
        ? value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!.Trim(),
            JsonValueKind.Number => value.GetRawText(),
            _ => "",
        }
        : "";

    /// <summary>A member that goes by one name in v1 and by another in v2.</summary>
    public string Text(string v1, string v2) => Text(Dialect is Dialect.V1 ? v1 : v2);

    /// <summary>A member of the query; empty when it is absent.</summary>
    public string Parameter(string name) => Query[name].ToString();
}
