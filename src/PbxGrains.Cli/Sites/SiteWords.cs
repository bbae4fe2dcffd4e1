using PbxGrains.Cli.Api;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Sites;

/// <summary>A site's state in the reader's words.</summary>
internal static class SiteWords
{
    /// <summary>How a site does.</summary>
    public static string Health(SiteStatusResource? status) => status is null ? Text.State_unknown : Sentence.OfValue("Health", status.Health);

    /// <summary>Why, one sentence; the API's own where it is in the reader's language, because it knows the particulars.</summary>
    public static string Reason(SiteStatusResource? status) => status is null
        ? Text.State_not_asked
        : Sentence.ReaderKnowsApiLanguage && status.Message is not null ? status.Message : Sentence.OfValue("Reason", status.Reason, status.Message);

    /// <summary>How long ago something was.</summary>
    public static string Ago(DateTimeOffset? instant, DateTimeOffset now)
    {
        if (instant is not { } then)
        {
            return Text.Never;
        }

        var age = now > then ? now - then : TimeSpan.Zero;
        return age switch
        {
            { TotalSeconds: < 120 } => Sentence.Of(Text.Ago_seconds, (int)age.TotalSeconds),
            { TotalMinutes: < 120 } => Sentence.Of(Text.Ago_minutes, (int)age.TotalMinutes),
            { TotalHours: < 48 } => Sentence.Of(Text.Ago_hours, (int)age.TotalHours),
            _ => Sentence.Of(Text.Ago_days, (int)age.TotalDays),
        };
    }

    /// <summary>Numbers of extensions by status, <c>idle 3, busy 1</c>; statuses nobody has are left out.</summary>
    public static string Extensions(SiteStatusResource? status) => status?.Extensions is not { } extensions
        ? string.Empty
        : string.Join(", ", extensions.Where(pair => pair.Value > 0).Select(pair => $"{Sentence.OfValue("Extension", pair.Key)} {pair.Value}"));

    /// <summary>Whether pushes can be relied on.</summary>
    public static string Push(SiteStatusResource? status) => Sentence.OfValue("Push", status?.Push);
}
