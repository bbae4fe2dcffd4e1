using System.Net;
using System.Net.Http.Headers;

namespace PbxGrains.Cli.Api;

/// <summary>The connection broke, or fell silent, before an answer was whole.</summary>
internal sealed class AnswerBrokenException : Exception
{
    /// <summary>Without a cause: the answer just ended.</summary>
    public AnswerBrokenException()
    {
    }

    /// <inheritdoc cref="AnswerBrokenException()" />
    public AnswerBrokenException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="AnswerBrokenException()" />
    public AnswerBrokenException(string message, Exception cause)
        : base(message, cause)
    {
    }
}

/// <summary>An answer read piece by piece, however long it is.</summary>
/// <param name="response">The answer; closed with this.</param>
/// <param name="body">Its body.</param>
/// <param name="longestSilence">A connection over which nothing comes for so long is a broken one.</param>
internal sealed class StreamedAnswer(HttpResponseMessage response, Stream body, TimeSpan longestSilence) : IDisposable
{
    /// <summary>200 or 206.</summary>
    public HttpStatusCode Status => response.StatusCode;

    /// <summary>Which part of the whole this is; null when it is the whole.</summary>
    public ContentRangeHeaderValue? Range => response.Content.Headers.ContentRange;

    /// <summary>Media type, without parameters.</summary>
    public string? MediaType => response.Content.Headers.ContentType?.MediaType;

    /// <summary>
    /// True when the end of the answer can be told from a broken connection. An answer of HTTP/1 without a length and not in
    /// chunks ends the same way in both cases.
    /// </summary>
    public bool EndIsMarked =>
        response.Version.Major >= 2 || response.Content.Headers.ContentLength is not null || response.Headers.TransferEncodingChunked is true;

    /// <summary>Reads the next piece; 0 at the end.</summary>
    /// <exception cref="AnswerBrokenException">The connection broke or fell silent.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(longestSilence);
        try
        {
            return await body.ReadAsync(buffer, patience.Token);
        }
        catch (Exception e) when (e is IOException or HttpRequestException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw new AnswerBrokenException("The answer is not whole.", e);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        body.Dispose();
        response.Dispose();
    }
}
