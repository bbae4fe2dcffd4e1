using System.Diagnostics;
using System.Globalization;
using PbxGrains.Testing;

namespace PbxGrains.Benchmarks.Running;

/// <summary>
/// A built program as a process of its own, held to one core of the machine where asked: so the load and what is measured do
/// not take each other's time. What is started here is ended by its own id.
/// </summary>
internal sealed class PinnedProcess : IAsyncDisposable
{
    private const int LinesKept = 200;

    private readonly Process _process;
    private readonly Queue<string> _output = new();
    private bool _disposed;

    private PinnedProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, e) => Keep(e.Data);
        process.ErrorDataReceived += (_, e) => Keep(e.Data);
    }

    /// <summary>Its id.</summary>
    public int Id => _process.Id;

    /// <summary>True once it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Processor time it has used since it was started.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Memory it holds, in bytes.</summary>
    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>The last it printed.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return string.Join(Environment.NewLine, _output);
            }
        }
    }

    /// <summary>Starts one.</summary>
    /// <param name="program">Its assembly.</param>
    /// <param name="core">The core it is held to; null for any.</param>
    /// <param name="environment">Its settings.</param>
    /// <param name="arguments">Its arguments.</param>
    public static PinnedProcess Start(string program, int? core, IReadOnlyDictionary<string, string>? environment = null, params string[] arguments)
    {
        string[] command = core is { } number && OperatingSystem.IsLinux() ? ["taskset", "-c", number.ToString(CultureInfo.InvariantCulture), "dotnet"] : ["dotnet"];
        var start = new ProcessStartInfo(command[0], [.. command[1..], program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(program),
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        var started = new PinnedProcess(Process.Start(start)!);
        started._process.BeginOutputReadLine();
        started._process.BeginErrorReadLine();
        return started;
    }

    /// <summary>Waits until something holds, and not longer than it lives.</summary>
    public async Task UntilAsync(Func<Task<bool>> holds, string what, TimeSpan within)
    {
        try
        {
            _ = await Eventually.Holds(async () => HasEnded ? throw new TimeoutException($"It ended with code {_process.ExitCode}.") : await holds(), what, within);
        }
        catch (TimeoutException e)
        {
            throw new InvalidOperationException($"{what}: {e.Message} It printed:{Environment.NewLine}{Output}", e);
        }
    }

    /// <summary>Asks it to end, as an operator does: SIGTERM.</summary>
    public void AskToEnd()
    {
        using var kill = Process.Start("kill", ["-TERM", Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Ends it without giving it a chance: SIGKILL.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Waits until it has ended.</summary>
    public Task EndedAsync(CancellationToken ct) => _process.WaitForExitAsync(ct);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (!_process.HasExited)
        {
            Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            _output.Enqueue(line ?? "");
            if (_output.Count > LinesKept)
            {
                _ = _output.Dequeue();
            }
        }
    }
}
