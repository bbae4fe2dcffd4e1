using System.Net;
using System.Text.Json.Serialization;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Api;

/// <summary>Why the API did not do what was asked: its problem details, or the lack of any answer.</summary>
internal sealed record ApiProblem
{
    /// <summary>Code for an address where nobody answers.</summary>
    public const string NotReachable = "not-reachable";

    /// <summary>Code for an address where something else than the API answers.</summary>
    public const string NotTheApi = "not-the-api";

    /// <summary>Stable code, <c>site-unknown</c> for example; null when the answer carried none.</summary>
    public string? Code { get; init; }

    public string? Title { get; init; }

    /// <summary>The API's sentence: what happened and what to do.</summary>
    public string? Detail { get; init; }

    /// <summary>Why a login that proves credentials failed; null in other problems.</summary>
    public string? Failure { get; init; }

    /// <summary>HTTP status; 0 when there was no answer.</summary>
    public int Status { get; init; }

    /// <summary>Sentences per invalid field.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>The import that runs already; null in other problems.</summary>
    [JsonConverter(typeof(TextOrNumber))]
    public string? ImportId { get; init; }

    /// <summary>The sites among which one must be chosen; null in other problems.</summary>
    public IReadOnlyList<string>? Sites { get; init; }

    /// <summary>Seconds to wait before trying again; null when the API did not say.</summary>
    [JsonIgnore]
    public int? RetryAfterSeconds { get; init; }

    /// <summary>True when the front does not know the route at all: it is older than this binary.</summary>
    [JsonIgnore]
    public bool RouteIsUnknown => Code is NotTheApi or "not-found" or "method-not-allowed";

    /// <summary>What the shell is told.</summary>
    [JsonIgnore]
    public ExitCode ExitCode => (Code, (HttpStatusCode)Status) switch
    {
        (NotReachable or NotTheApi, _) => ExitCode.NotReachable,
        ("site-exists", _) or (_, HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.PreconditionFailed) => ExitCode.ExistsOrNotFound,
        ("not-permitted", _) => ExitCode.Refused,
        (_, HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) => ExitCode.NotAuthorised,
        (_, HttpStatusCode.BadRequest) => ExitCode.Usage,
        _ => ExitCode.Refused,
    };

    /// <summary>
    /// What the reader is told: ours where we have it in a language the API does not write, the API's sentence
    /// otherwise, which knows the particulars; then one line per invalid field.
    /// </summary>
    public IEnumerable<string> Sentences()
    {
        var theirs = Detail ?? Title ?? Sentence.Of(Text.Problem_without_words, Status);
        yield return Sentence.ReaderKnowsApiLanguage ? theirs : Sentence.OfValue("Problem", Code, theirs);
        if (Failure is not null && !Sentence.ReaderKnowsApiLanguage)
        {
            yield return Sentence.OfValue("Probe", Failure, Detail);
        }

        if (Sites is { Count: > 0 })
        {
            yield return Sentence.Of(Text.Call_ambiguous_sites, string.Join(", ", Sites));
        }

        if (RetryAfterSeconds is { } seconds and > 0)
        {
            yield return Sentence.Of(Text.Try_again_in, seconds);
        }

        foreach (var (field, sentences) in Errors ?? new Dictionary<string, string[]>())
        {
            yield return $"  {field}: {string.Join(' ', sentences)}";
        }
    }
}
