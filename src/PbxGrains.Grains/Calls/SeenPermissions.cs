using PbxGrains.Contracts.Calls;

namespace PbxGrains.Grains.Calls;

/// <summary>Whether the PBX let an extension dial a number, when it last did or did not.</summary>
/// <param name="Allowed">True when it dialled, false when it refused for lack of permission.</param>
/// <param name="At">When, UTC.</param>
public readonly record struct SeenPermission(bool Allowed, DateTimeOffset At);

/// <summary>
/// What the PBX's answers to real dials showed of permissions: it has no question for them. Kept in memory only; what an
/// earlier activation saw is not known.
/// </summary>
public sealed class SeenPermissions
{
    private const int Most = 1000;

    private readonly Dictionary<(string Extension, string Destination, string? CallerId), SeenPermission> _seen = [];

    /// <summary>The last one seen for the same wish; null when none was.</summary>
    public SeenPermission? Of(OriginateRequest request) => _seen.TryGetValue(Key(request), out var seen) ? seen : null;

    /// <summary>Notes what an answer showed.</summary>
    public void Note(OriginateRequest request, bool allowed, DateTimeOffset at)
    {
        if (_seen.Count >= Most && !_seen.ContainsKey(Key(request)))
        {
            _ = _seen.Remove(_seen.MinBy(seen => seen.Value.At).Key);
        }

        _seen[Key(request)] = new SeenPermission(allowed, at);
    }

    private static (string Extension, string Destination, string? CallerId) Key(OriginateRequest request) =>
        (request.Extension.Value, request.Destination, request.CallerId);
}
