using System.Text;
using PbxGrains.Yeastar.Client;
using PbxGrains.Yeastar.Reports;
using Sylvan.Data.Csv;

namespace PbxGrains.Yeastar.Cdrs;

/// <summary>
/// Reads the CSV of call records a PBX hands out (fact sheet S-Series §4.9). The literal bytes are not documented, so it
/// takes a byte order mark, either line end, quotes, UTF-8 or Latin-1, columns by their names in all known spellings or
/// by their documented places, and a file with a header only. What stands in place of CSV is a failure, never a row.
/// </summary>
public static class CallRecordCsv
{
    /// <summary>Largest file read; ask for a smaller window beyond it.</summary>
    public const int Limit = 64 * 1024 * 1024;

    private static readonly ReportField[] Places =
    [
        ReportField.CallId, ReportField.Start, ReportField.CallFrom, ReportField.CallTo, ReportField.TotalDuration, ReportField.TalkDuration,
        ReportField.SourceTrunk, ReportField.DestinationTrunk, ReportField.Status, ReportField.Type, ReportField.PinCode, ReportField.Recording,
        ReportField.Did, ReportField.SerialNumber,
    ];

    /// <summary>Reads a file to its end.</summary>
    /// <param name="file">The file; not disposed here.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>
    /// The rows, or <see cref="PbxFailureKind.UnexpectedAnswer"/> when it is no file of call records, was cut off by the
    /// network, or is larger than <see cref="Limit"/>.
    /// </returns>
    public static async Task<PbxResult<CallRecordFile>> ReadAsync(Stream file, CancellationToken ct)
    {
        var bytes = await ReadWholeAsync(file, ct);
        if (!bytes.Succeeded)
        {
            return bytes.Failure;
        }

        var text = Decode(bytes.Value.Span);
        var start = text.AsSpan().TrimStart();
        if (start is ['{', ..] or ['<', ..])
        {
            return Unexpected("The PBX answered something else in place of call records.");
        }

        return start.IsEmpty ? new CallRecordFile([], Damaged: 0) : await ReadRowsAsync(text, ct);
    }

    private static async Task<PbxResult<CallRecordFile>> ReadRowsAsync(string text, CancellationToken ct)
    {
        using var lines = new StringReader(text);
        CsvDataReader reader;
        try
        {
            reader = await CsvDataReader.CreateAsync(lines, new CsvDataReaderOptions { HasHeaders = false, BufferSize = 1 << 16, Delimiter = ',' }, ct);
        }
        catch (Exception e) when (e is CsvFormatException or CsvMissingHeadersException)
        {
            return Unexpected("The file of call records has a row that no reader understands.");
        }

        await using (reader)
        {
            return await ReadRowsAsync(reader, ct);
        }
    }

    private static async Task<PbxResult<CallRecordFile>> ReadRowsAsync(CsvDataReader reader, CancellationToken ct)
    {
        var rows = new List<CallRecordLine>();
        var damaged = 0;
        IReadOnlyList<ReportField>? columns = null;
        try
        {
            while (await reader.ReadAsync(ct))
            {
                if (columns is null)
                {
                    columns = Header(reader);
                    if (columns is not null)
                    {
                        continue;
                    }

                    columns = Places;
                }

                if (Row(reader, columns) is { } row)
                {
                    rows.Add(row);
                }
                else if (!IsBlank(reader))
                {
                    damaged++;
                }
            }
        }
        catch (CsvFormatException)
        {
            return Unexpected("The file of call records has a row that no reader understands.");
        }

        return new CallRecordFile(rows, damaged);
    }

    /// <summary>The fields of a header row; null when the row is none.</summary>
    private static List<ReportField>? Header(CsvDataReader reader)
    {
        var fields = Enumerable.Range(0, reader.RowFieldCount).Select(i => ReportFieldNames.Of(Encoding.UTF8.GetBytes(reader.GetString(i).Trim()))).ToList();
        return fields.Contains(ReportField.CallId) && fields.Contains(ReportField.Start) ? fields : null;
    }

    private static CallRecordLine? Row(CsvDataReader reader, IReadOnlyList<ReportField> columns)
    {
        if (reader.RowFieldCount < columns.Count)
        {
            return null;
        }

        var fields = new Reports.ReportFields();
        for (var i = 0; i < columns.Count; i++)
        {
            var text = ReportText.Clean(reader.GetString(i));
            if (columns[i] == ReportField.PinCode)
            {
                fields.HadPinCode = text is not null;
            }
            else if (columns[i] != ReportField.None)
            {
                fields[columns[i]] = text;
            }
        }

        return fields[ReportField.CallId] is { } callId && fields[ReportField.Start] is not null
            ? new CallRecordLine(CallRecordReader.Read(callId, fields), fields[ReportField.SerialNumber])
            : null;
    }

    private static bool IsBlank(CsvDataReader reader) =>
        Enumerable.Range(0, reader.RowFieldCount).All(i => string.IsNullOrWhiteSpace(reader.GetString(i)));

    private static async Task<PbxResult<ReadOnlyMemory<byte>>> ReadWholeAsync(Stream file, CancellationToken ct)
    {
        using var whole = new MemoryStream();
        var buffer = new byte[1 << 16];
        try
        {
            int read;
            while ((read = await file.ReadAsync(buffer, ct)) > 0)
            {
                if (whole.Length + read > Limit)
                {
                    return Unexpected("The file of call records is too large; ask for a smaller window.");
                }

                whole.Write(buffer, 0, read);
            }
        }
        catch (IOException)
        {
            return Unexpected("The file of call records was cut off.");
        }

        return (ReadOnlyMemory<byte>)whole.GetBuffer().AsMemory(0, (int)whole.Length);
    }

    private static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
        {
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        }

        return System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes);
    }

    private static PbxFailure Unexpected(string message) => new(PbxFailureKind.UnexpectedAnswer, message);
}
