using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using PbxGrains.Testing;

namespace PbxGrains.EndToEnd.Tests.Running;

/// <summary>
/// nginx before several fronts, as an operator sets it up: each request to the next front in turn, nobody sticks to one,
/// buffering as it comes. Each answer names the front in the header <see cref="FrontHeader"/>.
/// </summary>
internal sealed class RoundRobinProxy : IAsyncDisposable
{
    /// <summary>Names the front that answered, as <c>127.0.0.1:port</c>; several when the first did not answer.</summary>
    public const string FrontHeader = "X-Front";

    /// <summary>Why tests are skipped where it is missing.</summary>
    public const string Missing = "nginx is not installed: apt-get install nginx-light";

    private const string Nginx = "/usr/sbin/nginx";

    private readonly DirectoryInfo _folder;
    private readonly Process _process;

    private RoundRobinProxy(DirectoryInfo folder, Process process, int port)
    {
        _folder = folder;
        _process = process;
        Port = port;
    }

    /// <summary>True when this machine has nginx.</summary>
    public static bool Exists => File.Exists(Nginx);

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="fronts">The fronts, in the order of their turns.</param>
    public static async Task<RoundRobinProxy> StartAsync(params IReadOnlyCollection<HostProcess> fronts)
    {
        var folder = Directory.CreateTempSubdirectory("pbxgrains-proxy-");
        var port = FreePort.Next();
        var file = Path.Combine(folder.FullName, "nginx.conf");
        await File.WriteAllTextAsync(file, Configuration(folder.FullName, port, fronts.Select(front => front.Port)));
        var log = Path.Combine(folder.FullName, "error.log");
        var process = Process.Start(new ProcessStartInfo(Nginx, ["-p", folder.FullName, "-e", log, "-c", file]) { UseShellExecute = false })!;
        var proxy = new RoundRobinProxy(folder, process, port);
        try
        {
            _ = await Eventually.Holds(proxy.ListensAsync, "nginx listens");
            return proxy;
        }
        catch (TimeoutException e)
        {
            var why = File.Exists(log) ? await File.ReadAllTextAsync(log) : "";
            await proxy.DisposeAsync();
            throw new InvalidOperationException($"nginx did not start: {why}", e);
        }
    }

    /// <summary>A client of the fronts behind it.</summary>
    /// <param name="like">Has the key.</param>
    public HttpClient Client(HttpClient like)
    {
        var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port}") };
        client.DefaultRequestHeaders.Authorization = like.DefaultRequestHeaders.Authorization;
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    // One process, so that it is ended by one id, and all it writes lies in its own folder.
    private static string Configuration(string folder, int port, IEnumerable<int> fronts) => $$"""
        daemon off;
        master_process off;
        pid {{folder}}/nginx.pid;
        events { worker_connections 512; }
        http {
            access_log off;
            client_body_temp_path {{folder}}/body;
            proxy_temp_path {{folder}}/proxy;
            fastcgi_temp_path {{folder}}/fastcgi;
            uwsgi_temp_path {{folder}}/uwsgi;
            scgi_temp_path {{folder}}/scgi;
            upstream fronts {
                {{string.Join(' ', fronts.Select(front => string.Create(CultureInfo.InvariantCulture, $"server 127.0.0.1:{front};")))}}
            }
            server {
                listen 127.0.0.1:{{port}};
                location / {
                    proxy_pass http://fronts;
                    proxy_http_version 1.1;
                    proxy_set_header Connection "";
                    proxy_set_header Host $http_host;
                    add_header {{FrontHeader}} $upstream_addr always;
                }
            }
        }
        """;

    private async Task<bool> ListensAsync()
    {
        if (_process.HasExited)
        {
            throw new TimeoutException($"It ended with code {_process.ExitCode}.");
        }

        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync("127.0.0.1", Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
