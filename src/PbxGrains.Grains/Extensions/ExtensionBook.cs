using PbxGrains.Contracts;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Grains.Moves;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Extensions;

/// <summary>A change of one extension that its actor should hear of.</summary>
/// <param name="Number">The extension.</param>
/// <param name="State">What it is now; null when the PBX no longer lists it.</param>
/// <param name="StatusChanged">True when the status itself changed, not only a name or call.</param>
/// <param name="Before">The status it had before; null when nothing was known of the extension.</param>
public readonly record struct ExtensionChange(ExtensionNumber Number, ExtensionState? State, bool StatusChanged, ExtensionStatus? Before = null);

/// <summary>
/// Everything one site knows of its extensions. Polls and pushes merge into one truth: a push is newer than a list
/// that was asked for before it arrived; a list read whole confirms every extension it names.
/// </summary>
/// <param name="started">
/// When this book was opened: revisions grow from there, so that those of a new activation are above those of an old one.
/// </param>
public sealed class ExtensionBook(DateTimeOffset started)
{
    private readonly Dictionary<ExtensionNumber, Entry> _entries = [];
    private long _revision = started.UtcTicks;
    private IReadOnlyList<PbxExtension>? _agreed;

    /// <summary>When the list was last read whole (when it was asked for), UTC; null when never.</summary>
    public DateTimeOffset? ListedAt { get; private set; }

    /// <summary>Number of the last change.</summary>
    internal long Revision => _revision;

    /// <summary>Number of extensions.</summary>
    public int Count => _entries.Count;

    /// <summary>All extensions in the order of their numbers.</summary>
    public IEnumerable<KeyValuePair<ExtensionNumber, ExtensionState>> All =>
        _entries.Select(e => KeyValuePair.Create(e.Key, e.Value.State)).OrderBy(e => e.Key.Value, StringComparer.Ordinal);

    /// <summary>One extension; null when unknown.</summary>
    public ExtensionState? Find(ExtensionNumber number) => _entries.GetValueOrDefault(number)?.State;

