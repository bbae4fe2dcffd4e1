using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Yeastar.Http;

/// <summary>
/// HTTP to one PBX: the only door out. Every request has its own connection, opened before and handed over once: the PBX
/// closes it anyway, and <see cref="SocketsHttpHandler"/>, which likes to send a request again when its connection breaks
/// before the answer, finds no second one.
/// </summary>
/// <remarks>Nothing in here returns to the caller's scheduler between two steps: an actor has its turn once, with the answer.</remarks>
internal sealed class PbxHttp(PbxConnection connection, TimeProvider time) : IDisposable
{
    /// <summary>Longest JSON answer read.</summary>
    public const int AnswerLimit = 8 * 1024 * 1024;

    private static readonly HttpRequestOptionsKey<PbxLine> LineKey = new("PbxGrains.Line");
    private static readonly ProductInfoHeaderValue UserAgent = new("PbxGrains", typeof(PbxHttp).Assembly.GetName().Version?.ToString(2));
    private static readonly MediaTypeHeaderValue Json = new("application/json", "utf-8");

    private readonly HttpMessageInvoker _invoker = new(NewHandler());
    private readonly PbxTrust _trust = new(connection.CertificatePins);

    /// <summary>Our address on the last connection; null before the first.</summary>
    public IPAddress? LocalAddress { get; private set; }

    /// <summary>Asks one thing and reads the whole answer.</summary>
    /// <param name="pathAndQuery">Path with its query; secret, because it holds the token.</param>
    /// <param name="endpoint">The path without version and query: what a trace may name.</param>
    /// <param name="body">Request body, may be empty.</param>
    /// <param name="read">Reads the answer.</param>
    /// <param name="ct">Gives up.</param>
    public Task<PbxResult<T>> PostAsync<T>(string pathAndQuery, string endpoint, ReadOnlyMemory<byte> body, Func<PbxAnswerBody, PbxResult<T>> read, CancellationToken ct)
        where T : notnull => TracedAsync(endpoint, () => PostOnceAsync(pathAndQuery, body, read, ct));

    /// <summary>Opens a file. Its first byte is here already: an error or a page in place of the file is a failure.</summary>
    /// <param name="pathAndQuery">Path with its query; secret, because it holds the token.</param>
    /// <param name="endpoint">The path without version and query: what a trace may name.</param>
    /// <param name="ct">Gives up.</param>
    public Task<PbxResult<Stream>> OpenAsync(string pathAndQuery, string endpoint, CancellationToken ct) => TracedAsync(endpoint, () => OpenOnceAsync(pathAndQuery, ct));

    public void Dispose() => _invoker.Dispose();

    private async Task<PbxResult<T>> TracedAsync<T>(string endpoint, Func<Task<PbxResult<T>>> ask)
        where T : notnull
    {
        var began = time.GetTimestamp();
        var activity = PbxTrace.Begin(connection.Address, endpoint);
        PbxFailure? failure = null;
        try
        {
            var result = await ask().ConfigureAwait(false);
            failure = result.Failure;
            return result;
        }
        finally
        {
            PbxTrace.End(activity, endpoint, time.GetElapsedTime(began), failure);
        }
    }

