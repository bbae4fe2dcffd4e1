using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using PbxGrains.Cli.Api;

namespace PbxGrains.Cli.Checklists;

/// <summary>The lines of an answer, each as soon as it is whole.</summary>
internal static class AnswerLines
{
    private const int BufferSize = 16 * 1024;
    private const int LongestLine = 4 * 1024 * 1024;

    /// <summary>Reads line by line; what stands behind the last line break counts as a line, too.</summary>
    /// <exception cref="AnswerBrokenException">The connection broke, or a line has no end.</exception>
    public static async IAsyncEnumerable<string> ReadAsync(StreamedAnswer answer, [EnumeratorCancellation] CancellationToken ct)
    {
        var buffer = new byte[BufferSize];
        var begun = new ArrayBufferWriter<byte>();
        while (await answer.ReadAsync(buffer, ct) is > 0 and var read)
        {
            var piece = buffer.AsMemory(0, read);
            while (piece.Span.IndexOf((byte)'\n') is >= 0 and var end)
            {
                begun.Write(piece.Span[..end]);
                yield return Encoding.UTF8.GetString(begun.WrittenSpan);
                begun.ResetWrittenCount();
                piece = piece[(end + 1)..];
            }

            begun.Write(piece.Span);
            if (begun.WrittenCount > LongestLine)
            {
                throw new AnswerBrokenException("A line has no end.");
            }
        }

        if (begun.WrittenCount > 0)
        {
            yield return Encoding.UTF8.GetString(begun.WrittenSpan);
        }
    }
}
