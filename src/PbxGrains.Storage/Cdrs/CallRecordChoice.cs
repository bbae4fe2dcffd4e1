namespace PbxGrains.Storage.Cdrs;

/// <summary>
/// Chooses between the values of two versions, field by field, and notes which of the chosen ones are exact. Each choice
/// is the greatest by (given, exact, value), which is why order and repetition do not matter.
/// </summary>
/// <param name="exactA">Exact fields of the one version, as bits.</param>
/// <param name="exactB">Exact fields of the other.</param>
internal sealed class CallRecordChoice(long exactA, long exactB)
{
    /// <summary>The exact fields among those chosen so far, as bits.</summary>
    public long Exact { get; private set; }

    public string? Text(CallRecordField field, string? a, string? b) =>
        First(field, a is not null, b is not null, () => string.CompareOrdinal(a, b)) ? a : b;

    public int? Number(CallRecordField field, int? a, int? b) =>
        First(field, a is not null, b is not null, () => Nullable.Compare(a, b)) ? a : b;

    public DateTimeOffset Instant(CallRecordField field, DateTimeOffset a, DateTimeOffset b) =>
        First(field, givenA: true, givenB: true, () => DateTimeOffset.Compare(a, b)) ? a : b;

    /// <summary>Equally good sets are united: versions of one call may each name other extensions.</summary>
    public IReadOnlyList<string> Texts(CallRecordField field, IReadOnlyList<string> a, IReadOnlyList<string> b)
    {
        var equal = false;
        var first = First(field, a.Count > 0, b.Count > 0, () =>
        {
            equal = true;
            return 0;
        });
        return equal ? [.. a.Union(b, StringComparer.Ordinal).Order(StringComparer.Ordinal)] : first ? a : b;
    }

    private bool First(CallRecordField field, bool givenA, bool givenB, Func<int> compare)
    {
        var bit = CallRecordFields.Bit(field);
        var (isExactA, isExactB) = ((exactA & bit) != 0, (exactB & bit) != 0);
        var first = givenA != givenB ? givenA
            : isExactA != isExactB ? isExactA
            : compare() >= 0;
        Exact |= bit & (first ? exactA : exactB);
        return first;
    }
}
