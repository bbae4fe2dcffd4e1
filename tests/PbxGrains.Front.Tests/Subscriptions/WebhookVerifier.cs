using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using PbxGrains.Testing;

namespace PbxGrains.Front.Tests.Subscriptions;

/// <summary>
/// What receivers use: the npm packages <c>standardwebhooks</c> and <c>svix</c>, neither of which is ours. They are
/// installed once, exactly as the lock file says.
/// </summary>
internal static class WebhookVerifier
{
    private static readonly string Folder = Path.Combine(Fixtures.RepositoryRoot, "tests", "PbxGrains.Front.Tests", "Subscriptions", "verifier");

    private static readonly Lazy<Task> Installed = new(InstallAsync);

    /// <summary>Lets both check webhooks.</summary>
    /// <returns>For each <c>ok</c>, or what they think is wrong.</returns>
    public static async Task<IReadOnlyList<string>> CheckAsync(params (Webhook Webhook, string Secret)[] webhooks)
    {
        await Installed.Value;
        var lines = webhooks.Select(w => JsonSerializer.Serialize(new { secret = w.Secret, headers = w.Webhook.Headers, body = w.Webhook.Body }));
        var output = await RunAsync("node", ["verify.mjs"], string.Join('\n', lines) + "\n");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static async Task InstallAsync()
    {
        var installed = new FileInfo(Path.Combine(Folder, "node_modules", ".package-lock.json"));
        if (!installed.Exists || installed.LastWriteTimeUtc < File.GetLastWriteTimeUtc(Path.Combine(Folder, "package-lock.json")))
        {
            _ = await RunAsync("npm", ["ci", "--ignore-scripts"], "");
        }
    }

    private static async Task<string> RunAsync(string program, string[] arguments, string input)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed: {await error}");
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"'{program}' is not installed. Signatures are checked by npm packages: install Node.js 18 or later with npm (on Debian: apt-get install nodejs npm).", e);
        }
    }
}
