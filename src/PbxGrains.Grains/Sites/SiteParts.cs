using Microsoft.Extensions.Logging;
using PbxGrains.Contracts;
using PbxGrains.Grains.Calls;
using PbxGrains.Grains.Cdrs;
using PbxGrains.Grains.Recordings;
using PbxGrains.Grains.Reports;
using PbxGrains.Storage.Calls;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Recordings;
using PbxGrains.Storage.Webhooks;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Sites;

/// <summary>What every site's actor is assembled from.</summary>
public sealed class SiteParts(
    SiteConfigurations configurations,
    PbxConnector connector,
    CallRecordLedger ledger,
    CatchUpWindows windows,
    CallRecordInbox inbox,
    UnreadableReports unreadable,
    Originates originates,
    RecordingCatalogue recordings,
    TimeProvider time,
    IRecordingVault? vault = null)
{
    internal SiteConfigurations Configurations => configurations;

    internal SiteWork Assemble(SiteId site, IPersistentState<LoginRecord> login, ILogger logger, CancellationToken lifetime)
    {
        var now = time.GetUtcNow();
        var health = new SiteHealthBook(site, now, logger);
        var budget = new LoginBudget(login.State);
        var session = new SiteSession(connector, budget, login.WriteStateAsync, health, time, lifetime);
        var picture = new SitePicture(now);
        return new SiteWork(site, configurations, time)
        {
            Health = health,
            Budget = budget,
            Session = session,
            Picture = picture,
            Round = new PollRound(picture, session, time),
            Intake = new ReportIntake(site, ledger, inbox, unreadable, picture, health, logger),
            Desk = new OriginateDesk(site, session, picture, originates, time, logger),
            Commands = new CallCommands(session, picture, time),
            Questions = new SiteQuestions(session),
            CatchUp = new CatchUp(session, ledger, windows, time, logger),
            Recordings = new RecordingFetcher(site, session, recordings, vault, health, time, logger, lifetime),
            Probe = new SiteProbe(connector, time),
        };
    }
}
