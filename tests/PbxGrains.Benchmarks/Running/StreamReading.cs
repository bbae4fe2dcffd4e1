using System.Net.ServerSentEvents;
using System.Text.Json;
using PbxGrains.Benchmarks.Figures;
using PbxGrains.Benchmarks.Load;

namespace PbxGrains.Benchmarks.Running;

/// <summary>A reader of the product's stream.</summary>
internal static class StreamReading
{
    /// <summary>Reads until it is cancelled.</summary>
    /// <param name="http">The front.</param>
    /// <param name="latencies">Notes what arrives.</param>
    /// <param name="connected">Set once the stream is open.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task RunAsync(HttpClient http, Latencies latencies, TaskCompletionSource connected, CancellationToken ct)
    {
        using var response = await http.GetAsync(new Uri("/api/pbx/events?type=pbx.call.*", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, ct);
        _ = response.EnsureSuccessStatusCode();
        connected.SetResult();
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync(ct), (_, data) => SubjectOf(data)).EnumerateAsync(ct))
        {
            latencies.Arrived(CallReport.KeyOf(item.Data, item.EventType));
        }
    }

    /// <summary>The subject of a CloudEvent; null when it has none.</summary>
    public static string? SubjectOf(ReadOnlySpan<byte> json) => Property(json, "subject"u8);

    /// <summary>A text at the top of an object: readers shall cost as little as they can, they share the machine.</summary>
    public static string? Property(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.PropertyName && reader.CurrentDepth == 1)
            {
                var found = reader.ValueTextEquals(name);
                _ = reader.Read();
                if (found)
                {
                    return reader.GetString();
                }

                reader.Skip();
            }
        }

        return null;
    }
}
