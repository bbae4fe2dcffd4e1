using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace PbxGrains.Yeastar.Tests.Client;

/// <summary>A request as it arrived.</summary>
internal sealed record ReceivedRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();

    public string? this[string field] => Json[field]?.ToString();
}

/// <summary>What the scripted PBX does with a request.</summary>
internal abstract record Reply
{
    public static Reply Json(string json) => new RawReply(Encoding.UTF8.GetBytes(json), "200 OK", "application/json");

    public static Reply Json(byte[] json) => new RawReply(json, "200 OK", "application/json");

    public static Reply Error(string number) => Json($$"""{"status":"Failed","errno":"{{number}}"}""");

    public static Reply Status(string status, string body = "<html>no</html>", params string[] headers) =>
        new RawReply(Encoding.UTF8.GetBytes(body), status, "text/html", Headers: headers);

    public static Reply File(byte[] bytes, string type) => new RawReply(bytes, "200 OK", type);

    public static Reply Never { get; } = new SilentReply();

    public static Reply Reset { get; } = new ResetReply();

    public static Reply Close { get; } = new CloseReply();
}

/// <param name="Claim">Content length to claim; null for the true one.</param>
/// <param name="Hold">Keeps the connection open after the body in place of closing it.</param>
internal sealed record RawReply(byte[] Body, string StatusLine, string Type, int? Claim = null, bool Hold = false, string[]? Headers = null) : Reply;

internal sealed record SilentReply : Reply;

internal sealed record ResetReply : Reply;

internal sealed record CloseReply : Reply;

/// <summary>A PBX made of one socket and a script, over plain TCP or TLS.</summary>
internal sealed class ScriptedPbx : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<ReceivedRequest, Reply> _script;
    private readonly X509Certificate2? _certificate;
    private readonly List<ReceivedRequest> _requests = [];
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;
    private int _accepted;
    private long _applicationBytes;

    public ScriptedPbx(Func<ReceivedRequest, Reply> script, X509Certificate2? certificate = null, int port = 0, bool shakesHands = true)
    {
        _script = script;
        _certificate = certificate;
        ShakesHands = shakesHands;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Uri Address => new($"{(_certificate is null ? "http" : "https")}://127.0.0.1:{Port}");

    public bool ShakesHands { get; }

    /// <summary>Connections taken.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Bytes of HTTP received, after TLS.</summary>
    public long ApplicationBytes => Interlocked.Read(ref _applicationBytes);

    public IReadOnlyList<ReceivedRequest> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public IEnumerable<string> Paths => Requests.Select(request => request.Path);

    public int Logins => Paths.Count(path => path.EndsWith("/login", StringComparison.Ordinal));

    /// <summary>Waits until the other side has closed every connection taken so far, so that nothing more can come over them.</summary>
    public Task ConnectionsEnd()
    {
        lock (_requests)
        {
            return Task.WhenAll(_connections);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await ConnectionsEnd();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                lock (_requests)
                {
                    _connections.Add(ServeAsync(client));
                }

                Interlocked.Increment(ref _accepted);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        await Task.Yield();
        using var connection = client;
        try
        {
            await using Stream stream = await OpenAsync(client);
            if (await ReadAsync(stream) is not { } request)
            {
                return;
            }

            lock (_requests)
            {
                _requests.Add(request);
            }

            await AnswerAsync(client, stream, _script(request));
        }
        catch (Exception e) when (e is IOException or AuthenticationException or OperationCanceledException or SocketException)
        {
            // The other side left, or the test is over.
        }
    }

    private async Task<Stream> OpenAsync(TcpClient client)
    {
        var stream = client.GetStream();
        if (_certificate is null)
        {
            return stream;
        }

        if (!ShakesHands)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _stop.Token);
        }

        var secure = new SslStream(stream);
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
        return secure;
    }

    private async Task AnswerAsync(TcpClient client, Stream stream, Reply reply)
    {
        switch (reply)
        {
            case RawReply raw:
                var extra = string.Concat((raw.Headers ?? []).Select(header => header + "\r\n"));
                var head = $"HTTP/1.1 {raw.StatusLine}\r\nServer: Boa/0.94.14rc21\r\nConnection: close\r\nContent-Type: {raw.Type}\r\nContent-Length: {raw.Claim ?? raw.Body.Length}\r\n{extra}\r\n";
                await stream.WriteAsync(Encoding.ASCII.GetBytes(head), _stop.Token);
                await stream.WriteAsync(raw.Body, _stop.Token);
                await stream.FlushAsync(_stop.Token);
                if (raw.Hold)
                {
                    await HoldAsync(stream);
                }

                break;
            case ResetReply:
                client.Client.LingerState = new LingerOption(enable: true, seconds: 0);
                break;
            case CloseReply:
                break;
            default:
                await HoldAsync(stream);
                break;
        }
    }

    private async Task HoldAsync(Stream stream) => await ReadSomeAsync(stream, new byte[1]);

    private async Task<ReceivedRequest?> ReadAsync(Stream stream)
    {
        var buffer = new byte[64 * 1024];
        var length = 0;
        int headEnd;
        while ((headEnd = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8)) < 0)
        {
            var read = await ReadSomeAsync(stream, buffer.AsMemory(length));
            if (read == 0)
            {
                return null;
            }

            length += read;
        }

        var lines = Encoding.UTF8.GetString(buffer, 0, headEnd).Split("\r\n");
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        var bodyStart = headEnd + 4;
        var bodyLength = headers.TryGetValue("Content-Length", out var text) ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 0;
        while (length < bodyStart + bodyLength)
        {
            length += await ReadSomeAsync(stream, buffer.AsMemory(length));
        }

        var first = lines[0].Split(' ');
        var target = first[1].Split('?', 2);
        return new ReceivedRequest(first[0], target[0], target.Length > 1 ? target[1] : "", headers, Encoding.UTF8.GetString(buffer, bodyStart, bodyLength));
    }

    private async Task<int> ReadSomeAsync(Stream stream, Memory<byte> buffer)
    {
        var read = await stream.ReadAsync(buffer, _stop.Token);
        Interlocked.Add(ref _applicationBytes, read);
        return read;
    }
}
