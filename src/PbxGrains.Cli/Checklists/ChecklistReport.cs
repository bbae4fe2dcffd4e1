using PbxGrains.Cli.Api;
using PbxGrains.Cli.Terminals;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Checklists;

/// <summary>Writes a run's report, a page to print, to a file.</summary>
internal sealed class ChecklistReport(Session session, string siteId)
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Writes it; the file appears when it is whole, in the place of one of that name.</summary>
    /// <returns>Ok, or why there is no report.</returns>
    public async Task<ExitCode> WriteAsync(string? runId, string path, CancellationToken ct)
    {
        var answer = await session.Api.OpenChecklistReport(siteId, runId, ct);
        if (!answer.Succeeded)
        {
            return session.Refuse(answer.Problem);
        }

        using var source = answer.Value;
        if (source.MediaType != "text/html")
        {
            return session.Refuse(session.Api.NotTheApi());
        }

        try
        {
            await using var file = PartFile.Open(path, resumable: false);
            var buffer = new byte[BufferSize];
            while (await source.ReadAsync(buffer, ct) is > 0 and var read)
            {
                await file.Stream.WriteAsync(buffer.AsMemory(0, read), ct);
            }

            await file.CompleteAsync(overwrite: true);
        }
        catch (AnswerBrokenException)
        {
            session.Terminal.Fail(Sentence.Of(Text.Check_report_broken, path));
            return ExitCode.Broken;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            session.Terminal.Fail(Sentence.Of(Text.File_unwritable, path, e.Message));
            return ExitCode.Refused;
        }

        session.Terminal.Good(Sentence.Of(Text.Check_report_written, path));
        return ExitCode.Ok;
    }
}
