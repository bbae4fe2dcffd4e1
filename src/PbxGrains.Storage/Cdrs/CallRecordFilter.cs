using System.Runtime.InteropServices;

namespace PbxGrains.Storage.Cdrs;

/// <summary>Which records are wanted: those that fit everything that is not null.</summary>
public sealed record CallRecordFilter
{
    /// <summary>Every record of every site.</summary>
    public static CallRecordFilter All { get; } = new();

    /// <summary>Of one of these sites; an empty list fits nothing.</summary>
    public IReadOnlyList<string>? SiteIds { get; init; }

    /// <summary>Started at this instant or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Started before this instant.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>This extension took part.</summary>
    public string? Extension { get; init; }

    /// <summary>Dialled for this agent of the CRM.</summary>
    public string? AgentId { get; init; }

    /// <summary>
    /// Caller or callee is one of these, as dialled or in E.164, or it is the extension that answered: give every notation
    /// that certainly means the one number that is wanted. Matched to the letter, up to 64 letters.
    /// </summary>
    public IReadOnlyList<string>? Numbers { get; init; }

    /// <summary>
    /// With <see cref="Numbers" />: notations that mean another number elsewhere, national ones above all. They fit a
    /// caller or callee as dialled whose E.164 is not known.
    /// </summary>
    public IReadOnlyList<string> AmbiguousNumbers { get; init; } = [];

    /// <summary>One of <see cref="RecordedDirection" />.</summary>
    public string? Direction { get; init; }

    /// <summary>One of <see cref="RecordedDisposition" />.</summary>
    public string? Disposition { get; init; }

    /// <summary>Came in or went out by this trunk.</summary>
    public string? Trunk { get; init; }

    /// <summary>They talked at least so many seconds; unknown does not fit.</summary>
    public int? MinimumTalkSeconds { get; init; }

    /// <summary>True for those with a recording, false for those without.</summary>
    public bool? HasRecording { get; init; }

    /// <summary>Of this call.</summary>
    public string? CallId { get; init; }
}

/// <summary>Where a page ended: the next one goes on behind this record, whatever was recorded meanwhile.</summary>
/// <param name="StartedAt">Start of the last record of the page.</param>
/// <param name="RecordId">Its number.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CallRecordCursor(DateTimeOffset StartedAt, long RecordId)
{
    /// <summary>The cursor behind this record.</summary>
    public static CallRecordCursor After(CallRecordRow row) => new(row.StartedAt, row.RecordId);
}
