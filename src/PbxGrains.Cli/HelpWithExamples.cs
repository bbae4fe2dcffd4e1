using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli;

/// <summary>The parser's help, followed by examples of the command and the exit codes.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    private static readonly Dictionary<string, string[]> Examples = new(StringComparer.Ordinal)
    {
        ["pbx"] = ["pbx status", "pbx site list", "pbx site add", "pbx extension list paris --json", "pbx cdr list --from today", "pbx tail"],
        ["pbx status"] = ["pbx status", "pbx status --json"],
        ["pbx config"] = ["pbx config show", "pbx config set url https://pbx.example.com", "pbx config set api-key"],
        ["pbx config show"] = ["pbx config show", "pbx config show --json"],
        ["pbx config set"] =
        [
            "pbx config set url https://pbx.example.com",
            "pbx config set api-key --stdin < ./admin.key",
            "pbx config set language fr",
            "pbx config set api-key-file --unset",
        ],
        ["pbx config path"] = ["pbx config path"],
        ["pbx completion"] = ["pbx completion bash > ~/.local/share/bash-completion/completions/pbx", "pbx completion zsh", "pbx completion fish"],
        ["pbx help"] = ["pbx help", "pbx help site add", "pbx help exit-codes", "pbx help configuration"],
        ["pbx site"] = ["pbx site list", "pbx site show paris", "pbx site add", "pbx site check paris"],
        ["pbx site add"] =
        [
            "pbx site add",
            "pbx site add --update --id paris",
            "pbx site add --non-interactive --id paris --name Paris --address 10.1.0.254 --user api --time-zone Europe/Paris --accept-certificate --password-file ./paris.secret",
        ],
        ["pbx site list"] = ["pbx site list", "pbx site list --json"],
        ["pbx site show"] = ["pbx site show paris"],
        ["pbx site update"] =
        [
            "pbx site update paris --name \"Paris 9e\"",
            "pbx site update paris --password-stdin < ./paris.secret",
        ],
        ["pbx site remove"] = ["pbx site remove paris", "pbx site remove paris --yes"],
        ["pbx site suspend"] = ["pbx site suspend paris --reason \"Firmware\""],
        ["pbx site resume"] = ["pbx site resume paris"],
        ["pbx site credentials"] =
        [
            "pbx site credentials paris",
            "pbx site credentials paris --user api2 --password-stdin < ./paris.secret",
        ],
        ["pbx site check"] =
        [
            "pbx site check paris",
            "pbx site check paris --return-path 1001:1002",
            "pbx site check paris --json --report paris.html",
            "pbx site check paris --last",
            "pbx site check paris --history",
        ],
        ["pbx site webhook-secret"] = ["pbx site webhook-secret paris --overlap-hours 48"],
        ["pbx site completeness"] =
        [
            "pbx site completeness paris",
            "pbx site completeness paris --from 2026-11-01 --to 2026-12-01",
        ],
        ["pbx site retention"] =
        [
            "pbx site retention",
            "pbx site retention paris",
            "pbx site retention paris --records 730 --anonymise 365",
            "pbx site retention paris --recordings default",
        ],
        ["pbx extension"] = ["pbx extension list paris"],
        ["pbx extension list"] = ["pbx extension list paris", "pbx extension list paris --json"],
        ["pbx call"] = ["pbx call originate paris 1001 0612345678", "pbx call list paris"],
        ["pbx call originate"] =
        [
            "pbx call originate paris 1001 0612345678",
            "pbx call originate paris 1001 1002 --dry-run",
        ],
        ["pbx call list"] = ["pbx call list paris"],
        ["pbx call show"] = ["pbx call show 1544613634.107", "pbx call show 1544613634.107 --site paris --json"],
        ["pbx call hangup"] = ["pbx call hangup paris 1544613634.107"],
        ["pbx cdr"] = ["pbx cdr list --site paris --from today", "pbx cdr export --format csv --from 7d --out week.csv", "pbx cdr import --site paris --since 2026-01-01"],
        ["pbx cdr list"] =
        [
            "pbx cdr list",
            "pbx cdr list --site paris --site lyon --from yesterday --to today --disposition no-answer",
            "pbx cdr list --number \"06 12 34 56 78\" --from 2026-01-01 --all",
            "pbx cdr list --from 2h --min-talk 60 --with-recording --ndjson",
        ],
        ["pbx cdr show"] = ["pbx cdr show 4711", "pbx cdr show 4711 --json"],
        ["pbx cdr missed"] = ["pbx cdr missed --from today", "pbx cdr missed --site paris --extension 1001 --from 7d"],
        ["pbx cdr export"] =
        [
            "pbx cdr export --format csv --from 2026-01-01 --to 2026-02-01 --out january.csv",
            "pbx cdr export --format ndjson --site paris --out -",
        ],
        ["pbx cdr import"] =
        [
            "pbx cdr import --site paris --since 2026-01-01",
            "pbx cdr import --site paris --since 2026-01-01 --until 2026-07-01 --no-wait",
            "pbx cdr import --site paris --cancel",
        ],
        ["pbx recording"] = ["pbx recording info 3f1c00aa55", "pbx recording get 3f1c00aa55"],
        ["pbx recording get"] = ["pbx recording get 3f1c00aa55", "pbx recording get 3f1c00aa55 --out call.wav --force"],
        ["pbx recording info"] = ["pbx recording info 3f1c00aa55"],
        ["pbx tail"] =
        [
            "pbx tail",
            "pbx tail --site paris --type pbx.call.*",
            "pbx tail --agent jana --after beginning --json",
            "pbx tail --type pbx.cdr.recorded --count 1",
        ],
        ["pbx key"] = ["pbx key list", "pbx key create crm --scope operate"],
        ["pbx key create"] = ["pbx key create crm --scope operate", "pbx key create board --scope read --json"],
        ["pbx key list"] = ["pbx key list"],
        ["pbx key revoke"] = ["pbx key revoke k7f3 --yes"],
        ["pbx subscription"] = ["pbx subscription list", "pbx subscription add https://crm.example/hooks --type pbx.call.*"],
        ["pbx subscription list"] = ["pbx subscription list", "pbx subscription list --json"],
        ["pbx subscription add"] =
        [
            "pbx subscription add https://crm.example/hooks",
            "pbx subscription add https://crm.example/hooks --type pbx.call.* --type pbx.cdr.recorded --site paris --description CRM",
            "pbx subscription add https://crm.example/hooks --secret-stdin < ./webhook.secret",
        ],
        ["pbx subscription show"] = ["pbx subscription show 0192f0c1-7a3b-7c00-8000-000000000001"],
        ["pbx subscription update"] =
        [
            "pbx subscription update 0192f0c1-7a3b-7c00-8000-000000000001 --target https://crm.example/new",
            "pbx subscription update 0192f0c1-7a3b-7c00-8000-000000000001 --enable",
            "pbx subscription update 0192f0c1-7a3b-7c00-8000-000000000001 --type all --site paris --site lyon",
        ],
        ["pbx subscription remove"] = ["pbx subscription remove 0192f0c1-7a3b-7c00-8000-000000000001 --yes"],
        ["pbx subscription rotate"] = ["pbx subscription rotate 0192f0c1-7a3b-7c00-8000-000000000001 --overlap-hours 48"],
        ["pbx subscription test"] = ["pbx subscription test 0192f0c1-7a3b-7c00-8000-000000000001"],
        ["pbx subscription deliveries"] =
        [
            "pbx subscription deliveries 0192f0c1-7a3b-7c00-8000-000000000001",
            "pbx subscription deliveries 0192f0c1-7a3b-7c00-8000-000000000001 --state failed --limit 200",
        ],
        ["pbx subscription resend"] = ["pbx subscription resend 0192f0c1-7a3b-7c00-8000-000000000001 4711"],
        ["pbx subscription replay"] =
        [
            "pbx subscription replay 0192f0c1-7a3b-7c00-8000-000000000001 --from 2h",
            "pbx subscription replay 0192f0c1-7a3b-7c00-8000-000000000001 --from \"2026-11-22 08:00\" --to \"2026-11-22 09:30\"",
            "pbx subscription replay 0192f0c1-7a3b-7c00-8000-000000000001 --after 1-48213-907",
        ],
        ["pbx agent"] = ["pbx agent list", "pbx agent import agents.csv", "pbx agent diff"],
        ["pbx agent list"] = ["pbx agent list"],
        ["pbx agent import"] =
        [
            "pbx agent import agents.csv",
            "pbx agent import agents.csv --replace --dry-run",
            "pbx agent import agents.csv --replace --yes",
        ],
        ["pbx agent diff"] =
        [
            "pbx agent diff",
            "pbx agent diff --site paris --site lyon --all",
            "pbx agent diff --ignore no-agent --json",
        ],
    };

    /// <summary>Words that lead to a command, <c>pbx site add</c> for example.</summary>
    public static string PathOf(Command command)
    {
        var words = new List<string>();
        for (Command? current = command; current is not null; current = current.Parents.OfType<Command>().FirstOrDefault())
        {
            words.Insert(0, current is RootCommand ? "pbx" : current.Name);
        }

        return string.Join(' ', words);
    }

    /// <summary>Examples of a command; empty when it has none.</summary>
    public static IReadOnlyList<string> ExamplesOf(Command command) => Examples.GetValueOrDefault(PathOf(command), []);

    /// <inheritdoc />
    public override int Invoke(ParseResult parseResult)
    {
        _ = help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine(Text.Help_examples);
        foreach (var example in ExamplesOf(parseResult.CommandResult.Command))
        {
            output.WriteLine("  " + example);
        }

        output.WriteLine();
        output.WriteLine(Text.Help_exit_codes);
        return (int)ExitCode.Ok;
    }

    /// <inheritdoc />
    public override bool ClearsParseErrors => true;
}
