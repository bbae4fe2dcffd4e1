using System.Net;
using System.Net.Sockets;

namespace PbxGrains.Front.Subscriptions;

/// <summary>Finds the addresses of a host.</summary>
internal delegate Task<IPAddress[]> ResolveHost(string host, CancellationToken ct);

/// <summary>
/// The only way to targets: no redirects, no proxy, no cookies. The name is resolved here, every address is judged, and the
/// connection is made to the very address that was judged: what the name means a moment later does not matter.
/// </summary>
internal sealed class TargetHttp : IDisposable
{
    /// <summary>A name that came to mean another address is noticed after this long.</summary>
    private static readonly TimeSpan LongestConnection = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private const int LongestDrain = 16 * 1024;

    private readonly HttpMessageInvoker _http;
    private readonly TargetGuard _guard;
    private readonly ResolveHost _resolve;

    public TargetHttp(TargetGuard guard, ResolveHost resolve)
    {
        _guard = guard;
        _resolve = resolve;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            Credentials = null,
            ActivityHeadersPropagator = null,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = ConnectTimeout,
            ConnectCallback = ConnectAsync,
            MaxResponseDrainSize = LongestDrain,
            PooledConnectionLifetime = LongestConnection,
        });
    }

    /// <summary>Sends a request; the answer's body is not read yet.</summary>
    /// <exception cref="HttpRequestException">There was no answer; a <see cref="TargetRefusedException" /> inside says that the target may not be contacted.</exception>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct) => _http.SendAsync(request, ct);

    public void Dispose() => _http.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var scheme = context.InitialRequestMessage.RequestUri!.Scheme;
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await _resolve(host, ct);
        var permitted = addresses.Where(address => _guard.Refusal(address, scheme) is null).ToArray();
        if (permitted.Length == 0)
        {
            throw addresses.Length == 0 ? new SocketException((int)SocketError.HostNotFound) : new TargetRefusedException(_guard.Refusal(addresses[0], scheme)!);
        }

        SocketException? failure = null;
        foreach (var address in permitted)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), ct);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException error)
            {
                socket.Dispose();
                failure = error;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw failure!;
    }
}
