using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Yeastar.Http;

/// <summary>
/// An open TCP connection to a PBX, TLS included when the address asks for it. Opening is a step of its own, apart from
/// HTTP: whatever fails in here failed before a byte of a request left.
/// </summary>
internal sealed class PbxLine : IDisposable
{
    private readonly Stream _stream;
    private int _taken;

    private PbxLine(Stream stream, IPAddress localAddress)
    {
        _stream = stream;
        LocalAddress = localAddress;
    }

    /// <summary>Our address as the PBX sees it, unless a router changes it.</summary>
    public IPAddress LocalAddress { get; }

    /// <summary>True once HTTP has it: a request may have left.</summary>
    public bool IsTaken => Volatile.Read(ref _taken) != 0;

    /// <summary>Connects within a time limit that covers name, TCP and TLS.</summary>
    /// <param name="address">Scheme, host and port.</param>
    /// <param name="accepts">Judges the certificate; not asked for plain HTTP.</param>
    /// <param name="refusal">The sentence when it does not accept.</param>
    /// <param name="limit">Time limit.</param>
    /// <param name="time">Clock of the limit.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<PbxResult<PbxLine>> OpenAsync(
        Uri address, Func<X509Certificate2, SslPolicyErrors, bool> accepts, string refusal, TimeSpan limit, TimeProvider time, CancellationToken ct)
    {
        using var deadline = new Deadline(limit, time, ct);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        var refused = false;
        var opened = false;

        try
        {
            await socket.ConnectAsync(new DnsEndPoint(address.IdnHost, address.Port), deadline.Token).ConfigureAwait(false);
            stream = new NetworkStream(socket, ownsSocket: true);

            if (address.Scheme == Uri.UriSchemeHttps)
            {
                var secure = new SslStream(stream, leaveInnerStreamOpen: false);
                stream = secure;
                await secure.AuthenticateAsClientAsync(Options(address, Judge), deadline.Token).ConfigureAwait(false);
            }

            var line = new PbxLine(stream, LocalAddressOf(socket));
            opened = true;
            return line;
        }
        catch (OperationCanceledException) when (!deadline.CallerGaveUp)
        {
            return new PbxFailure(PbxFailureKind.NotReached, $"The PBX did not take the connection within {limit.TotalSeconds:0.#} s.");
        }
        catch (SocketException e)
        {
            return new PbxFailure(PbxFailureKind.NotReached, MessageOf(e.SocketErrorCode));
        }
        catch (AuthenticationException) when (refused)
        {
            return new PbxFailure(PbxFailureKind.CertificateRefused, refusal);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            return new PbxFailure(PbxFailureKind.NotReached, "The PBX answered on this port, but not with a TLS handshake we can complete.");
        }
        finally
        {
            if (!opened)
            {
                stream?.Dispose();
                socket.Dispose();
            }
        }

        bool Judge(X509Certificate? certificate, SslPolicyErrors errors)
        {
            refused = certificate is not X509Certificate2 shown || !accepts(shown, errors);
            return !refused;
        }
    }

    /// <summary>What to speak HTTP over, for one request.</summary>
    /// <exception cref="IOException">It was taken before: a request is not sent twice.</exception>
    public Stream Take() => Interlocked.Exchange(ref _taken, 1) == 0 ? _stream : throw new IOException("A request is not sent twice.");

    public void Dispose() => _stream.Dispose();

    private static SslClientAuthenticationOptions Options(Uri address, Func<X509Certificate?, SslPolicyErrors, bool> judge) => new()
    {
        TargetHost = address.IdnHost,
        RemoteCertificateValidationCallback = (_, certificate, _, errors) => judge(certificate, errors),
        // A certificate must not send us to addresses it names.
        CertificateChainPolicy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck },
    };

    private static IPAddress LocalAddressOf(Socket socket)
    {
        var address = ((IPEndPoint)socket.LocalEndPoint!).Address;
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    private static string MessageOf(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "Nothing listens at the PBX's address and port.",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "The PBX's host name is not known.",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "There is no route to the PBX.",
        _ => $"The PBX cannot be reached ({error}).",
    };
}
