namespace PbxGrains.Cli.Configuration;

/// <summary>Where a setting comes from; what stands later wins.</summary>
internal enum SettingSource
{
    /// <summary>Nobody set it.</summary>
    Default,

    /// <summary>The settings file.</summary>
    File,

    /// <summary>An environment variable.</summary>
    Environment,

    /// <summary>The command line.</summary>
    Flag,
}

/// <summary>A setting as it is in force.</summary>
/// <param name="Value">Its value; null when it is not set.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="From">The flag, the variable or the file; empty for a default.</param>
internal sealed record Setting(string? Value, SettingSource Source, string From)
{
    /// <summary>The first that is set: flag, variable, file, default.</summary>
    public static Setting First(Setting? flag, Setting? variable, Setting? file, string? fallback) =>
        flag ?? variable ?? file ?? new Setting(fallback, SettingSource.Default, string.Empty);

    /// <summary>A setting, or null when it has no value.</summary>
    public static Setting? Of(string? value, SettingSource source, string from) => value is { Length: > 0 } ? new Setting(value, source, from) : null;
}

/// <summary>A setting as <c>pbx config show</c> shows it: a key only by its public part.</summary>
internal sealed record ShownSetting(string Name, string? Value, string Source, string From);
