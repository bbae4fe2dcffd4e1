using PbxGrains.Cli.Terminals;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Sites;

/// <summary>Asks about a site, one question at a time, and judges each answer at once.</summary>
internal sealed class SiteQuestions(Terminal terminal)
{
    /// <summary>Asks for the id until one is given that can be used.</summary>
    /// <param name="usable">Null when the id can be used; otherwise a sentence that says why not.</param>
    /// <param name="ct">Cancels asking.</param>
    public Task<string> Id(Func<string, Task<string?>> usable, CancellationToken ct) => Ask(
        Text.Ask_id,
        null,
        async text =>
        {
            var id = SiteRules.Id(text);
            return id.Value is not null && await usable(id.Value) is { } complaint ? Checked.Bad(complaint) : id;
        },
        ct);

    /// <summary>Asks for the name.</summary>
    public Task<string> Name(string suggestion, CancellationToken ct) => Ask(Text.Ask_name, suggestion, SiteRules.Name, ct);

    /// <summary>Asks for the address, and whether plain HTTP is meant when it says so.</summary>
    public async Task<SiteDraft> Address(SiteDraft draft, CancellationToken ct)
    {
        while (true)
        {
            var address = await Ask(Text.Ask_address, draft.Address, text => SiteRules.Address(text, draft.PlainHttp is true), ct);
            if (!SiteRules.IsPlainHttp(address))
            {
                return draft with { Address = address, PlainHttp = false };
            }

            if (draft.PlainHttp is true || await terminal.Confirm(Text.Ask_plain_http, suggestion: false, ct))
            {
                return draft with { Address = address, PlainHttp = true };
            }
        }
    }

    /// <summary>Asks for the API user.</summary>
    public Task<string> UserName(string? suggestion, CancellationToken ct) => Ask(Text.Ask_user, suggestion, SiteRules.UserName, ct);

    /// <summary>Asks for the password, unseen. Null, where that is allowed, keeps the stored one.</summary>
    public async Task<string?> Password(bool mayKeep, CancellationToken ct)
    {
        while (true)
        {
            var password = await terminal.AskHidden(mayKeep ? Text.Ask_password_or_keep : Text.Ask_password, ct);
            if (password.Length > 0 || mayKeep)
            {
                return password.Length > 0 ? password : null;
            }

            terminal.Fail(Text.Rule_password);
        }
    }

    /// <summary>Asks for the time zone.</summary>
    public Task<string> TimeZone(string suggestion, CancellationToken ct) => Ask(Text.Ask_time_zone, suggestion, SiteRules.TimeZone, ct);

    private Task<string> Ask(string question, string? suggestion, Func<string, Checked> rule, CancellationToken ct) =>
        Ask(question, suggestion, text => Task.FromResult(rule(text)), ct);

    private async Task<string> Ask(string question, string? suggestion, Func<string, Task<Checked>> rule, CancellationToken ct)
    {
        while (true)
        {
            var (value, complaint) = await rule(await terminal.Ask(question, suggestion, ct));
            if (value is not null)
            {
                return value;
            }

            terminal.Fail(complaint!);
        }
    }
}
