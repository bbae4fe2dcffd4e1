using System.Globalization;
using Microsoft.Extensions.Primitives;
using PbxGrains.Front.Board.Calls;
using PbxGrains.Front.Cdrs.Statistics;
using PbxGrains.Front.Sites;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Cdrs.Statistics;

namespace PbxGrains.Front.Board.Charts;

/// <summary>Which charts a reader wants: a span of days, a site, a direction; days are those of the one site, else of the reader.</summary>
/// <param name="Span"><c>today</c>, <c>7d</c>, <c>30d</c> or <c>custom</c>.</param>
/// <param name="From">First day, year first; empty when not said.</param>
/// <param name="To">Last day, included.</param>
/// <param name="Site">Id of the site; empty for all.</param>
/// <param name="Direction">The ledger's word, or <c>all</c>.</param>
/// <param name="Zone">Zone of the days.</param>
public sealed record ChartFilters(string Span, string From, string To, string Site, string Direction, TimeZoneInfo Zone)
{
    /// <summary>Every direction.</summary>
    public const string All = "all";

    /// <summary>A span of dates of the reader's own.</summary>
    public const string Custom = "custom";

    private const string DateForm = "yyyy-MM-dd";

    /// <summary>Days of the spans with a name.</summary>
    public static IReadOnlyList<(string Span, int Days)> Spans { get; } = [("today", 1), ("7d", 7), ("30d", 30)];

    /// <summary>Reads an address of the board.</summary>
    internal static ChartFilters Read(IQueryCollection query, IReadOnlyList<SiteChoice> sites, TimeZoneInfo readers, DateTimeOffset now)
    {
        var site = query["site"].ToString().Trim();
        var zone = sites.FirstOrDefault(choice => choice.Id == site)?.Zone ?? readers;
        var direction = query["direction"].ToString() is { Length: > 0 } word ? word : RecordedDirection.Inbound;
        var span = query["span"].ToString() is { Length: > 0 } wanted ? wanted : Spans[0].Span;
        if (span == Custom)
        {
            return new ChartFilters(span, query["from"].ToString().Trim(), query["to"].ToString().Trim(), site, direction, zone);
        }

        var (name, days) = Spans.FirstOrDefault(known => known.Span == span, Spans[0]);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        return new ChartFilters(name, Text(today.AddDays(1 - days)), Text(today), site, direction, zone);
    }

    /// <summary>The API's reading of it; null when it cannot be used.</summary>
    internal CallStatisticsWish? ForApi(DateTimeOffset now)
    {
        if (!DateOnly.TryParseExact(To, DateForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out var last) || last == DateOnly.MaxValue || From.Length == 0)
        {
            return null;
        }

        var asked = new Dictionary<string, StringValues>(StringComparer.Ordinal) { ["from"] = From, ["to"] = Text(last.AddDays(1)), ["zone"] = Zone.Id };
        if (Site.Length > 0)
        {
            asked["site"] = Site;
        }

        if (Direction != All)
        {
            asked["direction"] = Direction;
        }

        var errors = new FieldErrors();
        var wish = CallStatisticsQuery.Read(new QueryCollection(asked), now, errors);
        return errors.None ? wish : null;
    }

    /// <summary>Address of the charts of another span or site.</summary>
    public string Address(string? span = null, string? site = null)
    {
        var dates = (span ?? Span) == Custom ? $"&from={Uri.EscapeDataString(From)}&to={Uri.EscapeDataString(To)}" : "";
        return $"/charts?span={Uri.EscapeDataString(span ?? Span)}&site={Uri.EscapeDataString(site ?? Site)}&direction={Uri.EscapeDataString(Direction)}{dates}";
    }

    private static string Text(DateOnly date) => date.ToString(DateForm, CultureInfo.InvariantCulture);
}
