using Microsoft.Net.Http.Headers;

namespace PbxGrains.Front.Cdrs;

/// <summary>How a list of records is answered.</summary>
internal enum ExportFormat
{
    /// <summary>One page as a JSON object.</summary>
    Json,

    /// <summary>All of them, one JSON object a line.</summary>
    NdJson,

    /// <summary>All of them as CSV with a header row.</summary>
    Csv,
}

/// <summary>Finds out which format a caller wants.</summary>
internal static class ExportFormats
{
    private static readonly (ExportFormat Format, string Word, MediaTypeHeaderValue Type)[] Known =
    [
        (ExportFormat.Json, "json", new MediaTypeHeaderValue("application/json")),
        (ExportFormat.NdJson, "ndjson", new MediaTypeHeaderValue("application/x-ndjson")),
        (ExportFormat.Csv, "csv", new MediaTypeHeaderValue("text/csv")),
    ];

    /// <summary>Every media type, for the API's description.</summary>
    public static IReadOnlyList<string> MediaTypes { get; } = [.. Known.Select(known => known.Type.ToString())];

    /// <summary>The format a word of an address names; null for any other word.</summary>
    public static ExportFormat? OfWord(string word) => Find(known => known.Word.Equals(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// The format an Accept header likes best, the first of ours among equals; JSON without a header that can be read; null
    /// when it takes none of ours.
    /// </summary>
    public static ExportFormat? OfAccept(IList<string> accept)
    {
        if (!MediaTypeHeaderValue.TryParseList(accept, out var wanted) || wanted.Count == 0)
        {
            return ExportFormat.Json;
        }

        // What names a type more closely says more about it than what names it loosely (RFC 9110 §12.5.1).
        var best = Known
            .Select(known => (known.Format, Quality: wanted.Where(range => known.Type.IsSubsetOf(Bare(range))).OrderByDescending(Closeness).Select(range => range.Quality ?? 1).FirstOrDefault()))
            .MaxBy(known => known.Quality);
        return best.Quality > 0 ? best.Format : null;
    }

    private static int Closeness(MediaTypeHeaderValue range) => range.MatchesAllTypes ? 0 : range.MatchesAllSubTypes ? 1 : 2;

    private static MediaTypeHeaderValue Bare(MediaTypeHeaderValue range) => new(range.MediaType);

    private static ExportFormat? Find(Func<(ExportFormat Format, string Word, MediaTypeHeaderValue Type), bool> fits)
    {
        var found = Known.Where(fits).ToList();
        return found.Count > 0 ? found[0].Format : null;
    }
}
