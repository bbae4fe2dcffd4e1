using System.Text.Json;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Contracts.Events;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Contracts.Sites;
using PbxGrains.Front.Tests.Lab;
using PbxGrains.Storage.Events;

namespace PbxGrains.Front.Tests.Board;

/// <summary>What a reader of the board looks at: sites whose actors say what the test wants, and events as actors write them.</summary>
internal static class Scene
{
    private static readonly string[] Names = ["Alice Martin", "Bruno Petit", "Chloé Bernard", "David Moreau", "Emma Lefèvre", "Farid Benali", "Gaëlle Roux", "Hugo Simon"];

    public static DateTimeOffset Now => DateTimeOffset.UtcNow;

    /// <summary>Registers a site by the API and gives its actor a status.</summary>
    public static async Task<ScriptedSite> SiteAsync(this FrontLab front, string id, string name, SiteStatus? status = null)
    {
        _ = await front.RegisterAsync(id, new { name, address = "10.1.0.254", userName = "api", password = "hush-password", timeZone = "Europe/Paris" });
        var site = front.Site(id);
        site.Status = () => status ?? Status(id);
        site.Trunks = () => new PbxAnswer<IReadOnlyList<TrunkView>>([new TrunkView("SIP-Orange", "SIP", "Registered", Usable: true), new TrunkView("GSM-1", "GSM", "Idle", Usable: null)]);
        return site;
    }

    public static SiteStatus Status(string id, SiteHealth health = SiteHealth.Online, SiteHealthReason reason = SiteHealthReason.Polling, PushState push = PushState.Proven, int calls = 0, params SiteWarning[] warnings) => new()
    {
        Site = SiteId.Parse(id),
        Health = health,
        Reason = reason,
        Since = Now.AddMinutes(-12),
        LastPollAt = Now.AddSeconds(-3),
        LastReportAt = push == PushState.Proven ? Now.AddSeconds(-8) : null,
        Push = push,
        Firmware = "30.13.0.30",
        RunningCalls = calls,
        Warnings = warnings,
        Extensions = new Dictionary<ExtensionStatus, int> { [ExtensionStatus.Idle] = 14 - calls, [ExtensionStatus.Busy] = calls, [ExtensionStatus.Ringing] = calls > 1 ? 1 : 0, [ExtensionStatus.Unregistered] = 2 },
    };

    public static ExtensionView Extension(string site, int number, ExtensionStatus status, string? with = null, string? name = null) => new()
    {
        Site = SiteId.Parse(site),
        Number = ExtensionNumber.Parse($"{number}"),
        Name = name ?? Names[number % Names.Length],
        Type = "SIP",
        Status = status,
        Since = status == ExtensionStatus.Unknown ? null : Now.AddSeconds(-(number % 7 * 71) - 4),
        Source = KnowledgeSource.Push,
        ConfirmedAt = Now,
        AsOf = Now,
        TalkingTo = with,
        Stale = status == ExtensionStatus.Unknown,
        LastKnownStatus = status == ExtensionStatus.Unknown ? ExtensionStatus.Idle : null,
    };

    public static CallView Call(string site, string id, string caller, string callee, CallState state = CallState.Talking, params string[] extensions) => new()
    {
        Site = SiteId.Parse(site),
        CallId = CallId.Parse(id),
        State = state,
        Direction = extensions.Length > 1 ? CallDirection.Internal : CallDirection.Outbound,
        Caller = caller,
        Callee = callee,
        StartedAt = Now.AddSeconds(-95),
        AnsweredAt = state == CallState.Ringing ? null : Now.AddSeconds(-83),
        Legs =
        [
            .. extensions.Select(number => new LegView { Kind = LegKind.Extension, Number = number, State = state == CallState.Ringing ? LegState.Ringing : LegState.Talking }),
            .. extensions.Length > 1 ? Array.Empty<LegView>() : [new LegView { Kind = LegKind.Outbound, Number = callee, Trunk = "SIP-Orange", State = LegState.Talking }],
        ],
        ConfirmedAt = Now,
    };

    public static Task AppendAsync(this FrontLab front, params EventRow[] events) => front.Service<EventLog>().AppendAsync(events, TestContext.Current.CancellationToken);

    public static EventRow StatusEvent(string site, int number, ExtensionStatus status, string? with = null, string? agent = null, string? name = null)
    {
        var told = new ExtensionStatusEvent(site, $"{number}", name ?? Names[number % Names.Length], agent, status, ExtensionStatus.Idle, Now, KnowledgeSource.Push, CurrentCall: null, with, RegisteredAddress: null);
        return Row(EventTypes.ExtensionStatus, site, $"extensions/{number}", JsonSerializer.Serialize(told, EventJson.Words.ExtensionStatusEvent)) with { Extensions = [$"{number}"] };
    }

    public static EventRow HealthEvent(string site, SiteHealth health, SiteHealthReason reason) =>
        Row(EventTypes.SiteHealth, site, "", JsonSerializer.Serialize(new SiteHealthEvent(site, health, reason, Message: null, Now, SiteHealth.Online), EventJson.Words.SiteHealthEvent));

    public static EventRow CallEventOf(string type, CallView call)
    {
        var told = new CallEvent(
            call.Site.Value,
            call.CallId.Value,
            Extension: null,
            AgentId: null,
            call.State,
            call.Direction,
            call.Caller,
            CallerE164: null,
            call.Callee,
            CalleeE164: null,
            Trunk: "SIP-Orange",
            Did: null,
            Reference: null,
            call.StartedAt,
            call.AnsweredAt,
            call.State == CallState.Ended ? Now : null,
            FailureReason: null,
            [.. call.Legs.Select(leg => new CallEventParty(leg.Kind, leg.Number, leg.State))]);
        return Row(type, call.Site.Value, $"calls/{call.CallId}", JsonSerializer.Serialize(told, EventJson.Words.CallEvent)) with { CallId = call.CallId.Value };
    }

    private static EventRow Row(string type, string site, string subject, string data) =>
        new() { Id = Guid.CreateVersion7(), Type = type, SiteId = site, Subject = subject, OccurredAt = Now, Data = data };
}
