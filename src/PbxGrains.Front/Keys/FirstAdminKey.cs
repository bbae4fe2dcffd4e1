using Microsoft.Extensions.Options;
using PbxGrains.Storage.Keys;

namespace PbxGrains.Front.Keys;

/// <summary>
/// Makes the first admin key: where the configured file holds no live admin key, one is created and written there,
/// readable by its owner only. Fronts that start together on one machine take turns, so that one key is made.
/// </summary>
internal sealed partial class FirstAdminKey(
    IOptions<FrontSettings> settings,
    ApiKeys keys,
    KnownKeys known,
    TimeProvider time,
    ILogger<FirstAdminKey> logger) : IHostedService
{
    private static readonly TimeSpan TurnPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(30);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.Value.AdminKeyFile is { Length: > 0 } path)
        {
            await EnsureAsync(Path.GetFullPath(path), cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task EnsureAsync(string path, CancellationToken ct)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var turn = await TakeTurnAsync(path + ".lock", ct);
        if (await HoldsLiveKeyAsync(path, ct))
        {
            return;
        }

        var key = ApiKey.Create();
        await WriteAsync(path, key, ct);
        await keys.AddAsync(new ApiKeyRow(key.Id, "first admin key", key.Hash(), Scope.Admin, time.GetUtcNow(), RevokedAt: null), ct);
        Log.Made(logger, key.Id, path);
    }

    private async Task<bool> HoldsLiveKeyAsync(string path, CancellationToken ct) =>
        File.Exists(path)
        && ApiKey.TryParse((await File.ReadAllTextAsync(path, ct)).Trim(), out var key)
        && await known.JudgeAsync(key, ct) is { Scope: Scope.Admin };

    private async Task<FileStream> TakeTurnAsync(string path, CancellationToken ct)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                return Open(path, FileMode.OpenOrCreate);
            }
            catch (IOException) when (time.GetElapsedTime(began) < LongestTurn)
            {
                await Task.Delay(TurnPause, time, ct);
            }
        }
    }

    private static async Task WriteAsync(string path, ApiKey key, CancellationToken ct)
    {
        var draft = $"{path}.{key.Id}";
        await using (var file = Open(draft, FileMode.CreateNew))
        await using (var writer = new StreamWriter(file))
        {
            await writer.WriteLineAsync(key.Text.AsMemory(), ct);
        }

        File.Move(draft, path, overwrite: true);
    }

    private static FileStream Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Made admin key {KeyId}; its text is in {Path}")]
        public static partial void Made(ILogger logger, string keyId, string path);
    }
}
