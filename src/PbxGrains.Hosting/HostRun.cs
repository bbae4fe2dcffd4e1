using Microsoft.Extensions.Hosting;
using PbxGrains.Storage.Migrations;

namespace PbxGrains.Hosting;

/// <summary>Runs a process of the product to its end.</summary>
public static class HostRun
{
    /// <summary>Exit code of a process that was configured in a way it cannot start with.</summary>
    public const int Refused = 78;

    /// <summary>
    /// Builds and runs a host. What the operator can mend (no connection string, a database newer than this binary) is said
    /// in one sentence on the error stream, without a stack trace, and ends the process with <see cref="Refused"/>.
    /// </summary>
    /// <param name="build">Builds the host.</param>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> ToEndAsync(Func<IHost> build)
    {
        try
        {
            await build().RunAsync();
            return 0;
        }
        catch (Exception e) when (e is StartRefusedException or DatabaseTooNewException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return Refused;
        }
    }
}

/// <summary>The process cannot start as it is configured; the message says what to set.</summary>
/// <param name="message">One English sentence for the operator.</param>
public sealed class StartRefusedException(string message) : InvalidOperationException(message);
