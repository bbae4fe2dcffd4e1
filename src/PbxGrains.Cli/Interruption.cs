using System.Runtime.InteropServices;

namespace PbxGrains.Cli;

/// <summary>
/// Ctrl-C and a polite kill: the first one ends the command in good order, the second one the process.
/// Heard from before the first question is on the screen.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _interrupted = new();
    private readonly PosixSignalRegistration _ctrlC;
    private readonly PosixSignalRegistration _kill;

    public Interruption()
    {
        _ctrlC = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        _kill = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _interrupted.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _ctrlC.Dispose();
        _kill.Dispose();
        _interrupted.Dispose();
    }

    private void Interrupt(PosixSignalContext signal)
    {
        if (!_interrupted.IsCancellationRequested)
        {
            signal.Cancel = true;
            _interrupted.Cancel();
        }
    }
}
