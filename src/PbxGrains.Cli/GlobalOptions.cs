using System.CommandLine;
using PbxGrains.Cli.Api;
using PbxGrains.Cli.Terminals;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli;

/// <summary>Options every command takes, and the session that follows from them.</summary>
internal sealed class GlobalOptions(Terminal terminal, Func<string, string?> environment, TimeProvider time)
{
    private const string DefaultUrl = "http://localhost:8080";

    private readonly Option<string?> _url = new("--url") { Description = Text.Option_url, HelpName = "url", Recursive = true };
    private readonly Option<string?> _key = new("--key") { Description = Text.Option_key, HelpName = "key", Recursive = true };
    private readonly Option<string?> _keyFile = new("--key-file") { Description = Text.Option_key_file, HelpName = "file", Recursive = true };
    private readonly Option<bool> _json = new("--json") { Description = Text.Option_json, Recursive = true };
    private readonly Option<string?> _language = new("--lang") { Description = Text.Option_lang, HelpName = "en|fr", Recursive = true };

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

    /// <summary>Makes a command run with a session; without address or key it does not run.</summary>
    public void Run(Command command, Func<ParseResult, Session, CancellationToken, Task<ExitCode>> action) =>
        command.SetAction(async (parse, ct) =>
        {
            terminal.OnlyJson = parse.GetValue(_json);
            var url = parse.GetValue(_url) ?? NonEmpty("PBX_URL") ?? DefaultUrl;
            if (!Uri.TryCreate(url.EndsWith('/') ? url : url + "/", UriKind.Absolute, out var front) || front.Scheme is not ("http" or "https"))
            {
                terminal.Fail(Sentence.Of(Text.Url_unusable, url));
                return (int)ExitCode.Usage;
            }

            var (key, problem) = FindKey(parse);
            if (key is null)
            {
                terminal.Fail(problem);
                return (int)ExitCode.NotAuthorised;
            }

            using var api = new PbxApi(front, key);
            return (int)await action(parse, new Session(api, terminal, time), ct);
        });

    private (string? Key, string Problem) FindKey(ParseResult parse)
    {
        if ((parse.GetValue(_key) ?? (parse.GetValue(_keyFile) is null ? NonEmpty("PBX_API_KEY") : null)) is { } key)
        {
            return Checked(key.Trim(), Text.Key_unusable);
        }

        var file = parse.GetValue(_keyFile) ?? NonEmpty("PBX_API_KEY_FILE");
        if (file is null)
        {
            return (null, Text.Key_missing);
        }

        try
        {
            return Checked(File.ReadAllText(file).Trim(), Sentence.Of(Text.Key_file_unusable, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, Sentence.Of(Text.Key_file_unreadable, file, e.Message));
        }
    }

    // A header value: visible ASCII only. A line break in it would end the header.
    private static (string? Key, string Problem) Checked(string key, string problem) =>
        key.Length is > 0 and <= 512 && key.All(c => c is > ' ' and < (char)127) ? (key, string.Empty) : (null, problem);

    private string? NonEmpty(string variable) => environment(variable) is { Length: > 0 } value ? value : null;
}