    private async Task<PbxResult<T>> PostOnceAsync<T>(string pathAndQuery, ReadOnlyMemory<byte> body, Func<PbxAnswerBody, PbxResult<T>> read, CancellationToken ct)
        where T : notnull
    {
        var line = await OpenLineAsync(ct).ConfigureAwait(false);
        if (!line.Succeeded)
        {
            return line.Failure;
        }

        using var open = line.Value;
        using var deadline = new Deadline(connection.AnswerTimeout, time, ct);
        using var request = NewRequest(HttpMethod.Post, pathAndQuery, open);
        if (!body.IsEmpty)
        {
            request.Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = Json } };
        }

        var sent = await SendAsync(request, open, deadline).ConfigureAwait(false);
        if (!sent.Succeeded)
        {
            return sent.Failure;
        }

        using var response = sent.Value;
        return await ReadAsync(response, read, deadline).ConfigureAwait(false);
    }

    private async Task<PbxResult<Stream>> OpenOnceAsync(string pathAndQuery, CancellationToken ct)
    {
        var line = await OpenLineAsync(ct).ConfigureAwait(false);
        if (!line.Succeeded)
        {
            return line.Failure;
        }

        HttpResponseMessage? response = null;
        PbxFileStream? file = null;
        using var deadline = new Deadline(connection.AnswerTimeout, time, ct);
        using var request = NewRequest(HttpMethod.Get, pathAndQuery, line.Value);
        try
        {
            var sent = await SendAsync(request, line.Value, deadline).ConfigureAwait(false);
            if (!sent.Succeeded)
            {
                return sent.Failure;
            }

            response = sent.Value;
            var opened = new PbxFileStream(response, line.Value, await response.Content.ReadAsStreamAsync(deadline.Token).ConfigureAwait(false), connection.AnswerTimeout, time);
            var failure = await JudgeAsync(opened, deadline).ConfigureAwait(false);
            if (failure is not null)
            {
                return failure;
            }

            file = opened;
            return PbxResult.Of<Stream>(file);
        }
        catch (Exception e) when (IsBroken(e, deadline))
        {
            return WireFailures.Broken(e);
        }
        finally
        {
            if (file is null)
            {
                response?.Dispose();
                line.Value.Dispose();
            }
        }
    }

    private static SocketsHttpHandler NewHandler() => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        PooledConnectionLifetime = TimeSpan.Zero,
        MaxResponseHeadersLength = 32,
        Credentials = null,
        ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
        ConnectCallback = (context, _) => context.InitialRequestMessage.Options.TryGetValue(LineKey, out var line)
            ? ValueTask.FromResult(line.Take())
            : throw new InvalidOperationException("A request needs its own connection."),
    };

    private async Task<PbxResult<PbxLine>> OpenLineAsync(CancellationToken ct)
    {
        if (WhyNotToConnect() is { } failure)
        {
            return failure;
        }

        var line = await PbxLine.OpenAsync(connection.Address, _trust.Accepts, _trust.Reason, connection.ConnectTimeout, time, ct).ConfigureAwait(false);
        LocalAddress = line.Value?.LocalAddress ?? LocalAddress;
        return line;
    }

    private PbxFailure? WhyNotToConnect()
    {
        var scheme = connection.Address.IsAbsoluteUri ? connection.Address.Scheme : null;
        return scheme switch
        {
            "https" => null,
            "http" when connection.AllowPlainHttp => null,
            "http" => new PbxFailure(PbxFailureKind.NotReached, "The PBX's address is plain HTTP, which this site does not allow."),
            _ => new PbxFailure(PbxFailureKind.NotReached, "The PBX's address must begin with https:// or http://."),
        };
    }

    private HttpRequestMessage NewRequest(HttpMethod method, string pathAndQuery, PbxLine line)
    {
        var request = new HttpRequestMessage(method, new Uri(connection.Address, pathAndQuery))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.ConnectionClose = true;
        request.Headers.UserAgent.Add(UserAgent);
        request.Options.Set(LineKey, line);
        return request;
    }

    private async Task<PbxResult<HttpResponseMessage>> SendAsync(HttpRequestMessage request, PbxLine line, Deadline deadline)
    {
        HttpResponseMessage response;
        try
        {
            response = await _invoker.SendAsync(request, deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!deadline.CallerGaveUp)
        {
            return WireFailures.NoAnswer($"The PBX took the request and did not answer within {connection.AnswerTimeout.TotalSeconds:0.#} s.");
        }
        catch (ObjectDisposedException) when (!line.IsTaken)
        {
            return WireFailures.ClosedByUs;
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded)
        {
            return WireFailures.Unexpected("What answered does not speak HTTP.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return WireFailures.NoAnswer("The PBX took the request and closed the connection without an answer.");
        }

        if (response.StatusCode == HttpStatusCode.OK)
        {
            return response;
        }

        using (response)
        {
            return WireFailures.Of(response.StatusCode);
        }
    }

    private static async Task<PbxResult<T>> ReadAsync<T>(HttpResponseMessage response, Func<PbxAnswerBody, PbxResult<T>> read, Deadline deadline)
        where T : notnull
    {
        try
        {
            using var stream = await response.Content.ReadAsStreamAsync(deadline.Token).ConfigureAwait(false);
            using var body = await PbxAnswerBody.ReadAsync(stream, AnswerLimit, deadline.Token).ConfigureAwait(false);
            return body is null ? WireFailures.TooLong : read(body);
        }
        catch (Exception e) when (IsBroken(e, deadline))
        {
            return WireFailures.Broken(e);
        }
    }

    private static async Task<PbxFailure?> JudgeAsync(PbxFileStream file, Deadline deadline)
    {
        switch (await file.PeekAsync(deadline.Token).ConfigureAwait(false))
        {
            case null:
                return WireFailures.Unexpected("The PBX sent an empty file.");
            case (byte)'<':
                return WireFailures.Page;
            case (byte)'{':
                using (var body = await PbxAnswerBody.ReadAsync(file, AnswerLimit, deadline.Token).ConfigureAwait(false))
                {
                    return body is null ? WireFailures.TooLong : body.Read(PbxJson.Default.PbxAnswer).Failure ?? WireFailures.Unexpected("The PBX answered without the file.");
                }

            default:
                return null;
        }
    }

    private static bool IsBroken(Exception e, Deadline deadline) =>
        e is HttpRequestException or IOException || (e is OperationCanceledException && !deadline.CallerGaveUp);
}
