namespace PbxGrains.Cli.Terminals;

/// <summary>
/// A file that comes into being whole or not at all: it is written beside its name, as <c>NAME.part</c>, and gets its name when
/// everything has been written and is on the disk. One process at a time writes it.
/// </summary>
internal sealed class PartFile : IAsyncDisposable
{
    private readonly string _path;
    private bool _keep;
    private bool _done;

    private PartFile(string path, bool keep, FileStream stream)
    {
        _path = path;
        _keep = keep;
        Stream = stream;
    }

    /// <summary>What is written so far.</summary>
    public FileStream Stream { get; }

    /// <summary>Begins a file, or takes up one that was left unfinished.</summary>
    /// <param name="path">Its name when it is whole.</param>
    /// <param name="resumable">True to take up what is there, and to leave what there is when it stays unfinished.</param>
    /// <exception cref="IOException">It cannot be written, or another process is writing it.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static PartFile Open(string path, bool resumable) => new(
        path,
        resumable,
        new FileStream(path + ".part", resumable ? FileMode.OpenOrCreate : FileMode.Create, FileAccess.ReadWrite, FileShare.None));

    /// <summary>Forgets what was written so far.</summary>
    public void StartOver() => Stream.SetLength(0);

    /// <summary>Leaves nothing behind, whatever was written.</summary>
    public void Drop() => _keep = false;

    /// <summary>Leaves nothing behind when nothing was written.</summary>
    public void DropIfEmpty() => _keep &= Stream.Length > 0;

    /// <summary>Gives the file its name.</summary>
    /// <param name="overwrite">True to take the place of a file of that name.</param>
    /// <exception cref="IOException">The disk is full, or a file of that name has appeared meanwhile.</exception>
    public async Task CompleteAsync(bool overwrite)
    {
        Stream.Flush(flushToDisk: true);
        await Stream.DisposeAsync();
        File.Move(Stream.Name, _path, overwrite);
        _done = true;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Stream.DisposeAsync();
        if (!_done && !_keep)
        {
            File.Delete(Stream.Name);
        }
    }
}
