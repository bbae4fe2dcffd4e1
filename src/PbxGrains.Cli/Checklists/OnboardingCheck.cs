using PbxGrains.Cli.Api;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Checklists;

/// <summary>
/// The checklist at the end of a registration: what still has to be put right, and where. The site is stored and supervised
/// whatever comes of it, so it changes nothing about how the registration ended.
/// </summary>
internal sealed class OnboardingCheck(Session session)
{
    /// <summary>Runs it. A front that does not know checklists is left in peace.</summary>
    public async Task RunAsync(string siteId, CancellationToken ct)
    {
        var print = new ChecklistPrint(session.Terminal);
        var begun = false;
        try
        {
            var answer = await new ChecklistRunning(session.Api, siteId).RunAsync(
                new ChecklistWish("onboarding", null),
                item =>
                {
                    if (!begun)
                    {
                        begun = true;
                        session.Terminal.Say(string.Empty);
                        session.Terminal.Say(Text.Check_begins);
                    }

                    print.Show(item);
                },
                ct);
            if (answer.Succeeded)
            {
                print.Conclude(answer.Value);
                session.Terminal.Say(Sentence.Of(Text.Check_again, siteId));
            }
            else if (!answer.Problem.RouteIsUnknown)
            {
                session.Terminal.Warn(answer.Problem.Sentences().First());
            }
        }
        catch (AnswerBrokenException)
        {
            session.Terminal.Warn(Sentence.Of(Text.Check_broken, siteId));
        }
    }
}
