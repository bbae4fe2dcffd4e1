using System.CommandLine;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Subscriptions;

/// <summary>The options that say what a subscription gets, the same for a new one and for one that is changed.</summary>
internal sealed class SubscriptionTerms
{
    private const string All = "all";

    private readonly Option<string[]> _types = new("--type") { Description = Text.Option_subscription_type, HelpName = "type" };
    private readonly Option<string[]> _sites = new("--site") { Description = Text.Option_subscription_site, HelpName = "site" };
    private readonly Option<string?> _description = new("--description") { Description = Text.Option_subscription_description, HelpName = "text" };
    private readonly Option<bool> _enable = new("--enable") { Description = Text.Option_subscription_enable };
    private readonly Option<bool> _disable = new("--disable") { Description = Text.Option_subscription_disable };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        Option[] all = [_types, _sites, _description, _enable, _disable];
        foreach (var option in all)
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(_enable) && result.GetValue(_disable))
            {
                result.AddError(Text.Rule_enable_or_disable);
            }
        });
    }

    /// <summary>Types; none for all, null when nothing was said.</summary>
    public IReadOnlyList<string>? Types(ParseResult parse) => ListOf(parse.GetValue(_types));

    /// <summary>Sites; none for all, null when nothing was said.</summary>
    public IReadOnlyList<string>? Sites(ParseResult parse) => ListOf(parse.GetValue(_sites));

    /// <summary>What it is for; null when nothing was said.</summary>
    public string? Description(ParseResult parse) => parse.GetValue(_description);

    /// <summary>Whether it is switched on; null when nothing was said.</summary>
    public bool? Enabled(ParseResult parse) => parse.GetValue(_enable) ? true : parse.GetValue(_disable) ? false : null;

    private static string[]? ListOf(string[]? given) => given switch
    {
        null or [] => null,
        [All] => [],
        _ => given,
    };
}
