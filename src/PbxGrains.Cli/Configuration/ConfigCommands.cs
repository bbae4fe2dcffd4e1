using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PbxGrains.Cli.Sites;
using PbxGrains.Cli.Terminals;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Configuration;

/// <summary><c>pbx config …</c>: the settings file.</summary>
internal static class ConfigCommands
{
    private const string Url = "url";
    private const string ApiKey = "api-key";
    private const string ApiKeyFile = "api-key-file";
    private const string LanguageName = "language";

    private static readonly string[] Names = [Url, ApiKey, ApiKeyFile, LanguageName];

    /// <summary>Builds the command with its subcommands.</summary>
    public static Command Build(GlobalOptions options) => new("config", Text.Command_config)
    {
        Show(options),
        Set(options),
        Path(options),
    };

    private static Command Show(GlobalOptions options)
    {
        var command = new Command("show", Text.Command_config_show);
        options.RunLocally(command, (parse, terminal, _) =>
        {
            var settings = ShownSettings(options.Settings(parse));
            if (terminal.OnlyJson)
            {
                terminal.Result(JsonSerializer.Serialize(settings, SettingsJson.Default.IReadOnlyListShownSetting));
            }
            else
            {
                terminal.Rows(
                    [Text.Column_setting, Text.Column_value, Text.Column_from_where],
                    [.. settings.Select(one => (IReadOnlyList<string>)[one.Name, one.Value ?? LocalTime.Unknown, Sentence.Of(Sentence.OfValue("Setting_source", one.Source), one.From)])]);
            }

            return Task.FromResult(options.SettingsFile.Problem is { } problem ? Failed(terminal, problem, ExitCode.NotAuthorised) : ExitCode.Ok);
        });
        return command;
    }

    private static Command Path(GlobalOptions options)
    {
        var command = new Command("path", Text.Command_config_path);
        options.RunLocally(command, (_, terminal, _) =>
        {
            if (options.SettingsFile.Path is not { } path)
            {
                return Task.FromResult(Failed(terminal, Text.Settings_homeless, ExitCode.Refused));
            }

            terminal.Result(path);
            return Task.FromResult(ExitCode.Ok);
        });
        return command;
    }

    private static Command Set(GlobalOptions options)
    {
        var name = new Argument<string>("name") { Description = Text.Argument_setting, HelpName = string.Join('|', Names) };
        _ = name.AcceptOnlyFromAmong(Names);
        var value = new Argument<string?>("value") { Description = Text.Argument_setting_value, Arity = ArgumentArity.ZeroOrOne };
        var stdin = new Option<bool>("--stdin") { Description = Text.Option_setting_stdin };
        var unset = new Option<bool>("--unset") { Description = Text.Option_setting_unset };
        var command = new Command("set", Text.Command_config_set) { name, value, stdin, unset };
        options.RunLocally(command, async (parse, terminal, ct) =>
        {
            var setting = parse.GetRequiredValue(name);
            var (text, complaint) = parse.GetValue(unset)
                ? (parse.GetValue(value) is null ? default : Checked.Bad(Text.Setting_unset_or_value))
                : await ReadAsync(setting, parse.GetValue(value), parse.GetValue(stdin), terminal, ct);
            return complaint is null ? Save(options.SettingsFile, setting, text, terminal) : Failed(terminal, complaint, ExitCode.Usage);
        });
        return command;
    }

    private static async Task<Checked> ReadAsync(string setting, string? given, bool stdin, Terminal terminal, CancellationToken ct)
    {
        if (setting == ApiKey && given is not null)
        {
            return Checked.Bad(Text.Setting_key_on_command_line);
        }

        var text = given
            ?? (stdin ? await terminal.Input.ReadLineAsync(ct)
                : !terminal.Interactive ? null
                : setting == ApiKey ? await terminal.AskHidden(Text.Ask_key, ct)
                : await terminal.Ask(Sentence.Of(Text.Ask_setting, setting), suggestion: null, ct));
        return (setting, text?.Trim()) switch
        {
            (_, null) => Checked.Bad(setting == ApiKey ? Text.Setting_key_missing : Text.Setting_value_missing),
            (Url, var url) => Uri.TryCreate(url, UriKind.Absolute, out var front) && front.Scheme is "http" or "https" ? Checked.Good(url) : Checked.Bad(Sentence.Of(Text.Url_unusable, url)),
            (ApiKey, var key) => SettingsInForce.IsKey(key) ? Checked.Good(key) : Checked.Bad(Text.Key_unusable),
            (LanguageName, var language) => Language.Names.Contains(language, StringComparer.Ordinal) ? Checked.Good(language) : Checked.Bad(Sentence.Of(Text.Setting_language, language)),
            (_, var file) => File.Exists(file) ? Checked.Good(System.IO.Path.GetFullPath(file)) : Checked.Bad(Sentence.Of(Text.Key_file_missing, file)),
        };
    }

    private static ExitCode Save(SettingsFile file, string setting, string? value, Terminal terminal)
    {
        if (file.Path is not { } path)
        {
            return Failed(terminal, Text.Settings_homeless, ExitCode.Refused);
        }

        // Rights that are too wide are put right by writing; what cannot be read is not written over.
        var settings = file.Settings;
        if (file.Problem is { } problem && settings == new SavedSettings())
        {
            return Failed(terminal, problem, ExitCode.Refused);
        }

        try
        {
            file.Save(setting switch
            {
                Url => settings with { Url = value },
                ApiKey => settings with { ApiKey = value, ApiKeyFile = value is null ? settings.ApiKeyFile : null },
                ApiKeyFile => settings with { ApiKeyFile = value, ApiKey = value is null ? settings.ApiKey : null },
                _ => settings with { Language = value },
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Failed(terminal, Sentence.Of(Text.File_unwritable, path, e.Message), ExitCode.Refused);
        }

        terminal.Good(Sentence.Of(value is null ? Text.Setting_unset : Text.Setting_saved, setting, path));
        return ExitCode.Ok;
    }

    private static IReadOnlyList<ShownSetting> ShownSettings(SettingsInForce settings) =>
    [
        Shown(Url, settings.Url, settings.Url.Value),
        settings.KeyIsFile ? Shown(ApiKeyFile, settings.Key, settings.Key.Value) : Shown(ApiKey, settings.Key, PublicPartOf(settings.Key.Value!)),
        Shown(LanguageName, settings.Language, settings.Language.Value ?? CultureInfo.CurrentUICulture.TwoLetterISOLanguageName),
    ];

    private static ShownSetting Shown(string name, Setting setting, string? value) =>
        new(name, value, JsonNamingPolicy.CamelCase.ConvertName(setting.Source.ToString()), setting.From);

    // pbx_{id}_{secret}: the id names the key in lists and logs.
    private static string PublicPartOf(string key) => key.Split('_') is ["pbx", { Length: > 0 } id, { Length: > 0 }, ..] ? $"pbx_{id}_…" : "…";

    private static ExitCode Failed(Terminal terminal, string sentence, ExitCode exit)
    {
        terminal.Fail(sentence);
        return exit;
    }
}
