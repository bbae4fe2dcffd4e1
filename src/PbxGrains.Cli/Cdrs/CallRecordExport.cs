using PbxGrains.Cli.Api;
using PbxGrains.Cli.Terminals;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Cdrs;

/// <summary>A format of exports.</summary>
/// <param name="Name">Its name in commands, in the API and at the end of file names.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="IsCsv">True when the first line names the columns and cells are quoted.</param>
internal sealed record ExportFormat(string Name, string MediaType, bool IsCsv)
{
    /// <summary>All formats.</summary>
    public static IReadOnlyList<ExportFormat> All { get; } = [new("csv", "text/csv", IsCsv: true), new("ndjson", "application/x-ndjson", IsCsv: false)];
}

/// <summary>Writes all call records that match to a file or to standard output, however many they are, as they come.</summary>
/// <param name="session">Where to ask and tell.</param>
/// <param name="format">How they are written.</param>
internal sealed class CallRecordExport(Session session, ExportFormat format)
{
    private const int BufferSize = 128 * 1024;

    private static readonly TimeSpan TellEvery = TimeSpan.FromMilliseconds(250);

    private readonly RecordCounter _counter = new(heading: format.IsCsv, quotes: format.IsCsv);
    private long _bytes;

    /// <summary>Exports to a file, which appears when it is whole.</summary>
    public async Task<ExitCode> ToFileAsync(ApiQuery query, string path, bool overwrite, CancellationToken ct)
    {
        if (!overwrite && File.Exists(path))
        {
            session.Terminal.Fail(Sentence.Of(Text.File_exists, path));
            return ExitCode.ExistsOrNotFound;
        }

        try
        {
            await using var file = PartFile.Open(path, resumable: false);
            var problem = await session.Terminal.Progress(Sentence.Of(Text.Export_begins, path), tell => CopyAsync(query, file.Stream, tell, ct));
            if (problem is not null)
            {
                return session.Refuse(problem);
            }

            await file.CompleteAsync(overwrite);
            session.Terminal.Good(Sentence.Of(Text.Export_done, _counter.Records, LocalTime.Megabytes(_bytes), path));
            return ExitCode.Ok;
        }
        catch (AnswerBrokenException)
        {
            session.Terminal.Fail(Sentence.Of(Text.Export_broken_file, _counter.Records, path));
            return ExitCode.Broken;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            session.Terminal.Fail(Sentence.Of(Text.File_unwritable, path, e.Message));
            return ExitCode.Refused;
        }
    }

    /// <summary>Exports to standard output: the bytes as they come, but harmless where it is a screen.</summary>
    public async Task<ExitCode> ToOutputAsync(ApiQuery query, CancellationToken ct)
    {
        try
        {
            await using var output = session.Terminal.Decorated ? new PrintableStream(session.Terminal.OutputWriter) : session.Terminal.OpenResult();
            var problem = await CopyAsync(query, output, _ => { }, ct);
            await output.FlushAsync(ct);
            return problem is null ? ExitCode.Ok : session.Refuse(problem);
        }
        catch (AnswerBrokenException)
        {
            session.Terminal.Fail(Sentence.Of(Text.Export_broken_output, _counter.Records));
            return ExitCode.Broken;
        }
    }

    private async Task<ApiProblem?> CopyAsync(ApiQuery query, Stream target, Action<string> tell, CancellationToken ct)
    {
        var answer = await session.Api.OpenCallRecords(query, format.Name, format.MediaType, ct);
        if (!answer.Succeeded)
        {
            return answer.Problem;
        }

        using var source = answer.Value;
        if (source.MediaType != format.MediaType)
        {
            return session.Api.NotTheApi();
        }

        var start = session.Time.GetTimestamp();
        var told = start;
        var buffer = new byte[BufferSize];
        while (await source.ReadAsync(buffer, ct) is var read and > 0)
        {
            _bytes += read;
            _counter.Add(buffer.AsSpan(0, read));
            await target.WriteAsync(buffer.AsMemory(0, read), ct);
            if (session.Terminal.Decorated && session.Time.GetElapsedTime(told) >= TellEvery)
            {
                told = session.Time.GetTimestamp();
                var rate = (long)(_bytes / Math.Max(0.001, session.Time.GetElapsedTime(start).TotalSeconds));
                tell(Sentence.Of(Text.Export_goes_on, _counter.Records, LocalTime.Megabytes(_bytes), LocalTime.Megabytes(rate)));
            }
        }

        return source.EndIsMarked && _counter.IsWhole ? null : throw new AnswerBrokenException();
    }
}
