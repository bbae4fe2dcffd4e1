using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Terminals;

/// <summary>A span of time as two options name it: the first is in it, the second is not.</summary>
internal static class Span
{
    /// <summary>Reads both ends, as the API takes them.</summary>
    /// <param name="from">What was typed for the first moment; null when nothing was.</param>
    /// <param name="to">What was typed for the moment after the last; null when nothing was.</param>
    /// <param name="time">Now, and the terminal's zone.</param>
    public static (string? From, string? To, List<string> Complaints) Read(string? from, string? to, TimeProvider time)
    {
        var complaints = new List<string>();
        var (first, end) = (Take(from), Take(to));
        if (first >= end)
        {
            complaints.Add(Text.Rule_span);
        }

        return (Written(first), Written(end), complaints);

        DateTimeOffset? Take(string? text)
        {
            if (text is null)
            {
                return null;
            }

            var (at, complaint) = Moment.Read(text, time);
            if (complaint is not null)
            {
                complaints.Add(complaint);
            }

            return at;
        }

        string? Written(DateTimeOffset? at) => at is { } instant ? Moment.Written(instant) : null;
    }
}
