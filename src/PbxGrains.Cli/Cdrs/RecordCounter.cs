namespace PbxGrains.Cli.Cdrs;

/// <summary>Counts the records of an export as its bytes go by.</summary>
/// <param name="heading">True when the first line is not a record.</param>
/// <param name="quotes">True when a line break between quotes does not end a record: CSV.</param>
internal sealed class RecordCounter(bool heading, bool quotes)
{
    private long _lines;
    private bool _quoted;
    private bool _midLine;

    /// <summary>Records seen whole.</summary>
    public long Records => heading ? Math.Max(0, _lines - 1) : _lines;

    /// <summary>True when the bytes so far end where a record ends, and a heading that must be there is there.</summary>
    public bool IsWhole => !_midLine && !_quoted && (!heading || _lines > 0);

    /// <summary>Looks at the next bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            _midLine = true;
            if (b == '"' && quotes)
            {
                _quoted = !_quoted;
            }
            else if (b == '\n' && !_quoted)
            {
                _lines++;
                _midLine = false;
            }
        }
    }
}
