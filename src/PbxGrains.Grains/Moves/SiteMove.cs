using Orleans.Core.Internal;
using PbxGrains.Contracts;
using PbxGrains.Grains.Extensions;
using PbxGrains.Grains.Sites;

namespace PbxGrains.Grains.Moves;

/// <summary>
/// One site's actor on its way to another silo: when it may leave, what it takes along, and how it ends when the silo stops.
/// Made in a turn of the actor; may be asked from anywhere.
/// </summary>
internal sealed class SiteMove(SiteId site, IGrainContext actor, SiteWork work, SiteDuty duty, LocalSites local, TimeProvider time) : IDisposable
{
    private const string Key = "pbx.site";

    /// <summary>A login that is under way gets this long to come to its answer: a session nobody knows of helps nobody.</summary>
    private static readonly TimeSpan LoginEndsWithin = TimeSpan.FromSeconds(3);

    /// <summary>What was kept for an actor that was to be started again at once is of no use any more after this long.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);

    /// <summary>Calls that waited for the actor's start are served this soon after it.</summary>
    private static readonly TimeSpan WaitersServedWithin = TimeSpan.FromSeconds(1);

    private readonly TaskScheduler _turns = TaskScheduler.Current;
    private readonly CancellationTokenSource _stopping = new();
    private int _errands;
    private SiteHandOver? _handOver;
    private DateTimeOffset _begunAt;

    /// <summary>The site.</summary>
    public SiteId Site => site;

    /// <summary>Since when the actor is here.</summary>
    public DateTimeOffset Since { get; } = time.GetUtcNow();

    /// <summary>What came from the actor on another silo; null when nothing came, or nothing that can be read here.</summary>
    public static SiteHandOver? Read(IRehydrationContext context, LocalSites local, DateTimeOffset now)
    {
        try
        {
            _ = context.TryGetValue<SiteHandOver>(Key, out var handOver);
            if (handOver?.Leaving is { } silo)
            {
                local.Shares.Leaves(silo);
            }

            if (handOver is not null)
            {
                SiteMeter.Moved(withSession: handOver.Session is not null);
            }

            // Here and not when the actor has started, which may wait for the database: what it waits would count as a clock's lead.
            return handOver is null || handOver.At <= now ? handOver : handOver with { Ahead = handOver.At - now };
        }
        catch (Exception)
        {
            // Of a version that writes it otherwise: starting afresh costs one login.
            return null;
        }
    }

    /// <summary>What an actor of the site that was interrupted on this silo left behind; null when nothing.</summary>
    public static SiteHandOver? Kept(SiteId site, LocalSites local, DateTimeOffset now) => local.Take(site, now - KeptFor);

    /// <summary>The actor can be asked.</summary>
    public void Begin()
    {
        _begunAt = time.GetUtcNow();
        local.Add(this);
    }

    /// <summary>
    /// When what the actor takes now arrived: now, unless it may have waited for the actor. What comes right after its start may
    /// have waited for that start, or for an earlier one that failed, for want of the database as a rule: then it counts as
    /// old as it may be.
    /// </summary>
    /// <param name="now">The clock's time.</param>
    /// <param name="receivedAt">When it arrived by the clock of the front that took it.</param>
    public DateTimeOffset ArrivedBy(DateTimeOffset now, DateTimeOffset receivedAt)
    {
        if (now - _begunAt >= WaitersServedWithin)
        {
            return now;
        }

        var called = _begunAt - Since > ExtensionJudge.ClocksDiffer ? Since : now;
        return receivedAt < called ? receivedAt : called;
    }

    /// <summary>Does something that asks the PBX, or takes its time: the site does not move meanwhile. A stop of the silo ends its waiting.</summary>
    /// <param name="errand">What to do; its token ends with the caller's patience, or with the silo.</param>
    /// <param name="ct">The caller's patience.</param>
    public async Task<T> ErrandAsync<T>(Func<CancellationToken, Task<T>> errand, CancellationToken ct)
    {
        _errands++;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, ct);
        try
        {
            return await errand(either.Token);
        }
        finally
        {
            _errands--;
        }
    }

    /// <summary>Leaves for the silo that has the site by the share, unless something is under way that must not be cut short.</summary>
    /// <returns>False when it stays for now.</returns>
    public Task<bool> TryLeaveAsync() => InTurn(async () =>
    {
        if (_errands > 0 || work.IsBusy)
        {
            return false;
        }

        await actor.GetComponent<IGrainManagementExtension>()!.MigrateOnIdle();
        duty.Loop?.Cut();
        return true;
    });

    /// <summary>
    /// The silo stops: no more rounds, nobody waits any longer, and the actor leaves when what must not be cut short is done.
    /// Without a successor it stays, and ends with the silo.
    /// </summary>
    /// <returns>Ends when the actor has left.</returns>
    public async Task DepartAsync()
    {
        var leaves = await InTurn(async () =>
        {
            duty.Loop?.Halt();
            await _stopping.CancelAsync();
            if (local.Shares.SuccessorFor(site) is null)
            {
                return false;
            }

            await actor.GetComponent<IGrainManagementExtension>()!.MigrateOnIdle();
            return true;
        });
        if (leaves)
        {
            await actor.Deactivated;
        }
    }

    /// <summary>The actor ends. Says whether it has a successor, which goes on with the session.</summary>
    public async Task<bool> EndAsync(DeactivationReason reason, CancellationToken ct)
    {
        local.Remove(this);
        if (duty.Active is not { } configuration || SuccessorAfter(reason) is not { } successor)
        {
            return false;
        }

        var stays = successor.Equals(local.Shares.Self);
        if (!stays && reason.ReasonCode != DeactivationReasonCode.Migrating)
        {
            actor.Migrate(requestContext: null, ct);
        }

        await work.Session.SettledAsync(LoginEndsWithin);
        _ = await work.TellAsync(ct);
        _handOver = work.HandOver(configuration, duty.Loop) with { Leaving = local.Shares.IsLeaving ? local.Shares.Self : null };
        if (stays)
        {
            local.Keep(site, _handOver with { At = time.GetUtcNow() });
        }

        return true;
    }

    /// <summary>Hands over. Dated now: what the actor waited for at its end would hide that this silo's clock is ahead.</summary>
    public void Write(IDehydrationContext context)
    {
        if (_handOver is not null)
        {
            _ = context.TryAddValue(Key, _handOver with { At = time.GetUtcNow() });
        }
    }

    /// <inheritdoc />
    public void Dispose() => _stopping.Dispose();

    /// <summary>The silo on which the site's next actor goes on; null when it starts afresh.</summary>
    private SiloAddress? SuccessorAfter(DeactivationReason reason) => reason.ReasonCode switch
    {
        DeactivationReasonCode.Migrating or DeactivationReasonCode.ShuttingDown => local.Shares.SuccessorFor(site),
        DeactivationReasonCode.DirectoryFailure => local.Shares.PlaceOf(site.Value),
        _ => null,
    };

    private Task<T> InTurn<T>(Func<Task<T>> what) =>
        Task.Factory.StartNew(what, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _turns).Unwrap();
}
