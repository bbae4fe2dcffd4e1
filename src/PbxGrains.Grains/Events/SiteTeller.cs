using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Contracts.Checklists;
using PbxGrains.Contracts.Events;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Contracts.Sites;
using PbxGrains.Grains.Calls;
using PbxGrains.Grains.Checklists;
using PbxGrains.Grains.Extensions;
using PbxGrains.Grains.Sites;
using PbxGrains.Storage.Calls;
using PbxGrains.Storage.Events;

namespace PbxGrains.Grains.Events;

/// <summary>Notes what a site's actor learns as events, in the moment it learns it.</summary>
/// <param name="site">The site.</param>
/// <param name="events">Where they are noted.</param>
/// <param name="agentOf">The agent who has an extension; null when nobody has.</param>
/// <param name="time">The clock.</param>
public sealed class SiteTeller(SiteId site, SiteEvents events, Func<string, string?> agentOf, TimeProvider time) : IPictureListener, IHealthListener
{
    private readonly CallEvents _calls = new(site, agentOf);
    private bool _healthTold;

    /// <summary>ISO 3166 code of the site's country; null when not known.</summary>
    public string? Country { get; set; }

    /// <summary>An activation on another silo told the site's health, and this one goes on from there.</summary>
    internal void TakeOver() => _healthTold = true;

    /// <inheritdoc />
    public void Moved(CallMove move, DateTimeOffset at)
    {
        foreach (var row in _calls.Of(move, Country, at))
        {
            events.Note(row);
        }
    }

    /// <inheritdoc />
    public void Changed(ExtensionChange change, DateTimeOffset at)
    {
        var number = change.Number.Value;
        var state = change.State ?? new ExtensionState();
        var agent = agentOf(number);
        var told = new ExtensionStatusEvent(
            site.Value,
            number,
            state.Name,
            agent,
            state.Status,
            change.Before ?? ExtensionStatus.Unknown,
            change.State is null ? at : state.Since,
            state.Source,
            state.CurrentCall?.Value,
            state.TalkingTo,
            state.RegisteredAddress);
        var row = Row(EventTypes.ExtensionStatus, $"extensions/{number}", told, EventJson.Words.ExtensionStatusEvent, at) with { AgentId = agent, Extensions = [number] };
        events.Note(row, change.Before is null ? before => UnlessTold(row, told, before) : null);
    }

    /// <inheritdoc />
    public void HealthChanged(SiteHealthBook book, SiteHealth before, DateTimeOffset at)
    {
        var told = new SiteHealthEvent(site.Value, book.Health, book.Reason, book.Detail, book.Since, before);
        var row = Row(EventTypes.SiteHealth, "", told, EventJson.Words.SiteHealthEvent, at);
        events.Note(row, _healthTold ? null : last => UnlessTold(row, told, last));
        _healthTold = true;
    }

    /// <inheritdoc />
    public void Warned(SiteWarning warning, bool settled)
    {
        var told = new SiteWarningEvent(site.Value, warning.Code, warning.Message, settled);
        events.Note(Row(EventTypes.SiteWarning, "", told, EventJson.Words.SiteWarningEvent, time.GetUtcNow()));
    }

    /// <summary>A run of the checklist came to its end: an event when a verdict is another one than in the run before.</summary>
    public void ChecklistRan(ChecklistRun run, ChecklistRun before)
    {
        var changes = ChecklistChanges.Between(before, run);
        if (changes.Count == 0 && run.Verdict == before.Verdict)
        {
            return;
        }

        var told = new ChecklistChangedEvent(site.Value, run.RunId, run.Trigger, run.Verdict, before.Verdict, changes);
        events.Note(Row(EventTypes.SiteChecklistChanged, $"checklists/{run.RunId}", told, EventJson.Words.ChecklistChangedEvent, run.FinishedAt ?? time.GetUtcNow()));
    }

    /// <summary>Something became of a dial. Each of its events has a name of its own, whoever tells it.</summary>
    public void Originated(string type, OriginateRow row)
    {
        var told = new OriginateEvent(
            site.Value,
            row.OriginateId,
            row.CallId,
            row.Extension,
            row.Destination,
            row.AgentId ?? agentOf(row.Extension),
            row.Reference,
            row.State switch
            {
                OriginateRowState.Accepted => OriginateState.Accepted,
                OriginateRowState.Refused => OriginateState.Refused,
                _ => OriginateState.Unknown,
            },
            Enum.TryParse<OriginateRefusal>(row.Refusal, out var why) ? why : null,
            row.Message);
        events.Note(Row(type, $"originates/{row.OriginateId}", told, EventJson.Words.OriginateEvent, time.GetUtcNow()) with
        {
            Id = EventName.Of(row.CreatedAt, row.OriginateId.ToString(), type),
            AgentId = told.AgentId,
            Extensions = [row.Extension],
            CallId = row.CallId,
        });
    }

    /// <summary>An actor that starts anew learns what it told before it ended: only a difference is an event.</summary>
    private static EventRow? UnlessTold(EventRow row, ExtensionStatusEvent told, string? before)
    {
        var last = before is null ? null : JsonSerializer.Deserialize(before, EventJson.Words.ExtensionStatusEvent);
        return last is null ? row
            : last.Status == told.Status ? null
            : row with { Data = JsonSerializer.Serialize(told with { PreviousStatus = last.Status }, EventJson.Words.ExtensionStatusEvent) };
    }

    private static EventRow? UnlessTold(EventRow row, SiteHealthEvent told, string? before)
    {
        var last = before is null ? null : JsonSerializer.Deserialize(before, EventJson.Words.SiteHealthEvent);
        return last is null ? row
            : last.Health == told.Health && last.Reason == told.Reason ? null
            : row with { Data = JsonSerializer.Serialize(told with { PreviousHealth = last.Health }, EventJson.Words.SiteHealthEvent) };
    }

    private EventRow Row<T>(string type, string subject, T told, JsonTypeInfo<T> words, DateTimeOffset at) => new()
    {
        Id = Guid.CreateVersion7(at),
        Type = type,
        SiteId = site.Value,
        Subject = subject,
        OccurredAt = at,
        Data = JsonSerializer.Serialize(told, words),
    };
}
