using System.CommandLine;
using PbxGrains.Cli.Terminals;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Sites;

/// <summary>The options that answer questions about a site, shared by <c>site add</c> and <c>site update</c>.</summary>
internal sealed class SiteFlags
{
    private const int DefaultWaitSeconds = 60;

    private readonly Option<string?> _name = new("--name") { Description = Text.Option_name, HelpName = "name" };
    private readonly Option<string?> _address = new("--address") { Description = Text.Option_address, HelpName = "ip|url" };
    private readonly Option<string?> _user = new("--user") { Description = Text.Option_user, HelpName = "user" };
    private readonly Option<string?> _timeZone = new("--time-zone") { Description = Text.Option_time_zone, HelpName = "zone" };
    private readonly Option<string?> _country = new("--country") { Description = Text.Option_country, HelpName = "FR" };
    private readonly Option<bool> _plainHttp = new("--plain-http") { Description = Text.Option_plain_http };
    private readonly Option<string[]> _pins = new("--pin") { Description = Text.Option_pin, HelpName = "pin" };
    private readonly Option<bool> _acceptCertificate = new("--accept-certificate") { Description = Text.Option_accept_certificate };
    private readonly Option<string[]> _sources = new("--source-address") { Description = Text.Option_source_address, HelpName = "ip|cidr" };
    private readonly Option<string?> _reportAddress = new("--report-address") { Description = Text.Option_report_address, HelpName = "host:port" };
    private readonly PasswordFlags _password = new();
    private readonly Option<int> _wait = new("--wait") { Description = Text.Option_wait, HelpName = "s", DefaultValueFactory = _ => DefaultWaitSeconds };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        Option[] all = [_name, _address, _user, _timeZone, _country, _plainHttp, _pins, _acceptCertificate, _sources, _reportAddress];
        foreach (var option in all)
        {
            command.Add(option);
        }

        _password.AddTo(command);
        command.Add(_wait);
    }

    /// <summary>True when a certificate that is not pinned yet may be pinned without asking.</summary>
    public bool AcceptsCertificate(ParseResult parse) => parse.GetValue(_acceptCertificate);

    /// <summary>For how long to wait for the first poll.</summary>
    public TimeSpan Wait(ParseResult parse) => TimeSpan.FromSeconds(Math.Max(0, parse.GetValue(_wait)));

    /// <summary>Reads what was given, in proper form; complaints about all of it at once.</summary>
    public async Task<(SiteDraft Draft, IReadOnlyList<string> Complaints)> ReadAsync(ParseResult parse, string? id, Terminal terminal, CancellationToken ct)
    {
        var complaints = new List<string>();
        var plainHttp = parse.GetValue(_plainHttp);
        var draft = new SiteDraft
        {
            Id = Take(id, SiteRules.Id),
            Name = Take(parse.GetValue(_name), SiteRules.Name),
            Address = Take(parse.GetValue(_address), text => SiteRules.Address(text, plainHttp)),
            UserName = Take(parse.GetValue(_user), SiteRules.UserName),
            TimeZone = Take(parse.GetValue(_timeZone), SiteRules.TimeZone),
            Country = Take(parse.GetValue(_country), SiteRules.Country),
            PlainHttp = plainHttp ? true : null,
            Pins = TakeAll(parse.GetValue(_pins), SiteRules.Pin),
            SourceAddresses = TakeAll(parse.GetValue(_sources), SiteRules.SourceAddress),
            ReportAddress = Take(parse.GetValue(_reportAddress), SiteRules.ReportAddress),
            Password = await ReadPasswordAsync(),
        };
        return (draft, complaints);

        string? Take(string? text, Func<string?, Checked> rule)
        {
            if (text is null)
            {
                return null;
            }

            var (value, complaint) = rule(text);
            if (complaint is not null)
            {
                complaints.Add(complaint);
            }

            return value;
        }

        IReadOnlyList<string>? TakeAll(string[]? texts, Func<string?, Checked> rule) =>
            texts is { Length: > 0 } ? [.. texts.Select(text => Take(text, rule)).OfType<string>()] : null;

        async Task<string?> ReadPasswordAsync()
        {
            var (password, complaint) = await _password.ReadAsync(parse, terminal, ct);
            if (complaint is not null)
            {
                complaints.Add(complaint);
            }

            return password;
        }
    }
}
