using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PbxGrains.Simulator.Http;

/// <summary>What goes back to the client: almost always HTTP 200, whatever happened.</summary>
internal sealed record ApiAnswer(int Status, string ContentType, byte[] Body)
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The client never gets this one: the connection breaks instead.</summary>
    public bool IsLost { get; init; }

    /// <summary>The client gets half of this one before the connection breaks.</summary>
    public bool IsCut { get; init; }

    /// <summary><c>{"status":"Success", …}</c>.</summary>
    public static ApiAnswer Success(params ReadOnlySpan<(string Name, JsonNode? Value)> members)
    {
        var body = new JsonObject { ["status"] = "Success" };
        foreach (var (name, value) in members)
        {
            body[name] = value;
        }

        return Json(body);
    }

    /// <summary>The same; the members are written one after the other.</summary>
    public static ApiAnswer Success(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
        {
            writer.WriteStartObject();
            writer.WriteString("status"u8, "Success"u8);
            write(writer);
            writer.WriteEndObject();
        }

        return new ApiAnswer(StatusCodes.Status200OK, "application/json", buffer.WrittenSpan.ToArray());
    }

    /// <summary><c>{"status":"Failed","errno":"10003"}</c>, the number as a string.</summary>
    public static ApiAnswer Failed(ErrorCode error) =>
        Json(new JsonObject { ["status"] = "Failed", ["errno"] = ((int)error).ToString(CultureInfo.InvariantCulture) });

    /// <summary>A downloaded file.</summary>
    public static ApiAnswer File(string contentType, byte[] bytes) => new(StatusCodes.Status200OK, contentType, bytes);

    /// <summary>An HTML page, as the embedded web server makes one when things go wrong.</summary>
    public static ApiAnswer Page(int status, string title) =>
        new(status, "text/html; charset=ISO-8859-1", Encoding.ASCII.GetBytes($"<HTML><HEAD><TITLE>{status} {title}</TITLE></HEAD>\n<BODY><H1>{status} {title}</H1></BODY></HTML>\n"));

    private static ApiAnswer Json(JsonObject body)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
        {
            body.WriteTo(writer);
        }

        return new ApiAnswer(StatusCodes.Status200OK, "application/json", buffer.WrittenSpan.ToArray());
    }
}
