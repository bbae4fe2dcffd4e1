using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Primitives;
using PbxGrains.Front.Board.Texts;
using PbxGrains.Front.Cdrs;
using PbxGrains.Front.Sites;

namespace PbxGrains.Front.Board.Calls;

/// <summary>
/// What a reader typed into the filters, and the same as a request to the API: dates are days of the reader, the last
/// included, and become instants.
/// </summary>
public sealed class CallFilters
{
    private const string DateForm = "yyyy-MM-dd";
    private const int UsualDays = 7;

    private static readonly string[] Others = ["site", "number", "extension", "agent", "direction", "disposition", "minTalkSeconds", "hasRecording", "trunk"];
    private static readonly string[] Further = ["extension", "agent", "direction", "disposition", "minTalkSeconds", "hasRecording", "trunk"];

    private readonly Dictionary<string, string> _typed;
    private readonly Dictionary<string, string> _asked;

    private CallFilters(Dictionary<string, string> typed, Dictionary<string, string> asked, TimeZoneInfo zone)
    {
        _typed = typed;
        _asked = asked;
        Zone = zone;
    }

    /// <summary>The zone of the dates.</summary>
    public TimeZoneInfo Zone { get; }

    /// <summary>Sentences about filters that cannot be used, by name.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; private set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>True when one of the filters that are folded away is set.</summary>
    public bool HasFurther => Further.Any(name => this[name].Length > 0);

    /// <summary>What was typed; empty when nothing was.</summary>
    /// <param name="name">Name of the filter.</param>
    public string this[string name] => _typed.GetValueOrDefault(name, "");

    /// <summary>The filters as parameters of the API, with more.</summary>
    public string ApiQuery(params ReadOnlySpan<(string Name, string Value)> more) => Query(_asked, more);

    /// <summary>The filters as parameters of a page of the board, with more.</summary>
    /// <remarks>An emptied start stays in the address: without any date the last days would be meant.</remarks>
    public string PageQuery(params ReadOnlySpan<(string Name, string Value)> more) =>
        Query(_typed.ContainsKey("from") || _typed.ContainsKey("to") ? _typed : new Dictionary<string, string>(_typed, StringComparer.Ordinal) { ["from"] = "" }, more);

    /// <summary>Reads an address of the board; without any date in it, the last days are meant.</summary>
    internal static CallFilters Read(IQueryCollection query, TimeZoneInfo zone, DateTimeOffset now)
    {
        var typed = new Dictionary<string, string>(StringComparer.Ordinal);
        var asked = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in Others)
        {
            if (query.TryGetValue(name, out var values) && values.ToString().Trim() is { Length: > 0 } value)
            {
                typed[name] = asked[name] = value;
            }
        }

        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        AddDate("from", query.ContainsKey("from") || query.ContainsKey("to") ? query["from"].ToString().Trim() : today.AddDays(1 - UsualDays).ToString(DateForm, CultureInfo.InvariantCulture), days: 0);
        AddDate("to", query["to"].ToString().Trim(), days: 1);
        return new CallFilters(typed, asked, zone);

        void AddDate(string name, string value, int days)
        {
            if (value.Length > 0)
            {
                typed[name] = value;
                asked[name] = DateOnly.TryParseExact(value, DateForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date < DateOnly.MaxValue
                    ? QueryReader.MidnightOf(date.AddDays(days), zone).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
                    : value;
            }
        }
    }

    /// <summary>The API's own reading of these filters; what it cannot use becomes <see cref="Errors" />.</summary>
    /// <param name="known">The parameters of the API's route.</param>
    /// <param name="after">Where the page before ended; null for the first.</param>
    /// <returns>Null when something cannot be used.</returns>
    internal CallRecordQuery? ForApi(IReadOnlyList<QueryParameter> known, string? after)
    {
        var asked = _asked.ToDictionary(pair => pair.Key, pair => new StringValues(pair.Value), StringComparer.Ordinal);
        if (!string.IsNullOrEmpty(after))
        {
            asked["after"] = after;
        }

        var errors = new FieldErrors();
        var query = CallRecordQuery.Read(new QueryCollection(asked), known, CallRecordQuery.LargestPage, errors);
        Errors = errors.ToDictionary().ToDictionary(error => error.Key, error => Sentence(error.Key, this["from"], this["to"]), StringComparer.Ordinal);
        return errors.None ? query : null;
    }

    private static string Sentence(string name, string from, string to) => name switch
    {
        "from" => BoardText.Calls_error_date,
        "to" => DateOnly.TryParseExact(to, DateForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out _) && from.Length > 0 ? BoardText.Calls_error_end : BoardText.Calls_error_date,
        "number" => BoardText.Calls_error_number,
        "minTalkSeconds" => BoardText.Calls_error_seconds,
        "direction" or "disposition" or "hasRecording" => BoardText.Calls_error_word,
        "after" => BoardText.Calls_error_after,
        _ => BoardText.Calls_error_text,
    };

    private static string Query(Dictionary<string, string> values, ReadOnlySpan<(string Name, string Value)> more)
    {
        var query = new QueryBuilder(values);
        foreach (var (name, value) in more)
        {
            query.Add(name, value);
        }

        return query.ToString();
    }
}
