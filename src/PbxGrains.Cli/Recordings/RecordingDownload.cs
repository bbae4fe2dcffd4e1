using System.Net;
using System.Security.Cryptography;
using PbxGrains.Cli.Api;
using PbxGrains.Cli.Terminals;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Recordings;

/// <summary>
/// Fetches a recording into a file. What an earlier, broken attempt left behind is taken up where it ended, provided that the
/// recording is still the same; the file gets its name once its SHA-256 is the one the API names.
/// </summary>
/// <param name="session">Where to ask and tell.</param>
/// <param name="recordingId">Which recording.</param>
internal sealed class RecordingDownload(Session session, string recordingId)
{
    private const int BufferSize = 64 * 1024;
    private const int LongestName = 120;

    private static readonly TimeSpan TellEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>Downloads.</summary>
    /// <param name="output">Where to; - is standard output; null is a name made from the recording's, in the current folder.</param>
    /// <param name="overwrite">True to take the place of a file of that name.</param>
    /// <param name="ct">Stops; what has come stays for the next attempt.</param>
    public async Task<ExitCode> RunAsync(string? output, bool overwrite, CancellationToken ct)
    {
        if (output == "-" && session.Terminal.Decorated)
        {
            return session.Misused([Text.Recording_no_screen]);
        }

        var info = await session.Api.FindRecording(recordingId, ct);
        if (!info.Succeeded)
        {
            return session.Refuse(info.Problem);
        }

        if (output == "-")
        {
            return await ToOutputAsync(info.Value, ct);
        }

        var path = output ?? NameOf(info.Value);
        if (!overwrite && File.Exists(path))
        {
            session.Terminal.Fail(Sentence.Of(Text.File_exists, path));
            return ExitCode.ExistsOrNotFound;
        }

        try
        {
            return await ToFileAsync(info.Value, path, overwrite, ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            session.Terminal.Fail(Sentence.Of(Text.File_unwritable, path, e.Message));
            return ExitCode.Refused;
        }
    }

    private async Task<ExitCode> ToFileAsync(RecordingResource info, string path, bool overwrite, CancellationToken ct)
    {
        await using var file = PartFile.Open(path, resumable: true);
        try
        {
            var resumed = Resumable(file, info);
            var problem = await session.Terminal.Progress(Sentence.Of(Text.Recording_begins, path), tell => FetchAsync(file, info, tell, ct));
            if (problem is not null)
            {
                file.DropIfEmpty();
                return session.Refuse(problem);
            }

            var right = await IsRightAsync(file.Stream, info, ct);
            if (!right && resumed)
            {
                // What was there belonged to something else: once more, from the beginning.
                file.StartOver();
                problem = await session.Terminal.Progress(Sentence.Of(Text.Recording_begins, path), tell => FetchAsync(file, info, tell, ct));
                if (problem is not null)
                {
                    return session.Refuse(problem);
                }

                right = await IsRightAsync(file.Stream, info, ct);
            }

            if (!right)
            {
                file.Drop();
                session.Terminal.Fail(Text.Recording_damaged);
                return ExitCode.Refused;
            }
        }
        catch (AnswerBrokenException)
        {
            session.Terminal.Fail(Sentence.Of(Text.Recording_broken, LocalTime.Megabytes(file.Stream.Length), path));
            return ExitCode.Broken;
        }

        var bytes = file.Stream.Length;
        await file.CompleteAsync(overwrite);
        session.Terminal.Good(Sentence.Of(Text.Recording_done, LocalTime.Megabytes(bytes), path));
        return ExitCode.Ok;
    }

    private async Task<ExitCode> ToOutputAsync(RecordingResource info, CancellationToken ct)
    {
        var answer = await session.Api.OpenRecording(recordingId, 0, null, ct);
        if (!answer.Succeeded)
        {
            return session.Refuse(answer.Problem);
        }

        using var source = answer.Value;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var output = session.Terminal.OpenResult();
        try
        {
            await CopyAsync(source, output, piece => hash.AppendData(piece.Span), ct);
        }
        catch (AnswerBrokenException)
        {
            session.Terminal.Fail(Text.Recording_broken_output);
            return ExitCode.Broken;
        }

        if (!IsHash(info.Sha256) || Convert.ToHexStringLower(hash.GetHashAndReset()) == info.Sha256)
        {
            return ExitCode.Ok;
        }

        session.Terminal.Fail(Text.Recording_damaged);
        return ExitCode.Refused;
    }

    /// <summary>Brings the file to its whole length; null when that was done.</summary>
    private async Task<ApiProblem?> FetchAsync(PartFile file, RecordingResource info, Action<string> tell, CancellationToken ct)
    {
        if (file.Stream.Length > 0 && file.Stream.Length == info.Bytes)
        {
            return null;
        }

        var answer = await session.Api.OpenRecording(recordingId, file.Stream.Length, info.Sha256, ct);
        if (answer.Problem is { Status: (int)HttpStatusCode.RequestedRangeNotSatisfiable })
        {
            file.StartOver();
            answer = await session.Api.OpenRecording(recordingId, 0, null, ct);
        }

        if (!answer.Succeeded)
        {
            return answer.Problem;
        }

        using var source = answer.Value;
        if (source.Status is not HttpStatusCode.PartialContent)
        {
            file.StartOver();
        }
        else if (source.Range?.From != file.Stream.Length)
        {
            return session.Api.NotTheApi();
        }

        _ = file.Stream.Seek(0, SeekOrigin.End);
        var told = session.Time.GetTimestamp();
        await CopyAsync(source, file.Stream, Tell, ct);
        return null;

        void Tell(ReadOnlyMemory<byte> piece)
        {
            if (session.Terminal.Decorated && session.Time.GetElapsedTime(told) >= TellEvery)
            {
                told = session.Time.GetTimestamp();
                tell(Sentence.Of(Text.Recording_goes_on, LocalTime.Megabytes(file.Stream.Length), info.Bytes is { } all ? LocalTime.Megabytes(all) : LocalTime.Unknown));
            }
        }
    }

    private static async Task CopyAsync(StreamedAnswer source, Stream target, Action<ReadOnlyMemory<byte>> each, CancellationToken ct)
    {
        var buffer = new byte[BufferSize];
        while (await source.ReadAsync(buffer, ct) is var read and > 0)
        {
            await target.WriteAsync(buffer.AsMemory(0, read), ct);
            each(buffer.AsMemory(0, read));
        }

        if (!source.EndIsMarked)
        {
            throw new AnswerBrokenException();
        }
    }

    /// <summary>True when the file is what the API says the recording is; what was only fetched by asking is known now.</summary>
    private async Task<bool> IsRightAsync(FileStream file, RecordingResource info, CancellationToken ct)
    {
        var expected = info.Sha256 ?? (await session.Api.FindRecording(recordingId, ct)).Value?.Sha256;
        if (!IsHash(expected))
        {
            return true;
        }

        _ = file.Seek(0, SeekOrigin.Begin);
        return string.Equals(Convert.ToHexStringLower(await SHA256.HashDataAsync(file, ct)), expected, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>True when what is there can be the beginning of the recording; what cannot is forgotten.</summary>
    private static bool Resumable(PartFile file, RecordingResource info)
    {
        if (file.Stream.Length > 0 && IsHash(info.Sha256) && !(file.Stream.Length > info.Bytes))
        {
            return true;
        }

        file.StartOver();
        return false;
    }

    private static bool IsHash(string? text) => text is { Length: 64 } && text.All(char.IsAsciiHexDigit);

    /// <summary>A name for the file: the PBX's, as far as it is harmless; a name from the network is no path.</summary>
    private static string NameOf(RecordingResource info)
    {
        var name = new string([.. (info.Name ?? string.Empty).Where(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')]).TrimStart('.', '-');
        return name.Length is > 0 and <= LongestName ? name : "recording.wav";
    }
}
