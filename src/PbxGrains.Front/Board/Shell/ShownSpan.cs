using System.Globalization;
using PbxGrains.Front.Board.Texts;

namespace PbxGrains.Front.Board.Shell;

/// <summary>A span of time for people, as <c>clock.js</c> writes it.</summary>
internal static class ShownSpan
{
    /// <summary>0:07, 12:45, 3:02:10, then days; nothing below zero.</summary>
    public static string Of(TimeSpan span) => span switch
    {
        { Ticks: < 0 } => "0:00",
        { Days: > 0 } => BoardText.Live_days.Replace("{0}", span.Days.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal),
        { Hours: > 0 } => span.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture),
        _ => span.ToString(@"m\:ss", CultureInfo.InvariantCulture),
    };
}
