using System.Text.Json;

namespace PbxGrains.Cli.Api;

/// <summary>An event as the stream tells it, a CloudEvent; null is not known.</summary>
internal sealed record EventResource
{
    /// <summary>What kind of thing happened, <c>pbx.call.ringing</c> for example.</summary>
    public string? Type { get; init; }

    public string? Site { get; init; }

    /// <summary>When it happened.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>The CRM's agent it concerns.</summary>
    public string? AgentId { get; init; }

    /// <summary>The particulars, whose form depends on the type.</summary>
    public JsonElement Data { get; init; }

    /// <summary>The particulars as far as they can be read; none of a type that looks otherwise than expected.</summary>
    public EventParticulars Particulars()
    {
        try
        {
            return (Data.ValueKind is JsonValueKind.Object ? Data.Deserialize(ApiJson.Default.EventParticulars) : null) ?? new EventParticulars();
        }
        catch (JsonException)
        {
            return new EventParticulars();
        }
    }
}

/// <summary>What the particulars of any event may hold that a line of text shows.</summary>
internal sealed record EventParticulars
{
    public string? Extension { get; init; }

    public string? Caller { get; init; }

    public string? Callee { get; init; }

    /// <summary>What an originate dials.</summary>
    public string? Destination { get; init; }

    /// <summary>An extension's status.</summary>
    public string? Status { get; init; }

    /// <summary>The other party of the extension's call.</summary>
    public string? TalkingTo { get; init; }

    /// <summary>A site's health.</summary>
    public string? Health { get; init; }

    /// <summary>Why it has this health.</summary>
    public string? Reason { get; init; }

    /// <summary>Particulars in English.</summary>
    public string? Message { get; init; }

    /// <summary>Why a call failed, in the PBX's words.</summary>
    public string? FailureReason { get; init; }

    /// <summary>True when the matter of a warning is settled.</summary>
    public bool? Settled { get; init; }

    public CallRecordResource? Record { get; init; }

    public RecordingResource? Recording { get; init; }
}

/// <summary>What the stream can no longer tell.</summary>
/// <param name="Requested">The cursor asked from.</param>
/// <param name="ResumesAt">From where events follow.</param>
internal sealed record EventGap(string? Requested, string? ResumesAt);
