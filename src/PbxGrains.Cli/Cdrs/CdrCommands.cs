using System.CommandLine;
using PbxGrains.Cli.Api;
using PbxGrains.Cli.Imports;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Cdrs;

/// <summary><c>pbx cdr …</c></summary>
internal static class CdrCommands
{
    private const int DefaultLimit = 50;

    /// <summary>Builds the command with its subcommands.</summary>
    public static Command Build(GlobalOptions options) => new("cdr", Text.Command_cdr)
    {
        Listing(options, "list", Text.Command_cdr_list, (session, query, ct) => session.Api.ListCallRecords(query, ct)),
        Show(options),
        Listing(options, "missed", Text.Command_cdr_missed, (session, query, ct) => session.Api.ListMissedCalls(query, ct)),
        Export(options),
        ImportCommand.Build(options),
    };

    private static Command Listing(
        GlobalOptions options,
        string name,
        string description,
        Func<Session, ApiQuery, CancellationToken, Task<ApiAnswer<CallRecordPage>>> ask)
    {
        var filter = new CallRecordFilter();
        var limit = new Option<int?>("--limit") { Description = Text.Option_limit, HelpName = "n" };
        var all = new Option<bool>("--all") { Description = Text.Option_all };
        var lines = new Option<bool>("--ndjson") { Description = Text.Option_ndjson };
        var command = new Command(name, description);
        filter.AddTo(command);
        command.Add(limit);
        command.Add(all);
        command.Add(lines);
        options.Run(command, (parse, session, ct) =>
        {
            var (query, found) = filter.Read(parse, session.Time);
            var complaints = found.ToList();
            if (parse.GetValue(limit) is < 1)
            {
                complaints.Add(Text.Rule_limit);
            }

            if (parse.GetValue(limit) is not null && parse.GetValue(all))
            {
                complaints.Add(Text.Rule_limit_or_all);
            }

            var form = parse.GetValue(lines) ? ListingForm.JsonLines : session.Terminal.OnlyJson ? ListingForm.Json : ListingForm.Rows;
            return complaints.Count > 0
                ? Task.FromResult(session.Misused(complaints))
                : new CallRecordListing(session, form, (page, token) => ask(session, page, token))
                    .RunAsync(query, parse.GetValue(all) ? null : parse.GetValue(limit) ?? DefaultLimit, ct);
        });
        return command;
    }

    private static Command Show(GlobalOptions options)
    {
        var record = new Argument<string>("record") { Description = Text.Argument_record };
        var command = new Command("show", Text.Command_cdr_show) { record };
        options.Run(command, async (parse, session, ct) => session.Show(
            await session.Api.FindCallRecord(parse.GetRequiredValue(record), ct),
            found => CallRecordTables.One(session.Terminal, found, session.Time)));
        return command;
    }

    private static Command Export(GlobalOptions options)
    {
        var filter = new CallRecordFilter();
        var names = ExportFormat.All.Select(format => format.Name).ToArray();
        var format = new Option<string>("--format") { Description = Text.Option_format, HelpName = string.Join('|', names), Required = true };
        _ = format.AcceptOnlyFromAmong(names);
        var output = new Option<string?>("--out") { Description = Text.Option_out_export, HelpName = "file" };
        var force = new Option<bool>("--force") { Description = Text.Option_force };
        var command = new Command("export", Text.Command_cdr_export) { format, output, force };
        filter.AddTo(command);
        options.Run(command, (parse, session, ct) =>
        {
            var (query, complaints) = filter.Read(parse, session.Time);
            if (complaints.Count > 0)
            {
                return Task.FromResult(session.Misused(complaints));
            }

            var chosen = ExportFormat.All.Single(one => one.Name == parse.GetRequiredValue(format));
            var path = parse.GetValue(output) ?? (session.Terminal.Decorated ? $"cdrs.{chosen.Name}" : "-");
            var export = new CallRecordExport(session, chosen);
            return path == "-" ? export.ToOutputAsync(query, ct) : export.ToFileAsync(query, path, parse.GetValue(force), ct);
        });
        return command;
    }
}
