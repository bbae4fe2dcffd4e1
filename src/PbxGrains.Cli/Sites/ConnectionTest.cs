using PbxGrains.Cli.Api;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Sites;

/// <summary>How a connection test ended.</summary>
/// <param name="Draft">The draft as corrected and completed by the test; null when the site must not be saved.</param>
/// <param name="ExitCode">What the shell is told when it must not.</param>
internal readonly record struct TestedDraft(SiteDraft? Draft, ExitCode ExitCode);

/// <summary>
/// Tries a site's connection before it is saved. The password travels only to a certificate that was confirmed: a first
/// probe demands a pin no certificate has, so that the PBX shows its certificate and gets nothing. A wrong answer can be
/// corrected on the spot, and each login is preceded by an answer of the person in front: a PBX locks our address out
/// after five failures.
/// </summary>
/// <param name="session">What the command works with.</param>
/// <param name="questions">Asks for corrections; null when nobody can be asked.</param>
/// <param name="acceptCertificate">Pins an unknown certificate without asking.</param>
internal sealed class ConnectionTest(Session session, SiteQuestions? questions, bool acceptCertificate)
{
    private const string PinOfNoCertificate = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    private int _refusedLogins;

    /// <summary>Tests until everything works, or the person gives up, or nobody can be asked.</summary>
    public async Task<TestedDraft> RunAsync(SiteDraft draft, bool update, CancellationToken ct)
    {
        while (true)
        {
            var unknownCertificate = draft.PlainHttp is not true && draft.Pins is not { Count: > 0 };
            var answer = await Probe(draft, unknownCertificate ? [PinOfNoCertificate] : draft.Pins ?? [], update, ct);
            if (!answer.Succeeded)
            {
                var exit = session.Refuse(answer.Problem);
                if (answer.Problem.Status == 429 && await Again(ct))
                {
                    continue;
                }

                return new TestedDraft(null, exit);
            }

            var found = answer.Value;
            if (unknownCertificate && found is { CertificatePin: { } pin, Reached: "certificate" or "done" })
            {
                if (await Accept(found, pin, ct))
                {
                    draft = draft with { Pins = [pin] };
                    continue;
                }

                if (questions is null)
                {
                    session.Terminal.Fail(Sentence.Of(Text.Test_certificate_unconfirmed, pin));
                    return new TestedDraft(null, ExitCode.Refused);
                }

                draft = await questions.Address(draft, ct);
                continue;
            }

            if (found.Reached == "done")
            {
                return new TestedDraft(await Report(draft, found, ct), ExitCode.Ok);
            }

            Explain(found);
            if (questions is null || await Correct(draft, found, ct) is not { } corrected)
            {
                session.Terminal.Say(Text.Nothing_saved);
                return new TestedDraft(null, ExitCode.Refused);
            }

            draft = corrected;
        }
    }

    private Task<ApiAnswer<SiteProbeResult>> Probe(SiteDraft draft, IReadOnlyList<string> pins, bool update, CancellationToken ct)
    {
        var probe = new SiteProbe
        {
            SiteId = update ? draft.Id : null,
            Address = draft.Address!,
            UserName = draft.UserName!,
            Password = draft.Password!,
            CertificatePins = pins,
            AllowPlainHttp = draft.PlainHttp is true,
        };
        return session.Terminal.Progress(Sentence.Of(Text.Test_running, draft.Address), _ => session.Api.Probe(probe, ct));
    }

    private async Task<bool> Accept(SiteProbeResult found, string pin, CancellationToken ct)
    {
        session.Terminal.Good(Text.Test_reached);
        session.Terminal.Say(Sentence.Of(Text.Test_certificate, found.CertificateSubject ?? "?", found.CertificateExpires?.ToString("d MMMM yyyy", null) ?? "?"));
        session.Terminal.Say(Sentence.Of(Text.Test_fingerprint, pin));
        return acceptCertificate || (questions is not null && await session.Terminal.Confirm(Text.Ask_certificate, suggestion: true, ct));
    }

    private void Explain(SiteProbeResult found)
    {
        var sentence = Sentence.ReaderKnowsApiLanguage && found.Message is not null
            ? found.Message
            : Sentence.OfValue("Probe", found.Failure, found.Message);
        session.Terminal.Fail(Sentence.Of(Text.Test_failed, Sentence.OfValue("Step", found.Reached), sentence));
        if (found is { Reached: "certificate", CertificatePin: { } pin })
        {
            session.Terminal.Say(Sentence.Of(Text.Test_certificate, found.CertificateSubject ?? "?", found.CertificateExpires?.ToString("d MMMM yyyy", null) ?? "?"));
            session.Terminal.Say(Sentence.Of(Text.Test_fingerprint, pin));
        }
    }

    /// <summary>Asks again for what was wrong; null when the person gives up.</summary>
    private async Task<SiteDraft?> Correct(SiteDraft draft, SiteProbeResult found, CancellationToken ct)
    {
        switch ((found.Reached, found.Failure))
        {
            case ("address" or "connection", _) or ("login", "not-a-pbx-api"):
                session.Terminal.Say(Text.Correct_address);
                var moved = await questions!.Address(draft, ct);
                return moved.Address == draft.Address ? draft : moved with { Pins = null };

            case ("certificate", _):
                return await session.Terminal.Confirm(Text.Ask_other_certificate, suggestion: false, ct) ? draft with { Pins = null } : null;

            case ("login", "address-locked" or "login-budget-spent"):
                return null;

            case ("login", "wrong-credentials"):
                _refusedLogins++;
                session.Terminal.Say(Sentence.Of(Text.Correct_login, _refusedLogins));
                return draft with { UserName = await questions!.UserName(draft.UserName, ct), Password = await questions.Password(mayKeep: false, ct) };

            default:
                return await Again(ct) ? draft : null;
        }
    }

    private async Task<bool> Again(CancellationToken ct) =>
        questions is not null && await session.Terminal.Confirm(Text.Ask_again, suggestion: false, ct);

    private async Task<SiteDraft> Report(SiteDraft draft, SiteProbeResult found, CancellationToken ct)
    {
        session.Terminal.Good(Sentence.Of(Text.Test_login, draft.UserName));
        session.Terminal.Good(Sentence.Of(Text.Test_device, found.DeviceName ?? "?", found.Firmware ?? "?", found.Dialect ?? "?", found.SerialNumber ?? "?"));
        if (PbxClock.Skew(found) is { } skew)
        {
            session.Terminal.Warn(skew);
        }

        return draft with { TimeZone = await ZoneOf(draft.TimeZone!, found, ct) };
    }

    /// <summary>The zone that agrees with the PBX's clock, or the one that is insisted on.</summary>
    private async Task<string> ZoneOf(string zone, SiteProbeResult found, CancellationToken ct)
    {
        while (PbxClock.Contradiction(found, zone, session.Time.GetUtcNow()) is { } contradiction)
        {
            session.Terminal.Warn(contradiction);
            if (questions is null || await questions.TimeZone(zone, ct) is var answer && answer == zone)
            {
                return zone;
            }

            zone = answer;
        }

        if (found.UtcOffsetMinutes is not null)
        {
            session.Terminal.Good(Sentence.Of(Text.Test_clock, zone));
        }

        return zone;
    }
}
