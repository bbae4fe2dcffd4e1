using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Yeastar.Http;

/// <summary>The bytes of an answer in rented memory, read up to a limit.</summary>
internal sealed class PbxAnswerBody : IDisposable
{
    private const int FirstRent = 16 * 1024;

    private byte[] _bytes;
    private int _length;

    private PbxAnswerBody(int firstRent) => _bytes = ArrayPool<byte>.Shared.Rent(firstRent);

    /// <summary>Reads to the end.</summary>
    /// <returns>Null when the limit was passed; the caller owns it otherwise.</returns>
    public static async Task<PbxAnswerBody?> ReadAsync(Stream stream, int limit, CancellationToken ct)
    {
        var body = new PbxAnswerBody(FirstRent);
        var complete = false;
        try
        {
            int read;
            while ((read = await stream.ReadAsync(body.Free(), ct).ConfigureAwait(false)) > 0)
            {
                body._length += read;
                if (body._length > limit)
                {
                    return null;
                }
            }

            complete = true;
            return body;
        }
        finally
        {
            if (!complete)
            {
                body.Dispose();
            }
        }
    }

    /// <summary>The answer in the product's words, or the failure it tells.</summary>
    public PbxResult<T> Read<TAnswer, T>(JsonTypeInfo<TAnswer> shape, Func<TAnswer, PbxResult<T>> words)
        where TAnswer : PbxAnswer
        where T : notnull
    {
        var answer = Read(shape);
        return answer.Succeeded ? words(answer.Value) : answer.Failure;
    }

    /// <summary>The same; what was read from the same bytes the last time is not read again.</summary>
    public PbxResult<T> Read<TAnswer, T>(JsonTypeInfo<TAnswer> shape, Func<TAnswer, PbxResult<T>> words, LastAnswer<T> last)
        where TAnswer : PbxAnswer
        where T : notnull =>
        last.Find(_bytes.AsSpan(0, _length)) ?? last.Keep(_bytes.AsSpan(0, _length), Read(shape, words));

    /// <summary>The answer in its shape, or the failure it tells.</summary>
    public PbxResult<TAnswer> Read<TAnswer>(JsonTypeInfo<TAnswer> shape)
        where TAnswer : PbxAnswer
    {
        if (Content.IsEmpty)
        {
            return WireFailures.Unexpected("The PBX's answer is empty.");
        }

        if (Content[0] != (byte)'{')
        {
            return WireFailures.Page;
        }

        try
        {
            return JsonSerializer.Deserialize(Content, shape) switch
            {
                { Status: "Success" } answer => answer,
                null or { Status: null, ErrorNumber: null } => WireFailures.Unexpected("What answered is not the PBX's API."),
                var answer => PbxErrorCodes.ToFailure(answer.ErrorNumber),
            };
        }
        catch (JsonException)
        {
            // The exception quotes the answer: it goes no further.
            return WireFailures.Unexpected("The PBX's answer is cut or damaged.");
        }
    }

    public void Dispose()
    {
        // A login answer held a token: do not lend it to the next renter.
        ArrayPool<byte>.Shared.Return(_bytes, clearArray: true);
        _bytes = [];
        _length = 0;
    }

    // Without byte order mark and white space in front.
    private ReadOnlySpan<byte> Content
    {
        get
        {
            var content = _bytes.AsSpan(0, _length);
            return (content.StartsWith("\uFEFF"u8) ? content[3..] : content).TrimStart(" \t\r\n"u8);
        }
    }

    private Memory<byte> Free()
    {
        if (_length == _bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_bytes.Length * 2);
            _bytes.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes, clearArray: true);
            _bytes = larger;
        }

        return _bytes.AsMemory(_length);
    }
}
