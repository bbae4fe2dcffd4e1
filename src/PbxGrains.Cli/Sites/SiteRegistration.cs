using System.Net;
using PbxGrains.Cli.Api;
using PbxGrains.Cli.Checklists;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Sites;

/// <summary>How a site is to be registered.</summary>
/// <param name="Update">True to change a site that exists; false to make one that does not.</param>
/// <param name="MayAsk">True when questions may be asked.</param>
/// <param name="AcceptCertificate">Pins an unknown certificate without asking.</param>
/// <param name="Wait">For how long to wait for the first poll; zero for not at all.</param>
/// <param name="Check">True to run the checklist afterwards.</param>
internal sealed record RegistrationMode(bool Update, bool MayAsk, bool AcceptCertificate, TimeSpan Wait, bool Check);

/// <summary>
/// Registers a site: answers, connection test, saving, webhook, first poll. Nothing is stored before everything worked;
/// once stored, an interruption says so.
/// </summary>
internal sealed class SiteRegistration(Session session, RegistrationMode mode)
{
    private readonly SiteQuestions _questions = new(session.Terminal);
    private SiteResource? _stored;
    private bool _saved;

    /// <summary>Registers the site.</summary>
    /// <param name="draft">What is known already.</param>
    /// <param name="ct">Interrupts.</param>
    public async Task<ExitCode> RunAsync(SiteDraft draft, CancellationToken ct)
    {
        try
        {
            return await Register(draft, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            session.Terminal.Restore();
            session.Terminal.ErrorWriter.WriteLine();
            session.Terminal.Fail(_saved ? Text.Interrupted_saved : Text.Interrupted_nothing_saved);
            return ExitCode.Interrupted;
        }
    }

    private async Task<ExitCode> Register(SiteDraft draft, CancellationToken ct)
    {
        if (!mode.MayAsk && Missing(draft) is { Count: > 0 } missing)
        {
            session.Terminal.Fail(Sentence.Of(Text.Missing_flags, string.Join(", ", missing)));
            return ExitCode.Usage;
        }

        if (draft.Id is { } id && await Refusal(id, ct) is { } refusal)
        {
            return refusal;
        }

        draft = mode.MayAsk ? await AskForTheRest(draft, ct) : draft;
        if (Contradiction(draft) is { } contradiction)
        {
            session.Terminal.Fail(contradiction);
            return ExitCode.Usage;
        }

        if (draft.NeedsLogin(_stored))
        {
            var complete = _stored is null ? draft : draft.Over(_stored);
            var tested = await new ConnectionTest(session, mode.MayAsk ? _questions : null, mode.AcceptCertificate).RunAsync(complete, mode.Update, ct);
            if (tested.Draft is null)
            {
                return tested.ExitCode;
            }

            draft = tested.Draft;
        }

        return await Save(draft, ct);
    }

    private static List<string> MissingOf(params (string Flag, object? Value)[] needed) =>
        [.. needed.Where(flag => flag.Value is null).Select(flag => flag.Flag)];

    private List<string> Missing(SiteDraft draft) => mode.Update
        ? MissingOf(("--id", draft.Id))
        : MissingOf(
            ("--id", draft.Id),
            ("--name", draft.Name),
            ("--address", draft.Address),
            ("--user", draft.UserName),
            ("--time-zone", draft.TimeZone),
            ("--password-stdin | --password-file", draft.Password));

    /// <summary>What the flags say that does not fit together; null when all is well.</summary>
    private string? Contradiction(SiteDraft draft)
    {
        if (draft.Password is null && draft.NeedsLogin(_stored))
        {
            return Text.Password_needed_again;
        }

        return draft is { Address: { } address, PlainHttp: not true } && SiteRules.IsPlainHttp(address) && _stored is not { AllowPlainHttp: true }
            ? Sentence.Of(Text.Plain_http_unconfirmed, address)
            : null;
    }

    /// <summary>Looks the site up; the exit code when it exists and should not, or should and does not.</summary>
    private async Task<ExitCode?> Refusal(string id, CancellationToken ct)
    {
        var (complaint, problem) = await Judge(id, ct);
        if (problem is not null)
        {
            return session.Refuse(problem);
        }

        if (complaint is null)
        {
            return null;
        }

        session.Terminal.Fail(complaint);
        return ExitCode.ExistsOrNotFound;
    }

    private async Task<(string? Complaint, ApiProblem? Problem)> Judge(string id, CancellationToken ct)
    {
        var found = await session.Api.FindSite(id, ct);
        var exists = found.Succeeded;
        if (!exists && found.Problem!.Status != (int)HttpStatusCode.NotFound)
        {
            return (null, found.Problem);
        }

        _stored = mode.Update ? found.Value : null;
        return (exists, mode.Update) switch
        {
            (true, false) => (Sentence.Of(Text.Site_exists, id, found.Value!.Name), null),
            (false, true) => (Sentence.Of(Text.Site_unknown, id), null),
            _ => (null, null),
        };
    }

    private async Task<SiteDraft> AskForTheRest(SiteDraft draft, CancellationToken ct)
    {
        session.Terminal.Say(mode.Update ? Text.Add_intro_update : Text.Add_intro);
        var id = draft.Id ?? await _questions.Id(
            async candidate =>
            {
                var (complaint, problem) = await Judge(candidate, ct);
                return complaint ?? problem?.Sentences().First();
            },
            ct);
        draft = draft with { Id = id, Name = draft.Name ?? await _questions.Name(_stored?.Name ?? id, ct) };
        if (draft.Address is null)
        {
            var asked = await _questions.Address(draft with { Address = _stored?.Address, PlainHttp = draft.PlainHttp ?? _stored?.AllowPlainHttp }, ct);
            draft = asked;
        }
        else if (SiteRules.IsPlainHttp(draft.Address) && draft.PlainHttp is not true && _stored?.AllowPlainHttp is not true)
        {
            draft = await _questions.Address(draft, ct);
        }

        draft = draft with { UserName = draft.UserName ?? await _questions.UserName(_stored?.UserName, ct) };
        if (draft.Password is null)
        {
            draft = draft with { Password = await _questions.Password(mayKeep: !draft.NeedsLogin(_stored), ct) };
        }

        return draft with { TimeZone = draft.TimeZone ?? await _questions.TimeZone(_stored?.TimeZone ?? SiteRules.LocalTimeZone(), ct) };
    }

    private async Task<ExitCode> Save(SiteDraft draft, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();

        // Once sent, the answer is awaited: an interruption must know whether the site is stored.
        var answer = await session.Api.SaveSite(draft.Id!, draft.ToInput(), mode.Update, CancellationToken.None);
        if (!answer.Succeeded)
        {
            return session.Refuse(answer.Problem);
        }

        _saved = true;
        session.Terminal.Good(Sentence.Of(mode.Update ? Text.Saved_update : Text.Saved, draft.Id));
        if (session.Terminal.OnlyJson)
        {
            session.Terminal.Result(answer.Json);
        }
        else if (answer.Value.Webhook is { } webhook)
        {
            WebhookWords.Tell(session.Terminal, webhook);
        }

        ct.ThrowIfCancellationRequested();
        var outcome = mode.Wait == TimeSpan.Zero
            ? ExitCode.Ok
            : await new FirstPoll(session).WaitAsync(draft.Id!, mode.Update ? _stored?.Status?.LastPollAt : null, mode.Wait, ct);
        if (outcome == ExitCode.Ok && !mode.Update)
        {
            session.Terminal.Say(Sentence.Of(Text.Offer_import, draft.Id));
        }

        if (mode.Check && mode.Wait > TimeSpan.Zero)
        {
            await new OnboardingCheck(session).RunAsync(draft.Id!, ct);
        }

        return outcome;
    }
}
