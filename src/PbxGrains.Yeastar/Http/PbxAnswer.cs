using System.Text.Json.Serialization;

namespace PbxGrains.Yeastar.Http;

/// <summary>What every answer of a PBX has. The HTTP status says nothing: errors come with 200 too.</summary>
internal class PbxAnswer
{
    /// <summary><c>Success</c>, or any other word for a failure.</summary>
    [JsonPropertyName("status")]
    public string? Status { get; set; }

    /// <summary>Number of the error.</summary>
    [JsonPropertyName("errno")]
    public string? ErrorNumber { get; set; }
}
