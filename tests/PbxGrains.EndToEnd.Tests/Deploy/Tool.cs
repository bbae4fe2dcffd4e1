using System.Diagnostics;
using PbxGrains.Testing;

namespace PbxGrains.EndToEnd.Tests.Deploy;

/// <summary>What a program has said.</summary>
internal sealed record ToolAnswer(int ExitCode, string Output, string Errors);

/// <summary>Runs a program of the machine to its end.</summary>
internal static class Tool
{
    private static readonly string[] Folders = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries), "/usr/sbin", "/sbin"];

    /// <summary>The folder <c>deploy</c> of the repository.</summary>
    public static string DeployFolder { get; } = Path.Combine(Fixtures.RepositoryRoot, "deploy");

    /// <summary>True when this machine has the program.</summary>
    public static bool Has(string program) => Find(program) is not null;

    /// <summary>Path of a file below <c>deploy</c>.</summary>
    public static string In(params ReadOnlySpan<string> parts) => Path.Combine([DeployFolder, .. parts]);

    /// <summary>Runs a program.</summary>
    /// <param name="program">Its name or path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables besides those of the test; a null value takes one away.</param>
    public static async Task<ToolAnswer> RunAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(Find(program) ?? program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new ToolAnswer(process.ExitCode, output, await errors);
    }

    private static string? Find(string program) =>
        program.Contains('/', StringComparison.Ordinal) ? program : Folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
