using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Configuration;

/// <summary>What holds for one run: flags beat environment variables, which beat the settings file.</summary>
/// <param name="Url">Address of the front.</param>
/// <param name="Key">API key, or the file that holds it.</param>
/// <param name="KeyIsFile">True when it is a file.</param>
/// <param name="Language">Language that was asked for; null leaves it to the locale.</param>
internal sealed record SettingsInForce(Setting Url, Setting Key, bool KeyIsFile, Setting Language)
{
    private const string DefaultUrl = "http://localhost:8080";

    /// <summary>Variable that names the language of this command alone.</summary>
    public const string LanguageVariable = "PBX_LANG";

    /// <summary>Finds out what holds.</summary>
    /// <param name="flags">What the command line says.</param>
    /// <param name="environment">Environment variables.</param>
    /// <param name="file">The settings file.</param>
    public static SettingsInForce Of(SettingFlags flags, Func<string, string?> environment, SettingsFile file)
    {
        var saved = file.Settings;
        var path = file.Path ?? string.Empty;
        var keyOrFile = Setting.Of(flags.Key, SettingSource.Flag, "--key") is { } given ? (given, IsFile: false)
            : Setting.Of(flags.KeyFile, SettingSource.Flag, "--key-file") is { } givenFile ? (givenFile, IsFile: true)
            : Variable("PBX_API_KEY") is { } variable ? (variable, IsFile: false)
            : Variable("PBX_API_KEY_FILE") is { } variableFile ? (variableFile, IsFile: true)
            : Setting.Of(saved.ApiKey, SettingSource.File, path) is { } kept ? (kept, IsFile: false)
            : (Setting.Of(saved.ApiKeyFile, SettingSource.File, path) ?? new Setting(null, SettingSource.Default, string.Empty), IsFile: true);
        return new SettingsInForce(
            Setting.First(Setting.Of(flags.Url, SettingSource.Flag, "--url"), Variable("PBX_URL"), Setting.Of(saved.Url, SettingSource.File, path), DefaultUrl),
            keyOrFile.Item1,
            keyOrFile.IsFile,
            Setting.First(Setting.Of(flags.Language, SettingSource.Flag, "--lang"), Variable(LanguageVariable), Setting.Of(saved.Language, SettingSource.File, path), null));

        Setting? Variable(string name) => Setting.Of(environment(name), SettingSource.Environment, name);
    }

    /// <summary>The front's address; null when it is none.</summary>
    public Uri? Front() =>
        Uri.TryCreate(Url.Value!.EndsWith('/') ? Url.Value : Url.Value + "/", UriKind.Absolute, out var front) && front.Scheme is "http" or "https" ? front : null;

    /// <summary>The key itself, or why there is none.</summary>
    public (string? Key, string Problem) ReadKey()
    {
        if (Key.Value is not { } value)
        {
            return (null, Text.Key_missing);
        }

        if (!KeyIsFile)
        {
            return Checked(value.Trim(), Text.Key_unusable);
        }

        try
        {
            return Checked(File.ReadAllText(value).Trim(), Sentence.Of(Text.Key_file_unusable, value));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, Sentence.Of(Text.Key_file_unreadable, value, e.Message));
        }
    }

    // A header value: visible ASCII only. A line break in it would end the header.
    private static (string? Key, string Problem) Checked(string key, string problem) => IsKey(key) ? (key, string.Empty) : (null, problem);

    /// <summary>Whether a text can be a key.</summary>
    public static bool IsKey(string key) => key.Length is > 0 and <= 512 && key.All(c => c is > ' ' and < (char)127);
}

/// <summary>What the command line says about settings; null where it says nothing.</summary>
internal sealed record SettingFlags(string? Url, string? Key, string? KeyFile, string? Language)
{
    /// <inheritdoc />
    public override string ToString() => "(flags)";
}
