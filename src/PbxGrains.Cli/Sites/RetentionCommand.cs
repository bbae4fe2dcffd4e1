using System.CommandLine;
using System.Globalization;
using PbxGrains.Cli.Api;
using PbxGrains.Cli.Terminals;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Sites;

/// <summary><c>pbx site retention</c>: shows and sets for how many days things are kept, for all sites or for one.</summary>
internal sealed class RetentionCommand
{
    private const string Never = "never";
    private const string AsForAll = "default";

    private readonly Argument<string?> _site = new("site") { Description = Text.Argument_retention_site, Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _records = new("--records") { Description = Text.Option_retention_records, HelpName = "days|default" };
    private readonly Option<string?> _raw = new("--raw") { Description = Text.Option_retention_raw, HelpName = "days|default" };
    private readonly Option<string?> _anonymise = new("--anonymise") { Description = Text.Option_retention_anonymise, HelpName = "days|never|default" };
    private readonly Option<string?> _recordings = new("--recordings") { Description = Text.Option_retention_recordings, HelpName = "days|default" };

    /// <summary>Builds the command.</summary>
    public static Command Build(GlobalOptions options)
    {
        var retention = new RetentionCommand();
        var command = new Command("retention", Text.Command_site_retention) { retention._site, retention._records, retention._raw, retention._anonymise, retention._recordings };
        options.Run(command, retention.RunAsync);
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parse, Session session, CancellationToken ct)
    {
        var site = parse.GetValue(_site);
        Option<string?>[] all = [_records, _raw, _anonymise, _recordings];
        var complaints = all.Select(option => Complaint(option, parse.GetValue(option), site)).OfType<string>().ToList();
        if (complaints.Count > 0)
        {
            return session.Misused(complaints);
        }

        var current = await session.Api.FindRetention(site, ct);
        if (current.Succeeded && all.Any(option => parse.GetValue(option) is not null))
        {
            var (wanted, problem) = await ChangeAsync(parse, session, site, current.Value, ct);
            var saved = wanted is null ? null : await session.Api.SaveRetention(site, wanted, ct);
            if ((problem ?? saved?.Problem) is { } refusal)
            {
                return session.Refuse(refusal);
            }

            session.Terminal.Good(Text.Retention_saved);
            current = await session.Api.FindRetention(site, ct);
        }

        return session.Show(current, found => Tell(session.Terminal, site, found));
    }

    /// <summary>What is said now, with what was given put in its place.</summary>
    private async Task<(RetentionResource? Wanted, ApiProblem? Problem)> ChangeAsync(ParseResult parse, Session session, string? site, RetentionResource current, CancellationToken ct)
    {
        var wanted = current with
        {
            RecordDays = Days(parse.GetValue(_records), current.RecordDays),
            RawDays = Days(parse.GetValue(_raw), current.RawDays),
            AnonymiseAfterDays = Days(parse.GetValue(_anonymise), current.AnonymiseAfterDays),
            RecordingDays = Days(parse.GetValue(_recordings), current.RecordingDays),
            Effective = null,
        };
        if (site is null || parse.GetValue(_anonymise) is not Never)
        {
            return (wanted, null);
        }

        // Nothing said by a site means "as for all sites". Where those anonymise, a site that never does so says: when the record itself goes.
        var everywhere = await session.Api.FindRetention(null, ct);
        return everywhere.Succeeded
            ? (everywhere.Value.AnonymiseAfterDays is null ? wanted : wanted with { AnonymiseAfterDays = wanted.RecordDays ?? everywhere.Value.RecordDays }, null)
            : (null, everywhere.Problem);
    }

    private string? Complaint(Option option, string? text, string? site) => text switch
    {
        null => null,
        AsForAll when site is not null => null,
        Never when option == _anonymise => null,
        _ when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days > 0 => null,
        _ => Sentence.Of(site is null ? Text.Rule_days : Text.Rule_days_of_site, option.Name, text),
    };

    private static int? Days(string? text, int? current) => text switch
    {
        null => current,
        AsForAll or Never => null,
        _ => int.Parse(text, CultureInfo.InvariantCulture),
    };

    private static void Tell(Terminal terminal, string? site, RetentionResource found)
    {
        var effective = found.Effective ?? found;
        terminal.Rows(
            [Text.Column_property, Text.Column_value, Text.Column_effective],
            [
                Row(Text.Retention_records, found.RecordDays, effective.RecordDays, Text.Retention_forever),
                Row(Text.Retention_raw, found.RawDays, effective.RawDays, Text.Retention_forever),
                Row(Text.Retention_anonymise, found.AnonymiseAfterDays, effective.AnonymiseAfterDays, Text.Never),
                Row(Text.Retention_recordings, found.RecordingDays, effective.RecordingDays, Text.Retention_forever),
            ]);

        IReadOnlyList<string> Row(string name, int? days, int? inTheEnd, string none) =>
            [name, days is null && site is not null ? Text.Retention_as_for_all : Written(days, none), Written(inTheEnd, none)];

        static string Written(int? days, string none) => days is { } known ? Sentence.Of(Text.Retention_days, known) : none;
    }
}
