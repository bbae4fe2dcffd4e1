using System.CommandLine;
using System.Globalization;
using PbxGrains.Cli.Api;
using PbxGrains.Cli.Terminals;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Cdrs;

/// <summary>The options that say which call records are meant, shared by all commands that read them.</summary>
internal sealed class CallRecordFilter
{
    private static readonly string[] Directions = ["inbound", "outbound", "internal", "unknown"];

    private static readonly string[] Dispositions = ["answered", "no-answer", "busy", "failed", "voicemail", "unknown"];

    private readonly Option<string[]> _sites = new("--site") { Description = Text.Option_cdr_site, HelpName = "site" };
    private readonly Option<string?> _from = new("--from") { Description = Text.Option_from, HelpName = "time" };
    private readonly Option<string?> _to = new("--to") { Description = Text.Option_to, HelpName = "time" };
    private readonly Option<string?> _extension = new("--extension") { Description = Text.Option_cdr_extension, HelpName = "extension" };
    private readonly Option<string?> _agent = new("--agent") { Description = Text.Option_cdr_agent, HelpName = "id" };
    private readonly Option<string?> _number = new("--number") { Description = Text.Option_cdr_number, HelpName = "number" };
    private readonly Option<string?> _direction = new("--direction") { Description = Text.Option_cdr_direction, HelpName = string.Join('|', Directions) };
    private readonly Option<string?> _disposition = new("--disposition") { Description = Text.Option_cdr_disposition, HelpName = string.Join('|', Dispositions) };
    private readonly Option<string?> _trunk = new("--trunk") { Description = Text.Option_cdr_trunk, HelpName = "trunk" };
    private readonly Option<int?> _minTalk = new("--min-talk") { Description = Text.Option_cdr_min_talk, HelpName = "s" };
    private readonly Option<bool> _withRecording = new("--with-recording") { Description = Text.Option_with_recording };
    private readonly Option<bool> _withoutRecording = new("--without-recording") { Description = Text.Option_without_recording };
    private readonly Option<string?> _call = new("--call") { Description = Text.Option_cdr_call, HelpName = "call" };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        _ = _direction.AcceptOnlyFromAmong(Directions);
        _ = _disposition.AcceptOnlyFromAmong([.. Dispositions, "noAnswer"]);
        Option[] all = [_sites, _from, _to, _extension, _agent, _number, _direction, _disposition, _trunk, _minTalk, _withRecording, _withoutRecording, _call];
        foreach (var option in all)
        {
            command.Add(option);
        }
    }

    /// <summary>Reads what was given as a query of the API; complaints about all of it at once.</summary>
    public (ApiQuery Query, IReadOnlyList<string> Complaints) Read(ParseResult parse, TimeProvider time)
    {
        var (from, to, complaints) = Span.Read(parse.GetValue(_from), parse.GetValue(_to), time);
        var minTalk = parse.GetValue(_minTalk);
        if (minTalk < 0)
        {
            complaints.Add(Text.Rule_min_talk);
        }

        var (with, without) = (parse.GetValue(_withRecording), parse.GetValue(_withoutRecording));
        if (with && without)
        {
            complaints.Add(Text.Rule_recording_twice);
        }

        var query = (parse.GetValue(_sites) ?? []).Aggregate(ApiQuery.Empty, (asked, site) => asked.With("site", site))
            .With("from", from)
            .With("to", to)
            .With("extension", parse.GetValue(_extension))
            .With("agent", parse.GetValue(_agent))
            .With("number", parse.GetValue(_number))
            .With("direction", parse.GetValue(_direction))
            .With("disposition", parse.GetValue(_disposition) is "no-answer" ? "noAnswer" : parse.GetValue(_disposition))
            .With("trunk", parse.GetValue(_trunk))
            .With("minTalkSeconds", minTalk?.ToString(CultureInfo.InvariantCulture))
            .With("hasRecording", with ? "true" : without ? "false" : null)
            .With("callId", parse.GetValue(_call));
        return (query, complaints);
    }
}
