using System.Diagnostics;
using System.Globalization;
using PbxGrains.Benchmarks.Load;

namespace PbxGrains.Benchmarks.Running;

/// <summary>Runs a <see cref="LeanLoad"/> and reads what the server costs while it counts.</summary>
internal static class LoadProcess
{
    /// <summary>Connections of every load.</summary>
    public const int Connections = 64;

    /// <summary>Runs it to its end.</summary>
    /// <param name="port">Where the server listens on 127.0.0.1.</param>
    /// <param name="paths">Where the reports go, in turn.</param>
    /// <param name="warmUp">How long before it counts.</param>
    /// <param name="measured">How long it counts.</param>
    /// <param name="costs">Read when it begins to count and when it ends.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task<(LoadOutcome Outcome, TimeSpan[] Cpu)> RunAsync(
        int port, IReadOnlyList<string> paths, TimeSpan warmUp, TimeSpan measured, Func<ProcessCost[]> costs, CancellationToken ct)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var argument in (string[])[typeof(LoadProcess).Assembly.Location, LeanLoad.Option, Text(port), Text(Connections), Text(warmUp.TotalSeconds), Text(measured.TotalSeconds)])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        try
        {
            foreach (var path in paths)
            {
                await process.StandardInput.WriteLineAsync(path.AsMemory(), ct);
            }

            process.StandardInput.Close();
            Expect(await process.StandardOutput.ReadLineAsync(ct) == LeanLoad.Begin);
            var before = costs();
            var outcome = await process.StandardOutput.ReadLineAsync(ct);
            var after = costs();
            Expect(outcome is not null);
            await process.WaitForExitAsync(ct);
            Expect(process.ExitCode == 0);
            return (LoadOutcome.Read(outcome!), [.. after.Zip(before, (later, earlier) => later.Since(earlier))]);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static void Expect(bool held)
    {
        if (!held)
        {
            throw new InvalidOperationException("The load broke off: a report was refused, or a server hung up; it says which above.");
        }
    }

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
