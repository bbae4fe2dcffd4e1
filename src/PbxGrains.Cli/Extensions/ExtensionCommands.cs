using System.CommandLine;
using PbxGrains.Cli.Api;
using PbxGrains.Cli.Sites;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Extensions;

/// <summary><c>pbx extension …</c></summary>
internal static class ExtensionCommands
{
    /// <summary>Builds the command with its subcommand.</summary>
    public static Command Build(GlobalOptions options)
    {
        var site = new Argument<string>("site") { Description = Text.Argument_site };
        var list = new Command("list", Text.Command_extension_list) { site };
        options.Run(list, async (parse, session, ct) => session.Show(
            await session.Api.ListExtensions(parse.GetRequiredValue(site), ct),
            extensions => session.Terminal.Rows(
                [Text.Column_number, Text.Column_name, Text.Column_status, Text.Column_since, Text.Column_source, Text.Column_confirmed, Text.Column_talking_to, Text.Column_call],
                [.. extensions.Select(extension => Row(extension, session.Time.GetUtcNow()))])));
        return new Command("extension", Text.Command_extension) { list };
    }

    private static IReadOnlyList<string> Row(ExtensionResource extension, DateTimeOffset now) =>
    [
        extension.Number ?? string.Empty,
        extension.Name ?? string.Empty,
        extension.Stale && extension.LastKnownStatus is not null
            ? Sentence.Of(Text.Extension_stale, Sentence.OfValue("Extension", extension.Status), Sentence.OfValue("Extension", extension.LastKnownStatus))
            : Sentence.OfValue("Extension", extension.Status),
        SiteWords.Ago(extension.Since, now),
        Sentence.OfValue("Source", extension.Source),
        extension.AgeSeconds is { } age ? SiteWords.Ago(now.AddSeconds(-age), now) : Text.Never,
        extension.TalkingTo ?? string.Empty,
        extension.CurrentCall ?? string.Empty,
    ];
}
