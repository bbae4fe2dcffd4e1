using System.Collections.Concurrent;
using System.Globalization;
using PbxGrains.Testing;

namespace PbxGrains.EndToEnd.Tests.Faults;

/// <summary>A process as a service manager keeps it: started again whenever it has ended, also of itself.</summary>
/// <param name="name">What it is called.</param>
/// <param name="start">Starts it and waits until it is ready.</param>
internal sealed class ServicedHost(string name, Func<Task<HostProcess>> start) : IAsyncDisposable
{
    /// <summary>Twice what the product promises, whatever is broken meanwhile.</summary>
    public static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentQueue<string> _outputs = [];
    private volatile HostProcess? _process;
    private volatile TaskCompletionSource? _down;
    private Task _running = Task.CompletedTask;

    /// <summary>What it is called.</summary>
    public string Name => name;

    /// <summary>Times it ended without being asked, with its exit code.</summary>
    public ConcurrentQueue<string> UnaskedEnds { get; } = [];

    /// <summary>Why it could not be started, each time.</summary>
    public ConcurrentQueue<string> FailedStarts { get; } = [];

    /// <summary>All it printed, the processes before the present one included.</summary>
    public IEnumerable<string> Outputs => _process is { } running ? [.. _outputs, running.Output] : _outputs;

    /// <summary>True when it is ready.</summary>
    public bool IsUp => _process is not null;

    /// <summary>Starts it, and from then on again and again.</summary>
    public async Task StartAsync()
    {
        await StartAgainAsync();
        _running = Task.Run(KeepAsync);
    }

    /// <summary>Ends it without giving it a chance: SIGKILL. It stays down until <see cref="Release" />.</summary>
    public async Task KillAsync()
    {
        Hold();
        if (_process is { } process)
        {
            await process.KillAsync();
        }
    }

    /// <summary>Asks it to end: SIGTERM. It stays down until <see cref="Release" />.</summary>
    /// <returns>False when it did not end and had to be killed.</returns>
    public async Task<bool> StopAsync()
    {
        Hold();
        if (_process is not { } process)
        {
            return true;
        }

        await process.AskToEndAsync();
        try
        {
            _ = await process.EndedAsync().WaitAsync(EndsWithin);
            return true;
        }
        catch (TimeoutException)
        {
            await process.KillAsync();
            return false;
        }
    }

    /// <summary>It may be started again.</summary>
    public void Release() => Interlocked.Exchange(ref _down, null)?.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        Release();
        if (_process is { } process)
        {
            await process.KillAsync();
        }

        await _running;
        _ending.Dispose();
    }

    private void Hold() => _down ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task KeepAsync()
    {
        while (_process is { } process)
        {
            var code = await process.EndedAsync();
            _process = null;
            if (_down is null && !_ending.IsCancellationRequested)
            {
                UnaskedEnds.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{name} ended of itself with code {code}"));
            }

            await process.DisposeAsync();
            _outputs.Enqueue(process.Output);
            await StartAgainAsync();
        }
    }

    private async Task StartAgainAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            if (_down is { } down)
            {
                await down.Task;
                continue;
            }

            try
            {
                await StartOnceAsync();
                return;
            }
            catch (InvalidOperationException e)
            {
                // The database is just away, for example.
                FailedStarts.Enqueue($"{name}: {e.Message}");
                await Task.Delay(Pause);
            }
        }
    }

    private async Task StartOnceAsync()
    {
        var process = await start();
        _process = process;
        if (_down is not null || _ending.IsCancellationRequested)
        {
            // Asked for while it was starting.
            await process.KillAsync();
        }
    }
}
