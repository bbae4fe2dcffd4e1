using System.CommandLine;
using PbxGrains.Cli.Api;
using PbxGrains.Cli.Sites;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Keys;

/// <summary><c>pbx key …</c></summary>
internal static class KeyCommands
{
    private static readonly string[] Scopes = ["read", "operate", "admin"];

    /// <summary>Builds the command with its subcommands.</summary>
    public static Command Build(GlobalOptions options) => new("key", Text.Command_key)
    {
        Create(options),
        List(options),
        Revoke(options),
    };

    private static Command Create(GlobalOptions options)
    {
        var name = new Argument<string>("name") { Description = Text.Argument_key_name };
        var scope = new Option<string>("--scope") { Description = Text.Option_scope, HelpName = "read|operate|admin", Required = true };
        _ = scope.AcceptOnlyFromAmong(Scopes);
        var command = new Command("create", Text.Command_key_create) { name, scope };
        options.Run(command, async (parse, session, ct) => session.Show(
            await session.Api.CreateKey(new KeyInput(parse.GetRequiredValue(name), parse.GetRequiredValue(scope)), ct),
            key =>
            {
                session.Terminal.Good(Sentence.Of(Text.Key_created, key.KeyId, key.Scope));
                session.Terminal.Result(key.Key ?? string.Empty);
                session.Terminal.Warn(Text.Key_once);
            }));
        return command;
    }

    private static Command List(GlobalOptions options)
    {
        var command = new Command("list", Text.Command_key_list);
        options.Run(command, async (_, session, ct) => session.Show(
            await session.Api.ListKeys(ct),
            keys => session.Terminal.Rows(
                [Text.Column_id, Text.Column_name, Text.Column_scope, Text.Column_created, Text.Column_revoked],
                [.. keys.Select(key => (IReadOnlyList<string>)
                [
                    key.KeyId ?? string.Empty,
                    key.Name ?? string.Empty,
                    key.Scope ?? string.Empty,
                    SiteWords.Ago(key.CreatedAt, session.Time.GetUtcNow()),
                    key.RevokedAt is null ? string.Empty : SiteWords.Ago(key.RevokedAt, session.Time.GetUtcNow()),
                ])])));
        return command;
    }

    private static Command Revoke(GlobalOptions options) =>
        new RemovalCommand("revoke", Text.Command_key_revoke, Text.Ask_revoke, Text.Key_revoked)
            .Build(options, new Argument<string>("key") { Description = Text.Argument_key_id }, (api, id, ct) => api.RevokeKey(id, ct));
}
