using PbxGrains.Front.Sites;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Sites;

namespace PbxGrains.Front.Cdrs;

/// <summary>What somebody asks of the call history.</summary>
/// <param name="Filter">Which records; without the numbers, whose notations depend on the sites.</param>
/// <param name="Number">Caller or callee, as somebody typed it; null for all.</param>
/// <param name="After">Where the page before ended; null for the first.</param>
/// <param name="Limit">How many at most; null when not said.</param>
internal sealed record CallRecordQuery(CallRecordFilter Filter, string? Number, CallRecordCursor? After, long? Limit)
{
    /// <summary>Records of a page when the caller does not say how many.</summary>
    public const int UsualPage = 100;

    /// <summary>Most records of a page.</summary>
    public const int LargestPage = 1000;

    private const int LongestNumber = 64;

    /// <summary>Reads the parameters of an address.</summary>
    /// <param name="query">The address's parameters.</param>
    /// <param name="known">Those this route has, a part of <see cref="QueryParameters.History" />.</param>
    /// <param name="largest">Most records that may be asked for at once.</param>
    /// <param name="errors">Where to note what cannot be used.</param>
    public static CallRecordQuery Read(IQueryCollection query, IReadOnlyList<QueryParameter> known, long largest, FieldErrors errors)
    {
        var read = new QueryReader(query, errors);
        read.Only([.. known.Select(parameter => parameter.Name)]);
        var filter = new CallRecordFilter
        {
            SiteIds = read.List("site"),
            From = read.Instant("from"),
            To = read.Instant("to"),
            Extension = read.Text("extension"),
            AgentId = read.Text("agent"),
            Direction = read.Word("direction", RecordedDirection.Inbound, RecordedDirection.Outbound, RecordedDirection.Internal, RecordedDirection.Unknown),
            Disposition = read.Word(
                "disposition",
                RecordedDisposition.Answered, RecordedDisposition.NoAnswer, RecordedDisposition.Busy, RecordedDisposition.Failed, RecordedDisposition.Voicemail, RecordedDisposition.Unknown),
            Trunk = read.Text("trunk"),
            MinimumTalkSeconds = (int?)read.Number("minTalkSeconds", 0, int.MaxValue),
            HasRecording = read.Flag("hasRecording"),
            CallId = read.Text("callId"),
        };
        if (filter.From >= filter.To)
        {
            errors.Add("to", "Give an end that is later than from.");
        }

        var number = read.Text("number");
        if (number is not null && (number.Length > LongestNumber || !number.Any(char.IsLetterOrDigit)))
        {
            errors.Add("number", $"Give a telephone number or an extension, at most {LongestNumber} characters; in an address a + is written %2B.");
        }

        return new CallRecordQuery(filter, number, ReadCursor(read.Text("after"), errors), read.Number("limit", 1, largest));
    }

    /// <summary>The filter with every notation of the number.</summary>
    public async ValueTask<CallRecordFilter> FilterAsync(SiteRegistry registry, CancellationToken ct)
    {
        if (Number is null)
        {
            return Filter;
        }

        var sites = await registry.ListAsync(ct);
        var countries = sites.Where(site => Filter.SiteIds?.Contains(site.SiteId, StringComparer.Ordinal) ?? true)
            .Select(site => site.Country).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var notations = NumberNotations.Of(Number, countries);
        return Filter with { Numbers = notations.Certain, AmbiguousNumbers = notations.Ambiguous };
    }

    private static CallRecordCursor? ReadCursor(string? text, FieldErrors errors)
    {
        if (text is null)
        {
            return null;
        }

        if (PageCursor.TryRead(text, out var cursor))
        {
            return cursor;
        }

        errors.Add("after", "Give the next of the page before, exactly; or leave it out for the first page.");
        return null;
    }
}
