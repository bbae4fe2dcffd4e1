using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Api;

/// <summary>The front's HTTP API as the commands use it. Nothing is retried, nothing is followed elsewhere.</summary>
internal sealed partial class PbxApi : IDisposable
{
    // A probe may take a minute on a PBX that is slow at every step.
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(75);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(75);

    private readonly HttpClient _http;
    private readonly Uri _front;

    /// <summary>A client of one front.</summary>
    /// <param name="front">Its address.</param>
    /// <param name="key">API key.</param>
    public PbxApi(Uri front, string key)
    {
        _front = front;
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = ConnectTimeout })
        {
            BaseAddress = front,
            Timeout = AnswerTimeout,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }

    /// <inheritdoc cref="Routes.Sites" />
    public Task<ApiAnswer<IReadOnlyList<SiteResource>>> ListSites(CancellationToken ct) =>
        Send(HttpMethod.Get, Routes.Sites, null, ApiJson.Default.IReadOnlyListSiteResource, ct);

    /// <summary>One site.</summary>
    public Task<ApiAnswer<SiteResource>> FindSite(string siteId, CancellationToken ct) =>
        Send(HttpMethod.Get, Routes.Site(siteId), null, ApiJson.Default.SiteResource, ct);

    /// <summary>Saves a site that must be new, or must exist.</summary>
    public Task<ApiAnswer<SiteSaved>> SaveSite(string siteId, SiteInput site, bool update, CancellationToken ct) =>
        Send(
            HttpMethod.Put,
            Routes.Site(siteId),
            Json(site, ApiJson.Default.SiteInput),
            ApiJson.Default.SiteSaved,
            ct,
            headers => (update ? headers.IfMatch : headers.IfNoneMatch).Add(EntityTagHeaderValue.Any));

    /// <summary>Takes a site out of the registry.</summary>
    public Task<ApiAnswer<Nothing>> RemoveSite(string siteId, CancellationToken ct) =>
        Send<Nothing>(HttpMethod.Delete, Routes.Site(siteId), null, null, ct);

    /// <summary>Switches supervision off.</summary>
    public Task<ApiAnswer<SiteResource>> SuspendSite(string siteId, string? reason, CancellationToken ct) =>
        Send(HttpMethod.Post, Routes.Site(siteId) + "/suspend", Json(new SuspendInput(reason), ApiJson.Default.SuspendInput), ApiJson.Default.SiteResource, ct);

    /// <summary>Switches supervision, or logging in, on again.</summary>
    public Task<ApiAnswer<SiteResource>> ResumeSite(string siteId, CancellationToken ct) =>
        Send(HttpMethod.Post, Routes.Site(siteId) + "/resume", null, ApiJson.Default.SiteResource, ct);

    /// <summary>Makes a new webhook secret; the old one stays good for a while.</summary>
    public Task<ApiAnswer<WebhookResource>> RotateWebhookSecret(string siteId, int? overlapHours, CancellationToken ct) =>
        Send(HttpMethod.Post, Routes.Site(siteId) + "/webhook-secret", Json(new WebhookSecretInput(overlapHours), ApiJson.Default.WebhookSecretInput), ApiJson.Default.WebhookResource, ct);

    /// <summary>Tries a configuration without saving it.</summary>
    public Task<ApiAnswer<SiteProbeResult>> Probe(SiteProbe probe, CancellationToken ct) =>
        Send(HttpMethod.Post, Routes.Sites + "/probe", Json(probe, ApiJson.Default.SiteProbe), ApiJson.Default.SiteProbeResult, ct);

    /// <summary>All extensions of a site.</summary>
    public Task<ApiAnswer<IReadOnlyList<ExtensionResource>>> ListExtensions(string siteId, CancellationToken ct) =>
        Send(HttpMethod.Get, Routes.Site(siteId) + "/extensions", null, ApiJson.Default.IReadOnlyListExtensionResource, ct);

    /// <summary>Calls running now.</summary>
    public Task<ApiAnswer<IReadOnlyList<CallResource>>> ListCalls(string siteId, CancellationToken ct) =>
        Send(HttpMethod.Get, Routes.Calls(siteId), null, ApiJson.Default.IReadOnlyListCallResource, ct);

    /// <summary>Starts a call; the same key never starts a second one.</summary>
    public Task<ApiAnswer<OriginateResource>> Originate(string siteId, OriginateInput call, string idempotencyKey, CancellationToken ct) =>
        Send(
            HttpMethod.Post,
            Routes.Calls(siteId),
            Json(call, ApiJson.Default.OriginateInput),
            ApiJson.Default.OriginateResource,
            ct,
            headers => headers.Add("Idempotency-Key", idempotencyKey));

    /// <summary>Hangs up a call, or one extension's leg of it.</summary>
    public Task<ApiAnswer<Nothing>> HangUp(string siteId, string callId, string? extension, CancellationToken ct) =>
        Send<Nothing>(
            HttpMethod.Delete,
            $"{Routes.Calls(siteId)}/{Uri.EscapeDataString(callId)}{(extension is null ? "" : "?extension=" + Uri.EscapeDataString(extension))}",
            null,
            null,
            ct);

    /// <summary>All API keys, without their texts.</summary>
    public Task<ApiAnswer<IReadOnlyList<KeyResource>>> ListKeys(CancellationToken ct) =>
        Send(HttpMethod.Get, Routes.Keys, null, ApiJson.Default.IReadOnlyListKeyResource, ct);

    /// <summary>Makes an API key.</summary>
    public Task<ApiAnswer<KeyResource>> CreateKey(KeyInput key, CancellationToken ct) =>
        Send(HttpMethod.Post, Routes.Keys, Json(key, ApiJson.Default.KeyInput), ApiJson.Default.KeyResource, ct);

    /// <summary>Makes an API key worthless.</summary>
    public Task<ApiAnswer<Nothing>> RevokeKey(string keyId, CancellationToken ct) =>
        Send<Nothing>(HttpMethod.Delete, $"{Routes.Keys}/{Uri.EscapeDataString(keyId)}", null, null, ct);

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private static StringContent Json<T>(T value, JsonTypeInfo<T> type) =>
        new(JsonSerializer.Serialize(value, type), Encoding.UTF8, "application/json");

    private async Task<ApiAnswer<T>> Send<T>(
        HttpMethod method,
        string route,
        HttpContent? body,
        JsonTypeInfo<T>? type,
        CancellationToken ct,
        Action<HttpRequestHeaders>? headers = null)
        where T : class
    {
        using var request = new HttpRequestMessage(method, route) { Content = body };
        headers?.Invoke(request.Headers);
        try
        {
            using var response = await _http.SendAsync(request, ct);
            var text = await response.Content.ReadAsStringAsync(ct);
            return response.IsSuccessStatusCode ? Read(text, type) : new ApiAnswer<T>(null, text, ReadProblem(response, text));
        }
        catch (HttpRequestException)
        {
            return Failed<T>(ApiProblem.NotReachable, Text.Front_not_reachable);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Failed<T>(ApiProblem.NotReachable, Text.Front_silent);
        }
    }

    /// <summary>Asks for an answer that is read piece by piece; a refusal is read at once.</summary>
    private async Task<ApiAnswer<StreamedAnswer>> Open(
        HttpMethod method, string route, HttpContent? body, string mediaType, Action<HttpRequestHeaders>? headers, TimeSpan longestSilence, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, route) { Content = body };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(mediaType));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/problem+json", 0.5));
        headers?.Invoke(request.Headers);
        HttpResponseMessage? response = null;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            if (!response.IsSuccessStatusCode)
            {
                var text = await response.Content.ReadAsStringAsync(ct);
                return new ApiAnswer<StreamedAnswer>(null, text, ReadProblem(response, text));
            }

            var answer = new StreamedAnswer(response, await response.Content.ReadAsStreamAsync(ct), longestSilence);
            response = null;
            return new ApiAnswer<StreamedAnswer>(answer, string.Empty, null);
        }
        catch (HttpRequestException)
        {
            return Failed<StreamedAnswer>(ApiProblem.NotReachable, Text.Front_not_reachable);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Failed<StreamedAnswer>(ApiProblem.NotReachable, Text.Front_silent);
        }
        finally
        {
            response?.Dispose();
        }
    }

    private ApiAnswer<T> Read<T>(string text, JsonTypeInfo<T>? type)
        where T : class
    {
        if (type is null)
        {
            return new ApiAnswer<T>((T)(object)Nothing.Value, text, null);
        }

        try
        {
            return JsonSerializer.Deserialize(text, type) is { } value
                ? new ApiAnswer<T>(value, text, null)
                : Failed<T>(ApiProblem.NotTheApi, Text.Front_something_else);
        }
        catch (JsonException)
        {
            return Failed<T>(ApiProblem.NotTheApi, Text.Front_something_else);
        }
    }

    private ApiProblem ReadProblem(HttpResponseMessage response, string text)
    {
        var problem = TryReadProblem(response, text);
        var status = (int)response.StatusCode;
        return problem is not null
            ? problem with { Status = status, RetryAfterSeconds = (int?)response.Headers.RetryAfter?.Delta?.TotalSeconds }
            : response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
                ? new ApiProblem { Status = status, Detail = Text.Key_refused }
                : status is >= 300 and < 500
                    ? Failed<Nothing>(ApiProblem.NotTheApi, Text.Front_something_else).Problem!
                    : new ApiProblem { Status = status };
    }

    private static ApiProblem? TryReadProblem(HttpResponseMessage response, string text)
    {
        if (response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) is not true)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(text, ApiJson.Default.ApiProblem);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Something else than the API answered.</summary>
    public ApiProblem NotTheApi() => Failed<Nothing>(ApiProblem.NotTheApi, Text.Front_something_else).Problem!;

    private ApiAnswer<T> Failed<T>(string code, string sentence)
        where T : class =>
        new(null, string.Empty, new ApiProblem { Code = code, Detail = Sentence.Of(sentence, _front.GetLeftPart(UriPartial.Authority)) });

    private static partial class Routes
    {
        /// <summary>All sites.</summary>
        public const string Sites = "api/pbx/sites";

        public const string Keys = "api/pbx/keys";

        public const string Agents = "api/pbx/agents";

        public static string Site(string siteId) => $"{Sites}/{Uri.EscapeDataString(siteId)}";

        public static string Calls(string siteId) => Site(siteId) + "/calls";
    }
}
