using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Providers;
using Orleans.Storage;
using PbxGrains.Contracts;
using PbxGrains.Grains.Calls;
using PbxGrains.Grains.Cdrs;
using PbxGrains.Grains.Checklists;
using PbxGrains.Grains.Events;
using PbxGrains.Grains.Recordings;
using PbxGrains.Grains.Rehearsals;
using PbxGrains.Grains.Reports;
using PbxGrains.Storage.Calls;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Events;
using PbxGrains.Storage.Recordings;
using PbxGrains.Storage.Webhooks;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Sites;

/// <summary>What every site's actor is assembled from.</summary>
public sealed class SiteParts(
    SiteConfigurations configurations,
    PbxConnector connector,
    CallRecordLedger ledger,
    CallRecordReader records,
    CatchUpWindows windows,
    HistoryImports imports,
    CallRecordPartitions partitions,
    CallRecordInbox inbox,
    UnreadableReports unreadable,
    Originates originates,
    RecordingCatalogue recordings,
    EventLog eventLog,
    EventReader eventReader,
    AgentBook agents,
    ChecklistBook checklist,
    IClusterMembershipService membership,
    [FromKeyedServices(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME)] IGrainStorage storage,
    TimeProvider time,
    IRecordingVault? vault = null)
{
    internal SiteConfigurations Configurations => configurations;

    internal SiteWork Assemble(SiteId site, GrainId actor, IPersistentState<LoginRecord> login, ILogger logger, CancellationToken lifetime)
    {
        var now = time.GetUtcNow();
        var events = new SiteEvents(site, eventLog, eventReader, logger);
        var teller = new SiteTeller(site, events, extension => agents.AgentOf(site, extension), time);
        var health = new SiteHealthBook(site, now, logger, teller);
        var budget = new LoginBudget(login.State);
        var session = new SiteSession(connector, budget, login.WriteStateAsync, health, time, lifetime);
        var picture = new SitePicture(now, teller);
        var calls = new DialledCalls(site, records, ledger, picture);
        var open = new OpenOriginates(picture);
        var journal = new OriginateJournal(site, originates, open, calls, teller, events, time, logger);
        var dials = new OriginateFollowUp(site, open, journal, originates, picture, time);
        var desk = new OriginateDesk(site, session, picture, journal, dials, time);
        var questions = new SiteQuestions(session);
        var clock = new PbxClockWatch(health, time);
        var walk = new RecordWalk(new WindowReader(session, ledger, calls, dials, time), new WindowSize(), windows, clock, time);
        var catchUp = new CatchUp(session, walk, windows, clock, health, time, logger);
        var probe = new SiteProbe(connector, time);
        var kept = new KeptRecords(site, inbox, calls, health, time, logger);
        return new SiteWork(site, configurations, time)
        {
            Events = events,
            Teller = teller,
            Agents = agents,
            Health = health,
            Budget = budget,
            Session = session,
            Fence = new SessionFence(login, storage, actor, membership, time),
            Picture = picture,
            Round = new PollRound(picture, session, time),
            Intake = new ReportIntake(site, calls, inbox, kept, events, unreadable, health, time, logger),
            Journal = journal,
            Dials = dials,
            Reports = new ReportMemory(now),
            Desk = desk,
            Rehearsal = new OriginateRehearsal(desk, questions, health, time),
            Commands = new CallCommands(session, picture, time),
            Questions = questions,
            CatchUp = catchUp,
            Import = new HistoryImport(site, walk, imports, partitions, catchUp, clock, time, logger),
            Recordings = new RecordingFetcher(site, session, recordings, vault, health, time, logger, lifetime),
            Kept = kept,
            Probe = probe,
            Credentials = new CredentialsRotation(site, configurations, probe, session),
            Checklist = new ChecklistDesk(site, checklist.Plan, checklist.Runs, teller, time, logger, lifetime),
        };
    }
}
