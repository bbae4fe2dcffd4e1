using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PbxGrains.Hosting.Tests.Recordings;

/// <summary>What an S3 store does instead of answering.</summary>
public enum S3Fault
{
    None,
    SlowDown,
    Hang,
    Reset,
    Denied,
    Full,
    CutBody,
}

/// <summary>A small S3-compatible store on a real socket, path-style, that fails when the test says so.</summary>
internal sealed class S3Stub : IAsyncDisposable
{
    private readonly WebApplication _app;

    private S3Stub(WebApplication app) => _app = app;

    public const string Bucket = "vault";

    public ConcurrentDictionary<string, byte[]> Objects { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<string> Requests { get; } = new();

    public S3Fault Fault { get; set; }

    public string Endpoint => _app.Urls.First();

    public static async Task<S3Stub> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var stub = new S3Stub(app);
        app.Run(stub.ServeAsync);
        await app.StartAsync();
        return stub;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ServeAsync(HttpContext http)
    {
        Requests.Enqueue($"{http.Request.Method} {http.Request.Path}");
        switch (Fault)
        {
            case S3Fault.SlowDown:
                await ErrorAsync(http, StatusCodes.Status503ServiceUnavailable, "SlowDown");
                return;
            case S3Fault.Denied:
                await ErrorAsync(http, StatusCodes.Status403Forbidden, "SignatureDoesNotMatch");
                return;
            case S3Fault.Full:
                await ErrorAsync(http, StatusCodes.Status507InsufficientStorage, "XMinioStorageFull");
                return;
            case S3Fault.Reset:
                http.Abort();
                return;
            case S3Fault.Hang:
                await new TaskCompletionSource().Task.WaitAsync(http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            default:
                await ObeyAsync(http);
                return;
        }
    }

    private async Task ObeyAsync(HttpContext http)
    {
        var parts = http.Request.Path.Value!.TrimStart('/').Split('/', 2);
        if (parts[0] != Bucket || http.Request.Headers.Authorization.Count == 0)
        {
            await ErrorAsync(http, StatusCodes.Status404NotFound, "NoSuchBucket");
            return;
        }

        var key = parts.Length == 2 ? parts[1] : "";
        if (key.Length == 0)
        {
            await ListAsync(http);
        }
        else if (HttpMethods.IsPut(http.Request.Method))
        {
            await PutAsync(http, key);
        }
        else if (HttpMethods.IsDelete(http.Request.Method))
        {
            _ = Objects.TryRemove(key, out _);
            http.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        else if (Objects.TryGetValue(key, out var bytes))
        {
            await GetAsync(http, bytes);
        }
        else
        {
            await ErrorAsync(http, StatusCodes.Status404NotFound, "NoSuchKey");
        }
    }

    private async Task PutAsync(HttpContext http, string key)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var bytes = body.ToArray();
        if (http.Request.Headers["x-amz-checksum-sha256"].ToString() != Convert.ToBase64String(SHA256.HashData(bytes)))
        {
            await ErrorAsync(http, StatusCodes.Status400BadRequest, "BadDigest");
            return;
        }

        Objects[key] = bytes;
        http.Response.Headers.ETag = "\"x\"";
    }

    private async Task GetAsync(HttpContext http, byte[] bytes)
    {
        var from = http.Request.Headers.Range.ToString() is { Length: > 0 } range ? int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture) : 0;
        http.Response.StatusCode = from > 0 ? StatusCodes.Status206PartialContent : StatusCodes.Status200OK;
        http.Response.ContentLength = bytes.Length - from;
        http.Response.Headers.LastModified = DateTimeOffset.UtcNow.ToString("R", CultureInfo.InvariantCulture);
        if (Fault == S3Fault.CutBody)
        {
            await http.Response.Body.WriteAsync(bytes.AsMemory(from, (bytes.Length - from) / 2));
            await http.Response.Body.FlushAsync();
            http.Abort();
            return;
        }

        await http.Response.Body.WriteAsync(bytes.AsMemory(from));
    }

    private async Task ListAsync(HttpContext http)
    {
        // Two to a page, so that there are several.
        var all = Objects.Keys.Where(key => key.StartsWith(http.Request.Query["prefix"].ToString(), StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        var start = http.Request.Query["continuation-token"].ToString() is { Length: > 0 } token ? int.Parse(token, CultureInfo.InvariantCulture) : 0;
        var page = all.Skip(start).Take(2).Select(key => $"<Contents><Key>{key}</Key><LastModified>2026-03-02T09:00:00.000Z</LastModified><Size>1</Size></Contents>");
        var more = start + 2 < all.Count;
        http.Response.ContentType = "application/xml";
        await http.Response.WriteAsync(
            $"<?xml version=\"1.0\"?><ListBucketResult><Name>{Bucket}</Name><IsTruncated>{(more ? "true" : "false")}</IsTruncated>"
            + (more ? $"<NextContinuationToken>{start + 2}</NextContinuationToken>" : "") + string.Concat(page) + "</ListBucketResult>");
    }

    private static Task ErrorAsync(HttpContext http, int status, string code)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/xml";
        return http.Response.WriteAsync($"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>Says the test.</Message></Error>");
    }
}
