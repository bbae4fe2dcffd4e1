using System.Text.Json;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Configuration;

/// <summary>
/// The settings file of a user, <c>$XDG_CONFIG_HOME/pbx/config.json</c> or <c>~/.config/pbx/config.json</c>. One that others can
/// change, or that holds a key and others can read, is refused: what it says cannot be trusted, or is known already.
/// </summary>
/// <param name="environment">Environment variables.</param>
internal sealed class SettingsFile(Func<string, string?> environment)
{
    private const UnixFileMode OthersCanRead = UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode OthersCanWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private (SavedSettings Settings, Func<string>? Problem)? _read;

    /// <summary>Where it is, or would be; null for somebody without a home.</summary>
    public string? Path { get; } = PathIn(environment);

    /// <summary>What it holds; nothing when there is none or it cannot be read.</summary>
    public SavedSettings Settings => Read().Settings;

    /// <summary>Why it must not be used, in the language of the flow, which may be known only after it was read; null when it may, also when there is none.</summary>
    public string? Problem => Read().Problem?.Invoke();

    /// <summary>Writes it: whole or not at all, for nobody else to read.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Save(SavedSettings settings)
    {
        // Who keeps it elsewhere and links to it goes on doing so.
        var target = new FileInfo(Path!).LinkTarget is null ? Path! : File.ResolveLinkTarget(Path!, returnFinalTarget: true)!.FullName;
        CreateFolder(System.IO.Path.GetDirectoryName(target)!);
        var part = $"{target}.{Guid.NewGuid():N}.part";
        try
        {
            using (var stream = new FileStream(part, Private(FileMode.CreateNew)))
            {
                JsonSerializer.Serialize(stream, settings, SettingsJson.Default.SavedSettings);
                stream.WriteByte((byte)'\n');
                stream.Flush(flushToDisk: true);
            }

            File.Move(part, target, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }

        _read = (settings, null);
    }

    private static string? PathIn(Func<string, string?> environment)
    {
        // What is not absolute counts as not set: that is the rule of the XDG base directories.
        var home = Absolute(environment("XDG_CONFIG_HOME")) ?? (Absolute(environment("HOME")) is { } own ? System.IO.Path.Combine(own, ".config") : Absolute(environment("APPDATA")));
        return home is null ? null : System.IO.Path.Combine(home, "pbx", "config.json");
    }

    private static string? Absolute(string? path) => path is { Length: > 0 } && System.IO.Path.IsPathFullyQualified(path) ? path : null;

    private (SavedSettings Settings, Func<string>? Problem) Read() => _read ??= ReadNow();

    private (SavedSettings Settings, Func<string>? Problem) ReadNow()
    {
        var nothing = new SavedSettings();
        if (Path is null || !File.Exists(Path))
        {
            return (nothing, null);
        }

        try
        {
            // The rights of the very file that is read, not of one that has taken its place since.
            using var stream = File.OpenRead(Path);
            var settings = JsonSerializer.Deserialize(stream, SettingsJson.Default.SavedSettings) ?? nothing;
            return (settings, Exposed(stream, settings));
        }
        catch (JsonException e)
        {
            return (nothing, () => Sentence.Of(Text.Settings_unreadable, Path, (e.LineNumber ?? 0) + 1));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (nothing, () => Sentence.Of(Text.Settings_unopened, Path, e.Message));
        }
    }

    private Func<string>? Exposed(FileStream stream, SavedSettings settings)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        var mode = File.GetUnixFileMode(stream.SafeFileHandle);
        return settings.ApiKey is not null && (mode & OthersCanRead) != UnixFileMode.None ? () => Sentence.Of(Text.Settings_readable, Path)
            : (mode & OthersCanWrite) != UnixFileMode.None ? () => Sentence.Of(Text.Settings_writable, Path)
            : null;
    }

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            _ = Directory.CreateDirectory(folder);
        }
        else
        {
            _ = Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    private static FileStreamOptions Private(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return options;
    }
}
