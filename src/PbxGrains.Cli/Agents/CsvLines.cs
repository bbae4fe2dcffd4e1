using Sylvan.Data.Csv;

namespace PbxGrains.Cli.Agents;

/// <summary>The records of a CSV text with the line each begins on, as an editor counts; blank ones are passed over.</summary>
/// <param name="text">The text.</param>
/// <param name="options">How it is separated.</param>
internal sealed class CsvLines(string text, CsvDataReaderOptions options)
{
    private readonly CsvDataReader _reader = CsvDataReader.Create(new StringReader(text), options);

    /// <summary>Line the record begins on.</summary>
    public int Line { get; private set; }

    /// <summary>Line the next record begins on.</summary>
    public int Next { get; private set; } = 1;

    /// <summary>The values of the record.</summary>
    public IReadOnlyList<string> Cells { get; private set; } = [];

    /// <summary>Goes to the next record.</summary>
    /// <returns>False when there is none.</returns>
    public bool Read()
    {
        while (_reader.Read())
        {
            Line = Next;
            Next += Math.Max(1, _reader.GetRawRecordSpan().Count('\n'));
            Cells = [.. Enumerable.Range(0, _reader.RowFieldCount).Select(_reader.GetString)];
            if (Cells.Any(cell => !string.IsNullOrWhiteSpace(cell)))
            {
                return true;
            }
        }

        return false;
    }
}
