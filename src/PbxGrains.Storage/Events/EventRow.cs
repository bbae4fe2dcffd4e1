using System.Buffers.Binary;

namespace PbxGrains.Storage.Events;

/// <summary>One thing that happened, as it is appended to the event log.</summary>
public sealed record EventRow
{
    /// <summary>
    /// Its name, made once by <see cref="Guid.CreateVersion7(DateTimeOffset)" /> when the event is made: appending it again
    /// changes nothing, and the time in it decides how long it is kept.
    /// </summary>
    public required Guid Id { get; init; }

    /// <summary>What kind of thing, <c>pbx.call.ringing</c> for example.</summary>
    public required string Type { get; init; }

    /// <summary>The site it happened at; empty when it concerns the installation as a whole.</summary>
    public required string SiteId { get; init; }

    /// <summary>What it happened to: an extension, a call, a record; empty when it is the site itself.</summary>
    public required string Subject { get; init; }

    /// <summary>When it happened, as far as known.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>The call it belongs to; null when it is not about a call.</summary>
    public string? CallId { get; init; }

    /// <summary>The CRM's agent it concerns; null when unknown.</summary>
    public string? AgentId { get; init; }

    /// <summary>The extensions it concerns.</summary>
    public IReadOnlyList<string> Extensions { get; init; } = [];

    /// <summary>The particulars, a JSON object.</summary>
    public required string Data { get; init; }

    /// <summary>The UTC day on which it was made, by its name.</summary>
    internal DateOnly Day
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            _ = Id.TryWriteBytes(bytes, bigEndian: true, out _);
            var milliseconds = BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16;
            return DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(milliseconds, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())).UtcDateTime);
        }
    }
}

/// <summary>An event as it stands in the log.</summary>
/// <param name="Event">What happened.</param>
/// <param name="Cursor">The place behind it: a reader who has it goes on from there.</param>
/// <param name="CallSequence">Counts the events of the same call of the same site from 1; null when it is not about a call.</param>
/// <param name="RecordedAt">When it was appended.</param>
public sealed record LoggedEvent(EventRow Event, EventCursor Cursor, int? CallSequence, DateTimeOffset RecordedAt);