    /// <summary>True when an extension rings or talks.</summary>
    public bool AnyActive
    {
        get
        {
            foreach (var entry in _entries.Values)
            {
                if (entry.State.Status is ExtensionStatus.Ringing or ExtensionStatus.Busy or ExtensionStatus.OnHold)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Merges a list of the PBX.</summary>
    /// <param name="listed">
    /// All extensions the PBX has. The same object again means the same list again: while nothing else was heard, it only confirms.
    /// </param>
    /// <param name="askedAt">When it was asked for.</param>
    /// <returns>What changed.</returns>
    public IReadOnlyList<ExtensionChange> Listed(IReadOnlyList<PbxExtension> listed, DateTimeOffset askedAt)
    {
        if (ReferenceEquals(listed, _agreed))
        {
            ListedAt = askedAt;
            return [];
        }

        List<ExtensionChange>? changes = null;
        var round = ++_revision;
        var agrees = true;
        foreach (var extension in listed)
        {
            if (!ExtensionNumber.TryParse(extension.Number, out var number))
            {
                continue;
            }

            if (!_entries.TryGetValue(number, out var entry))
            {
                entry = new Entry(NewState(extension, askedAt));
                _entries.Add(number, entry);
                (changes ??= []).Add(new ExtensionChange(number, entry.State, StatusChanged: true));
            }
            else
            {
                var before = entry.State.Status;
                if (Merge(entry, extension, askedAt) is { } statusChanged)
                {
                    (changes ??= []).Add(new ExtensionChange(number, entry.State, statusChanged, before));
                }
            }

            agrees &= entry.Round != round && entry.State.Status == Word(extension.Status);
            entry.Round = round;
        }

        if (_entries.Count > listed.Count || changes is not null)
        {
            RemoveUnlisted(round, askedAt, ref changes);
        }

        ListedAt = askedAt;
        _agreed = agrees && _entries.Count == listed.Count ? listed : null;
        return changes ?? (IReadOnlyList<ExtensionChange>)[];
    }

    /// <summary>Merges a push, or what a list of running calls says of an extension.</summary>
    /// <returns>The change; null when it told nothing new or names no extension.</returns>
    public ExtensionChange? Pushed(string extension, ExtensionStatus status, string? registeredAddress, DateTimeOffset at, KnowledgeSource source = KnowledgeSource.Push)
    {
        if (status == ExtensionStatus.Unknown || !ExtensionNumber.TryParse(extension, out var number))
        {
            return null;
        }

        var known = _entries.TryGetValue(number, out var entry);
        if (entry is null)
        {
            entry = new Entry(new ExtensionState { Status = ExtensionStatus.Unknown });
            _entries.Add(number, entry);
        }

        var before = entry.State;
        var changed = before.Status != status;
        _agreed = null;
        entry.PushedAt = at;
        entry.State = before with
        {
            Status = status,
            Since = changed ? at : before.Since ?? at,
            Source = changed ? source : before.Source,
            ConfirmedAt = at,
            RegisteredAddress = registeredAddress ?? before.RegisteredAddress,
            Revision = changed ? ++_revision : before.Revision,
        };
        return changed ? new ExtensionChange(number, entry.State, StatusChanged: true, known ? before.Status : null) : null;
    }

    /// <summary>Notes which call an extension takes part in.</summary>
    /// <returns>The change; null when that was known, or the extension is not.</returns>
    public ExtensionChange? InCall(ExtensionNumber number, CallId? call, string? talkingTo)
    {
        if (!_entries.TryGetValue(number, out var entry) || (entry.State.CurrentCall == call && entry.State.TalkingTo == talkingTo))
        {
            return null;
        }

        entry.State = entry.State with { CurrentCall = call, TalkingTo = talkingTo, Revision = ++_revision };
        return new ExtensionChange(number, entry.State, StatusChanged: false);
    }

    internal IReadOnlyList<ExtensionHandOver> HandOver() => [.. _entries.Select(e => new ExtensionHandOver(e.Key, e.Value.State, e.Value.PushedAt))];

    /// <summary>Goes on with what an activation on another silo knew.</summary>
    /// <param name="picture">What it knew.</param>
    /// <param name="ahead">How much that silo's clock is ahead of this one's: knowledge must not look younger here.</param>
    internal void TakeOver(PictureHandOver picture, TimeSpan ahead = default)
    {
        foreach (var extension in picture.Extensions)
        {
            _entries[extension.Number] = new Entry(extension.State with { ConfirmedAt = extension.State.ConfirmedAt - ahead }) { PushedAt = extension.PushedAt - ahead };
        }

        ListedAt = picture.ListedAt - ahead;
        _revision = Math.Max(_revision, picture.Revision);
    }

    /// <summary>Forgets everything: the site points at another PBX now.</summary>
    public void Clear()
    {
        _entries.Clear();
        _agreed = null;
        ListedAt = null;
    }

    /// <summary>Our word for a status of the PBX.</summary>
    public static ExtensionStatus Word(PbxExtensionStatus status) => status switch
    {
        PbxExtensionStatus.Unregistered => ExtensionStatus.Unregistered,
        PbxExtensionStatus.Idle => ExtensionStatus.Idle,
        PbxExtensionStatus.Ringing => ExtensionStatus.Ringing,
        PbxExtensionStatus.Busy => ExtensionStatus.Busy,
        PbxExtensionStatus.OnHold => ExtensionStatus.OnHold,
        PbxExtensionStatus.Fault => ExtensionStatus.Fault,
        _ => ExtensionStatus.Unknown,
    };

    private ExtensionState NewState(PbxExtension extension, DateTimeOffset askedAt) => new()
    {
        Name = extension.Name,
        Type = extension.Type,
        Status = Word(extension.Status),
        Since = askedAt,
        Source = KnowledgeSource.Poll,
        ConfirmedAt = askedAt,
        Revision = ++_revision,
    };

    private bool? Merge(Entry entry, PbxExtension extension, DateTimeOffset askedAt)
    {
        var before = entry.State;
        var status = Word(extension.Status);
        var statusChanged = status != before.Status && !(entry.PushedAt >= askedAt);
        if (!statusChanged && before.Name == extension.Name && before.Type == extension.Type)
        {
            return null;
        }

        entry.State = before with
        {
            Name = extension.Name,
            Type = extension.Type,
            Status = statusChanged ? status : before.Status,
            Since = statusChanged ? askedAt : before.Since,
            Source = statusChanged ? KnowledgeSource.Poll : before.Source,
            ConfirmedAt = statusChanged ? askedAt : before.ConfirmedAt,
            Revision = ++_revision,
        };
        return statusChanged;
    }

    private void RemoveUnlisted(long round, DateTimeOffset askedAt, ref List<ExtensionChange>? changes)
    {
        foreach (var (number, entry) in _entries)
        {
            if (entry.Round != round && !(entry.PushedAt >= askedAt))
            {
                _entries.Remove(number);
                (changes ??= []).Add(new ExtensionChange(number, State: null, StatusChanged: true, entry.State.Status));
            }
        }
    }

    private sealed class Entry(ExtensionState state)
    {
        public ExtensionState State { get; set; } = state;

        public DateTimeOffset? PushedAt { get; set; }

        public long Round { get; set; }
    }
}
