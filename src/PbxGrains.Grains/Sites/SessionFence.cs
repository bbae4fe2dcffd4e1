using Npgsql;
using Orleans.Storage;

namespace PbxGrains.Grains.Sites;

/// <summary>Whether this activation of a site is the one that has its session.</summary>
internal enum Fenced
{
    /// <summary>As far as can be known.</summary>
    No,

    /// <summary>It looks as if another one had logged in; it must be asked again before anything is done.</summary>
    Perhaps,

    /// <summary>Another one has logged in: this one ends.</summary>
    Yes,
}

/// <summary>
/// While silos come and go, the directory of actors changes hands, and a site may have two activations for a while. The
/// older one would go on with a session that the PBX gave up for the newer one's, and nothing would tell it. Every login is
/// written down before it leaves: whoever finds one it has not written itself has been replaced.
/// </summary>
/// <param name="login">What this activation knows of logins.</param>
/// <param name="storage">Where they are written down.</param>
/// <param name="actor">The site's actor.</param>
/// <param name="membership">Tells when silos come and go: then it is asked for before each round.</param>
/// <param name="time">The clock.</param>
internal sealed class SessionFence(IPersistentState<LoginRecord> login, IGrainStorage storage, GrainId actor, IClusterMembershipService membership, TimeProvider time)
{
    /// <summary>Name under which the logins are written down.</summary>
    public const string StateName = "site-login";

    /// <summary>How long after the last change two activations are possible.</summary>
    private static readonly TimeSpan Unsettled = TimeSpan.FromMinutes(2);

    /// <summary>How often it is asked for otherwise: a silo the others gave up as dead may be the last to hear of it.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan LookWithin = TimeSpan.FromSeconds(2);

    private MembershipVersion _seen = MembershipVersion.MinValue;
    private DateTimeOffset _unsettledUntil;
    private DateTimeOffset _lookedAt;
    private bool _doubts;
    private string? _doubted;

    /// <summary>Looks whether another activation has logged in. Without a database nobody can have, and no PBX waits for it.</summary>
    public async Task<Fenced> LookAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (!IsDue(now))
        {
            return Fenced.No;
        }

        _lookedAt = now;

        try
        {
            var known = login.Etag;
            var stored = await ReadAsync().WaitAsync(LookWithin, time, ct);
            if (string.Equals(stored, login.Etag, StringComparison.Ordinal))
            {
                _doubts = false;
                return Fenced.No;
            }

            // One of our own that is just being written looks the same: once more, and it is certain when nothing was written here.
            var isCertain = _doubts && _doubted == known && known == login.Etag;
            (_doubts, _doubted) = (true, login.Etag);
            return isCertain ? Fenced.Yes : Fenced.Perhaps;
        }
        catch (Exception e) when (e is NpgsqlException or OrleansException or TimeoutException)
        {
            return Fenced.No;
        }
    }

    private async Task<string?> ReadAsync()
    {
        var stored = new GrainState<LoginRecord> { State = new LoginRecord() };
        await storage.ReadStateAsync(StateName, actor, stored);
        return stored.ETag;
    }

    private bool IsDue(DateTimeOffset now)
    {
        var snapshot = membership.CurrentSnapshot;
        if (snapshot.Version != _seen)
        {
            (_seen, _unsettledUntil) = (snapshot.Version, now + Unsettled);
        }

        var isAlone = snapshot.Members.Values.Count(member => member.Status is SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Stopping) <= 1;
        return !isAlone && (_doubts || now < _unsettledUntil || now - _lookedAt >= LookEvery);
    }
}
