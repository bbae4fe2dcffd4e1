using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PbxGrains.Testing;

namespace PbxGrains.EndToEnd.Tests.Deploy;

/// <summary>A kind of proxy of which <c>deploy</c> has an example.</summary>
public enum ProxyKind
{
    /// <summary>nginx.</summary>
    Nginx,

    /// <summary>HAProxy.</summary>
    HAProxy,
}

/// <summary>An example of <c>deploy</c> with the addresses, ports and paths of a test, and a certificate made for it.</summary>
internal sealed class ExampleProxy : IAsyncDisposable
{
    private const string StreamModule = "/usr/lib/nginx/modules/ngx_stream_module.so";

    private readonly ProxyKind _kind;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pbxgrains-example-");
    private readonly string _file;
    private Process? _process;

    /// <summary>Writes the configuration.</summary>
    /// <param name="kind">Which proxy.</param>
    /// <param name="fronts">API and report port of two fronts on 127.0.0.1.</param>
    public ExampleProxy(ProxyKind kind, params IReadOnlyList<(int Api, int Reports)> fronts)
    {
        _kind = kind;
        _file = Path.Combine(_folder.FullName, "proxy.conf");
        WriteCertificate();
        var example = File.ReadAllText(kind == ProxyKind.Nginx ? Tool.In("nginx", "nginx.conf") : Tool.In("haproxy", "haproxy.cfg"));
        foreach (var (known, here) in Places(fronts))
        {
            example.Should().Contain(known, "the test replaces it");
            example = example.Replace(known, here, StringComparison.Ordinal);
        }

        File.WriteAllText(_file, example);
    }

    /// <summary>Where it serves the API, with TLS, on 127.0.0.1.</summary>
    public int ApiPort { get; } = FreePort.Next();

    /// <summary>Where it takes reports.</summary>
    public int ReportPort { get; } = FreePort.Next();

    /// <summary>True when this machine has the program, nginx with its stream module.</summary>
    public static bool Exists(ProxyKind kind) => kind == ProxyKind.Nginx ? Tool.Has("nginx") && File.Exists(StreamModule) : Tool.Has("haproxy");

    /// <summary>Lets the program judge the configuration.</summary>
    public Task<ToolAnswer> CheckAsync() => _kind == ProxyKind.Nginx
        ? Tool.RunAsync("nginx", ["-t", "-e", Path.Combine(_folder.FullName, "error.log"), "-c", _file])
        : Tool.RunAsync("haproxy", ["-c", "-f", _file]);

    /// <summary>Starts it and waits until it listens.</summary>
    public async Task StartAsync()
    {
        // One process, so that it is ended by one id.
        var start = _kind == ProxyKind.Nginx
            ? new ProcessStartInfo("/usr/sbin/nginx", ["-e", Path.Combine(_folder.FullName, "error.log"), "-c", _file, "-g", "daemon off; master_process off;"]) { UseShellExecute = false }
            : new ProcessStartInfo("/usr/sbin/haproxy", ["-db", "-f", _file]) { UseShellExecute = false, RedirectStandardOutput = true };
        _process = Process.Start(start)!;
        if (start.RedirectStandardOutput)
        {
            _process.BeginOutputReadLine();
        }

        _ = await Eventually.Holds(async () => await ListensAsync(ApiPort) && await ListensAsync(ReportPort), $"{_kind} listens");
    }

    /// <summary>A client that takes its certificate.</summary>
    /// <param name="like">Has the key.</param>
    public HttpClient Client(HttpClient like)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(Path.Combine(_folder.FullName, "certificate.pem")));
        var client = new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = trust } })
        {
            BaseAddress = new Uri($"https://127.0.0.1:{ApiPort}"),
        };
        client.DefaultRequestHeaders.Authorization = like.DefaultRequestHeaders.Authorization;
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            if (!_process.HasExited)
            {
                _process.Kill();
                await _process.WaitForExitAsync();
            }

            _process.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    private async Task<bool> ListensAsync(int port)
    {
        if (_process!.HasExited)
        {
            throw new TimeoutException($"{_kind} ended with code {_process.ExitCode}.");
        }

        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private IEnumerable<(string Known, string Here)> Places(IReadOnlyList<(int Api, int Reports)> fronts)
    {
        for (var front = 0; front < 2; front++)
        {
            yield return (string.Create(CultureInfo.InvariantCulture, $"10.20.0.{11 + front}:8080"), string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{fronts[front].Api}"));
            yield return (string.Create(CultureInfo.InvariantCulture, $"10.20.0.{11 + front}:8260"), string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{fronts[front].Reports}"));
        }

        if (_kind == ProxyKind.HAProxy)
        {
            yield return ("bind :443 ", $"bind 127.0.0.1:{ApiPort} ");
            yield return ("bind :8260\n", $"bind 127.0.0.1:{ReportPort}\n");
            yield return ("/etc/haproxy/tls/pbxgrains.pem", Path.Combine(_folder.FullName, "both.pem"));
            yield break;
        }

        yield return ("listen 80;", $"listen 127.0.0.1:{FreePort.Next()};");
        yield return ("listen 443 ", $"listen 127.0.0.1:{ApiPort} ");
        yield return ("listen 8260;", $"listen 127.0.0.1:{ReportPort};");
        yield return ("/etc/nginx/tls/pbxgrains.crt", Path.Combine(_folder.FullName, "certificate.pem"));
        yield return ("/etc/nginx/tls/pbxgrains.key", Path.Combine(_folder.FullName, "key.pem"));
        yield return ("/etc/nginx/pbxgrains-locations.conf", Tool.In("nginx", "pbxgrains-locations.conf"));
        yield return ("/run/nginx.pid", Path.Combine(_folder.FullName, "nginx.pid"));
        yield return ("/var/log/nginx/access.log", Path.Combine(_folder.FullName, "access.log"));
    }

    private void WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=pbx.example.com", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        var (open, secret) = (certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
        File.WriteAllText(Path.Combine(_folder.FullName, "certificate.pem"), open);
        File.WriteAllText(Path.Combine(_folder.FullName, "key.pem"), secret);
        File.WriteAllText(Path.Combine(_folder.FullName, "both.pem"), open + secret);
    }
}
