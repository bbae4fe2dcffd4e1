using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace PbxGrains.Storage.Recordings;

/// <summary>
/// A vault in a folder, for its owner only. A file is written beside the others under a name nobody reads, brought to the
/// disk, and then renamed: whoever is killed at any moment leaves a whole file or one that <see cref="SweepAsync" /> finds.
/// </summary>
/// <param name="folder">The folder; made when it is missing. Processes that share it share the vault.</param>
public sealed class FolderVault(string folder) : IRecordingVault
{
    private const int BufferSize = 80 * 1024;
    private const int NoSpaceLeft = 28;
    private const int QuotaExceeded = 122;
    private const int DiskFullOnWindows = unchecked((int)0x80070070);
    private const UnixFileMode OwnersFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _root = Path.GetFullPath(folder);

    private string Incoming => Path.Combine(_root, "incoming");

    /// <inheritdoc />
    public async Task<VaultReceipt> PutAsync(string recordingId, Stream content, CancellationToken ct)
    {
        var path = PathOf(recordingId);
        var temporary = Path.Combine(Incoming, $"{recordingId}-{Guid.NewGuid():N}.part");
        try
        {
            var (receipt, file) = await WriteAsync(temporary, content, ct);
            await using (file)
            {
                Guarded(() =>
                {
                    MakeFolder(Path.GetDirectoryName(path)!);
                    File.Move(temporary, path, overwrite: true);

                    // Once more after the rename: a journalled file system then has the new name on the disk too.
                    file.Flush(flushToDisk: true);
                });
            }

            return receipt;
        }
        finally
        {
            // Not there any more when all went well.
            TryDelete(temporary);
        }
    }

    /// <inheritdoc />
    public VaultSpace? Space()
    {
        try
        {
            // The folder is made by the first recording; until then its parents say where it will lie.
            var there = new DirectoryInfo(_root);
            while (there is { Exists: false, Parent: { } parent })
            {
                there = parent;
            }

            var drive = new DriveInfo(there.FullName);
            return new VaultSpace(drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <inheritdoc />
    public Task<Stream?> OpenAsync(string recordingId, long offset, CancellationToken ct)
    {
        var path = PathOf(recordingId);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        try
        {
            var file = new FileStream(path, new FileStreamOptions { Share = FileShare.Read | FileShare.Delete, Options = FileOptions.Asynchronous, BufferSize = 0 });
            file.Position = offset;
            return Task.FromResult<Stream?>(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(e);
        }
    }

    /// <inheritdoc />
    public Task DeleteAsync(string recordingId, CancellationToken ct)
    {
        var path = PathOf(recordingId);
        Guarded(() =>
        {
            if (File.Exists(path))
            {
                File.Delete(path);
            }
        });
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<VaultEntry> ListAsync([EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var first in Guarded(() => Children(_root)))
        {
            foreach (var second in Guarded(() => Children(first)))
            {
                await Task.Yield();
                ct.ThrowIfCancellationRequested();
                foreach (var file in Guarded(() => Directory.Exists(second) ? Directory.GetFiles(second) : []))
                {
                    var name = Path.GetFileName(file);
                    if (RecordingId.IsValid(name))
                    {
                        yield return new VaultEntry(name, new DateTimeOffset(Guarded(() => File.GetLastWriteTimeUtc(file))));
                    }
                }
            }
        }
    }

    /// <inheritdoc />
    public Task<int> SweepAsync(DateTimeOffset before, CancellationToken ct) => Task.FromResult(Guarded(() =>
    {
        var left = Directory.Exists(Incoming) ? Directory.GetFiles(Incoming, "*.part").Where(file => File.GetLastWriteTimeUtc(file) < before.UtcDateTime).ToList() : [];
        left.ForEach(File.Delete);
        return left.Count;
    }));

    private async Task<(VaultReceipt Receipt, FileStream File)> WriteAsync(string temporary, Stream content, CancellationToken ct)
    {
        var file = Guarded(() =>
        {
            MakeFolder(Incoming);
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Share = FileShare.Read | FileShare.Delete,
                Options = FileOptions.Asynchronous,
                BufferSize = 0,
            };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnersFile;
            }

            return new FileStream(temporary, options);
        });
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[BufferSize];
            var length = 0L;
            int read;
            while ((read = await content.ReadAsync(buffer, ct)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                length += read;
                await WriteAsync(file, buffer.AsMemory(0, read), ct);
            }

            Guarded(() => file.Flush(flushToDisk: true));
            return (new VaultReceipt(length, hash.GetHashAndReset()), file);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private static async Task WriteAsync(FileStream file, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        try
        {
            await file.WriteAsync(bytes, ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(e);
        }
    }

    /// <summary>Two levels of folders, since one with a million files serves nobody well.</summary>
    private string PathOf(string recordingId) => RecordingId.IsValid(recordingId)
        ? Path.Combine(_root, recordingId[..2], recordingId[2..4], recordingId)
        : throw new ArgumentException("A file in the vault is named by a recording's id.", nameof(recordingId));

    private static string[] Children(string parent) =>
        Directory.Exists(parent) ? [.. Directory.GetDirectories(parent).Where(path => Path.GetFileName(path) is { Length: 2 } name && name.All(char.IsAsciiHexDigitLower))] : [];

    /// <summary>Makes a folder and those above it up to the vault's own, each for itself: the mode holds for the last one only.</summary>
    private void MakeFolder(string path)
    {
        if (path.Length > _root.Length)
        {
            MakeFolder(Path.GetDirectoryName(path)!);
        }

        if (OperatingSystem.IsWindows())
        {
            _ = Directory.CreateDirectory(path);
        }
        else
        {
            _ = Directory.CreateDirectory(path, OwnersFolder);
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The sweep finds it.
        }
    }

    private static void Guarded(Action action) => Guarded(() =>
    {
        action();
        return true;
    });

    private static T Guarded<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(e);
        }
    }

    // What the system says names paths: it stays in the inner exception.
    private static VaultUnavailableException Unavailable(Exception e) => e switch
    {
        IOException { HResult: NoSpaceLeft or QuotaExceeded or DiskFullOnWindows } => new VaultUnavailableException(VaultFault.Full, "The disk of the recordings is full.", e),
        UnauthorizedAccessException => new VaultUnavailableException(VaultFault.Denied, "The folder of the recordings may not be written or read.", e),
        _ => new VaultUnavailableException(VaultFault.Unreachable, "The folder of the recordings cannot be used.", e),
    };
}
