using System.Net;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using PbxGrains.Yeastar.Http;

namespace PbxGrains.Yeastar.Client;

/// <summary>
/// A token and the paths it is used on: what both dialects share. The token stands in every query; it leaves this class
/// for the wire, and for whoever goes on with the session.
/// </summary>
internal sealed class PbxSession(PbxHttp http, PbxDialect dialect, string token) : IDisposable
{
    private readonly string _root = $"/api/{dialect.PathVersion()}/";
    private readonly string _token = Uri.EscapeDataString(token);

    /// <summary>What another process needs to go on with it.</summary>
    public PbxTicket Ticket { get; } = new(dialect, token);

    /// <summary>Our address as the PBX sees it.</summary>
    public IPAddress? LocalAddress => http.LocalAddress;

    /// <summary>Asks and reads the answer in its shape.</summary>
    public Task<PbxResult<TAnswer>> AskAsync<TAnswer>(string endpoint, ReadOnlyMemory<byte> body, JsonTypeInfo<TAnswer> shape, CancellationToken ct)
        where TAnswer : PbxAnswer =>
        http.PostAsync($"{_root}{endpoint}?token={_token}", endpoint, body, answer => answer.Read(shape), ct);

    /// <summary>Asks and puts the answer into the product's words.</summary>
    public Task<PbxResult<T>> AskAsync<TAnswer, T>(
        string endpoint, ReadOnlyMemory<byte> body, JsonTypeInfo<TAnswer> shape, Func<TAnswer, PbxResult<T>> words, CancellationToken ct)
        where TAnswer : PbxAnswer
        where T : notnull =>
        http.PostAsync($"{_root}{endpoint}?token={_token}", endpoint, body, answer => answer.Read(shape, words), ct);

    /// <summary>The same, of something that is asked again and again: an answer of the same bytes is not read again.</summary>
    public Task<PbxResult<T>> AskAsync<TAnswer, T>(
        string endpoint, ReadOnlyMemory<byte> body, JsonTypeInfo<TAnswer> shape, Func<TAnswer, PbxResult<T>> words, LastAnswer<T> last, CancellationToken ct)
        where TAnswer : PbxAnswer
        where T : notnull =>
        http.PostAsync($"{_root}{endpoint}?token={_token}", endpoint, body, answer => answer.Read(shape, words, last), ct);

    /// <summary>Asks for something to be done.</summary>
    public Task<PbxResult<Done>> DoAsync(string endpoint, ReadOnlyMemory<byte> body, CancellationToken ct) =>
        AskAsync<PbxAnswer, Done>(endpoint, body, PbxJson.Default.PbxAnswer, static _ => default(Done), ct);

    /// <summary>
    /// Opens a file in the PBX's two steps: a random that lives 30 seconds and works once, then the download with it.
    /// </summary>
    /// <param name="folder"><c>cdr</c> or <c>recording</c>.</param>
    /// <param name="fields">What to ask for; the download repeats it.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<PbxResult<Stream>> OpenAsync(string folder, IReadOnlyList<PbxField> fields, CancellationToken ct)
    {
        var random = await AskAsync($"{folder}/get_random", PbxRequestBody.Of([.. fields]), PbxJson.Default.RandomAnswer, ct);
        if (!random.Succeeded)
        {
            return random.Failure;
        }

        if (string.IsNullOrEmpty(random.Value.Random))
        {
            return WireFailures.Unexpected("The PBX gave no random for the download.");
        }

        var query = new StringBuilder($"{_root}{folder}/download?");
        foreach (var field in fields)
        {
            query.Append(field.Name).Append('=').Append(Uri.EscapeDataString(field.Text ?? "")).Append('&');
        }

        query.Append("random=").Append(Uri.EscapeDataString(random.Value.Random)).Append("&token=").Append(_token);
        return await http.OpenAsync(query.ToString(), $"{folder}/download", ct);
    }

    public void Dispose() => http.Dispose();
}
