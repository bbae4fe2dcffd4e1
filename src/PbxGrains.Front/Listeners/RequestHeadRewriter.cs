using System.Buffers;

namespace PbxGrains.Front.Listeners;

/// <summary>
/// Repairs the <c>Host</c> line of one HTTP/1 request while its bytes pass: official samples of Yeastar print
/// <c>Host: 192.168.5.150: 8260</c> with a space before the port (fact sheet S-Series §7.1), which Kestrel refuses
/// before any code of ours runs. Only that line changes; the request line and complete lines pass at once, the body passes untouched.
/// </summary>
internal sealed class RequestHeadRewriter
{
    /// <summary>A head longer than this passes as it is: Kestrel has limits of its own and refuses it.</summary>
    public const int LongestHead = 16 * 1024;

    private long _headBytes;
    private bool _requestLineBegun;
    private bool _requestLineSeen;
    private bool _headDone;

    /// <summary>Passes what can be passed.</summary>
    /// <param name="input">Bytes not passed so far.</param>
    /// <param name="isLast">True when no more bytes will come.</param>
    /// <param name="output">Takes the bytes.</param>
    /// <returns>How far the input was passed; the rest, the begin of a line, must be shown again with more.</returns>
    public SequencePosition Pass(in ReadOnlySequence<byte> input, bool isLast, IBufferWriter<byte> output)
    {
        var rest = input;
        while (!_headDone)
        {
            if (rest.PositionOf((byte)'\n') is not { } lineFeed)
            {
                if (isLast || _headBytes + rest.Length > LongestHead)
                {
                    break;
                }

                return _requestLineSeen ? rest.Start : PassBeginOfRequestLine(rest, output);
            }

            var end = rest.GetPosition(1, lineFeed);
            PassLine(rest.Slice(0, end), output);
            rest = rest.Slice(end);
        }

        Copy(rest, output);
        return input.End;
    }

    private void PassLine(in ReadOnlySequence<byte> line, IBufferWriter<byte> output)
    {
        _headBytes += line.Length;
        if (_headBytes > LongestHead)
        {
            _headDone = true;
            Copy(line, output);
            return;
        }

        var bytes = line.IsSingleSegment ? line.FirstSpan : line.ToArray();
        var blank = !_requestLineBegun && bytes is [(byte)'\n'] or [(byte)'\r', (byte)'\n'];
        if (_requestLineSeen && HostLine.IsHost(bytes))
        {
            HostLine.WriteRepaired(bytes, output);
        }
        else
        {
            output.Write(bytes);
        }

        // Blank lines before the request line are allowed; the one after the headers ends the head.
        _headDone = _requestLineSeen && blank;
        _requestLineSeen |= !blank;
        _requestLineBegun = false;
    }

    /// <summary>Nothing of the request line needs repair: passed at once, it lets Kestrel's time limit for heads begin.</summary>
    private SequencePosition PassBeginOfRequestLine(in ReadOnlySequence<byte> begin, IBufferWriter<byte> output)
    {
        if (begin.IsEmpty || (!_requestLineBegun && begin.Length == 1 && begin.FirstSpan[0] == (byte)'\r'))
        {
            return begin.Start;
        }

        _requestLineBegun = true;
        _headBytes += begin.Length;
        Copy(begin, output);
        return begin.End;
    }

    private static void Copy(in ReadOnlySequence<byte> bytes, IBufferWriter<byte> output)
    {
        foreach (var segment in bytes)
        {
            output.Write(segment.Span);
        }
    }
}
