namespace PbxGrains.Front.Events;

/// <summary>Says honestly that events between two places cannot be told any more.</summary>
/// <param name="Requested">The cursor the reader came with.</param>
/// <param name="ResumesAt">From where events follow.</param>
/// <param name="Message">What happened and what to do.</param>
internal sealed record EventGap(string Requested, string ResumesAt, string Message);
