using System.CommandLine;
using PbxGrains.Cli.Api;
using PbxGrains.Cli.Configuration;
using PbxGrains.Cli.Terminals;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli;

/// <summary>Options every command takes, and the session that follows from them.</summary>
/// <param name="terminal">Where commands write and ask.</param>
/// <param name="environment">Environment variables.</param>
/// <param name="settings">The settings file.</param>
/// <param name="time">The clock.</param>
internal sealed class GlobalOptions(Terminal terminal, Func<string, string?> environment, SettingsFile settings, TimeProvider time)
{
    private readonly Option<string?> _url = new("--url") { Description = Text.Option_url, HelpName = "url", Recursive = true };
    private readonly Option<string?> _key = new("--key") { Description = Text.Option_key, HelpName = "key", Recursive = true };
    private readonly Option<string?> _keyFile = new("--key-file") { Description = Text.Option_key_file, HelpName = "file", Recursive = true };
    private readonly Option<bool> _json = new("--json") { Description = Text.Option_json, Recursive = true };
    private readonly Option<string?> _language = new("--lang") { Description = Text.Option_lang, HelpName = "en|fr", Recursive = true };

    /// <summary>The settings file.</summary>
    public SettingsFile SettingsFile => settings;

    /// <summary>Adds the options to the root command.</summary>
    public void AddTo(RootCommand root)
    {
        _ = _language.AcceptOnlyFromAmong(Language.Names);
        root.Add(_url);
        root.Add(_key);
        root.Add(_keyFile);
        root.Add(_json);
        root.Add(_language);
    }

    /// <summary>What holds for this command line.</summary>
    public SettingsInForce Settings(ParseResult parse) => SettingsInForce.Of(
        new SettingFlags(parse.GetValue(_url), parse.GetValue(_key), parse.GetValue(_keyFile), parse.GetValue(_language)), environment, settings);

    /// <summary>A front to be asked on the side, for completion; null without address, key or trustworthy settings.</summary>
    public PbxApi? FrontOf(ParseResult parse)
    {
        var inForce = Settings(parse);
        return settings.Problem is null && inForce.Front() is { } front && inForce.ReadKey().Key is { } key ? new PbxApi(front, key) : null;
    }

    /// <summary>Makes a command run with a session; without address or key it does not run.</summary>
    public void Run(Command command, Func<ParseResult, Session, CancellationToken, Task<ExitCode>> action) =>
        RunLocally(command, async (parse, _, ct) =>
        {
            if (settings.Problem is { } problem)
            {
                return Refused(problem, ExitCode.NotAuthorised);
            }

            var inForce = Settings(parse);
            if (inForce.Front() is not { } front)
            {
                return Refused(Sentence.Of(Text.Url_unusable, inForce.Url.Value), ExitCode.Usage);
            }

            var (key, keyProblem) = inForce.ReadKey();
            if (key is null)
            {
                return Refused(keyProblem, ExitCode.NotAuthorised);
            }

            using var api = new PbxApi(front, key);
            return await action(parse, new Session(api, terminal, time), ct);
        });

    /// <summary>Makes a command run that needs no front.</summary>
    public void RunLocally(Command command, Func<ParseResult, Terminal, CancellationToken, Task<ExitCode>> action) =>
        command.SetAction(async (parse, ct) =>
        {
            terminal.OnlyJson = parse.GetValue(_json);
            return (int)await action(parse, terminal, ct);
        });

    private ExitCode Refused(string sentence, ExitCode exit)
    {
        terminal.Fail(sentence);
        return exit;
    }
}
