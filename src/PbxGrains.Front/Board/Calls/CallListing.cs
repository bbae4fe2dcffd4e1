using PbxGrains.Front.Cdrs;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Sites;

namespace PbxGrains.Front.Board.Calls;

/// <summary>One page of the history as the board shows it.</summary>
/// <param name="Records">The records, newest first.</param>
/// <param name="IsFirst">True when there is nothing newer, as far as the page knows.</param>
/// <param name="HasOlder">True when there is more behind it.</param>
internal sealed record CallListing(IReadOnlyList<CallRecordRow> Records, bool IsFirst, bool HasOlder)
{
    /// <summary>Reads the page behind or before a place; the first when neither is given.</summary>
    public static async Task<CallListing> ReadAsync(
        CallRecordQuery query, CallRecordCursor? newer, int size, CallRecordReader reader, SiteRegistry registry, CancellationToken ct)
    {
        var filter = await query.FilterAsync(registry, ct);
        if (newer is { } before)
        {
            var nearest = await reader.ListNewerAsync(filter, before, size, ct);
            if (nearest.Count == size)
            {
                return new CallListing(nearest, IsFirst: false, HasOlder: true);
            }
        }

        // A page that is not full at the newer end is the first one.
        var after = newer is null ? query.After : null;
        var rows = await reader.ListAsync(filter, after, size + 1, ct);
        return new CallListing([.. rows.Take(size)], IsFirst: after is null, rows.Count > size);
    }
}
