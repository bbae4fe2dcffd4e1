using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PbxGrains.Storage.Migrations;

namespace PbxGrains.Hosting;

/// <summary>Runs a process of the product to its end.</summary>
public static class HostRun
{
    /// <summary>Exit code of a process that was configured in a way it cannot start with.</summary>
    public const int Refused = 78;

    /// <summary>Exit code of a process that ended without having signed off, because that took too long.</summary>
    public const int CutShort = 75;

    /// <summary>
    /// What a host may take beyond <see cref="HostOptions.ShutdownTimeout" />, which its parts are only asked to keep: a silo
    /// that cannot reach the database tries to sign off for longer.
    /// </summary>
    private static readonly TimeSpan Overtime = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Builds and runs a host. What the operator can mend (no connection string, a database newer than this binary) is said
    /// in one sentence on the error stream, without a stack trace, and ends the process with <see cref="Refused"/>. Once asked
    /// to end, the process ends in time: at worst with <see cref="CutShort" />, as if it had been killed, which loses nothing.
    /// </summary>
    /// <param name="build">Builds the host.</param>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> ToEndAsync(Func<IHost> build)
    {
        try
        {
            var host = build();
            var limit = host.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout + Overtime;
            var asked = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;

            var run = host.RunAsync();
            await run.WaitAsync(asked).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await run.WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (run.IsCompleted)
            {
                await run;
                return 0;
            }

            // Straight to the stream: the log is written by a thread that does not outlive us.
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Had not ended {limit.TotalSeconds:0} s after being asked to, as when the database is away. Ending without signing off: the others take over as after a crash, and nothing is lost."));
            return CutShort;
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
