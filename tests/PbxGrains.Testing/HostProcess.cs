using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace PbxGrains.Testing;

/// <summary>A host of the product as a process of its own. What the test starts, the test ends by its own id.</summary>
public sealed class HostProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Lazy<Task<int>> _ended;

    private HostProcess(Process process, int port, string siloPort)
    {
        _process = process;
        _ended = new Lazy<Task<int>>(CodeAsync);
        Id = process.Id;
        Port = port;
        SiloPort = siloPort;
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(60) };
        process.OutputDataReceived += (_, e) => Keep(e.Data);
        process.ErrorDataReceived += (_, e) => Keep(e.Data);
    }

    /// <summary>Its process id.</summary>
    public int Id { get; }

    /// <summary>Port of its HTTP API.</summary>
    public int Port { get; }

    /// <summary>Port it is known by in the cluster; empty when it is no part of one.</summary>
    public string SiloPort { get; }

    /// <summary>Talks to it.</summary>
    public HttpClient Http { get; }

    /// <summary>All it printed.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts one of the product's hosts and waits until it is ready.</summary>
    /// <param name="assembly">The program without <c>.dll</c>: its name when it is beside the one that runs, else its path.</param>
    /// <param name="port">Where it will answer <c>/health/ready</c>.</param>
    /// <param name="environment">Its settings.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="InvalidOperationException">It did not become ready; the message holds what it printed.</exception>
    public static async Task<HostProcess> StartAsync(string assembly, int port, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, assembly + ".dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(program),
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var host = new HostProcess(Process.Start(start)!, port, environment.GetValueOrDefault("Cluster__SiloPort", ""));
        host._process.BeginOutputReadLine();
        host._process.BeginErrorReadLine();
        try
        {
            _ = await Eventually.Holds(host.IsReadyAsync, $"{assembly} is ready", TimeSpan.FromSeconds(180));
        }
        catch (TimeoutException e)
        {
            var output = host.Output;
            await host.DisposeAsync();
            throw new InvalidOperationException($"{assembly} did not become ready. It printed:{Environment.NewLine}{output}", e);
        }

        return host;
    }

    /// <summary>Ends it without giving it a chance: SIGKILL.</summary>
    public async Task KillAsync()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended already.
        }

        _ = await EndedAsync();
    }

    /// <summary>Waits until it has ended, of itself or not. Several may wait, also beyond its disposal.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> EndedAsync() => _ended.Value;

    /// <summary>Asks it to end, as a service manager does: SIGTERM.</summary>
    public Task AskToEndAsync() => SignalAsync("TERM");

    /// <summary>Asks it to end, as service managers do: SIGTERM.</summary>
    /// <returns>How long it took.</returns>
    /// <exception cref="InvalidOperationException">It ended with another code than 0; the message holds what it printed.</exception>
    public async Task<TimeSpan> TerminateAsync()
    {
        var clock = Stopwatch.StartNew();
        await SignalAsync("TERM");
        var code = await EndedAsync();
        return code == 0 ? clock.Elapsed : throw new InvalidOperationException($"It ended with code {code}. It printed:{Environment.NewLine}{Output}");
    }

    /// <summary>Sends it a signal.</summary>
    /// <param name="name"><c>TERM</c> for example.</param>
    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>True once it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private async Task<bool> IsReadyAsync()
    {
        if (_process.HasExited)
        {
            throw new TimeoutException($"It ended with code {_process.ExitCode}.");
        }

        try
        {
            using var answer = await Http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<int> CodeAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            _ = _output.AppendLine(line);
        }
    }
}
