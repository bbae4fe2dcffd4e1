using Npgsql;
using PbxGrains.Storage.Events;
using PbxGrains.Storage.Subscriptions;
using PbxGrains.Storage.Tests.Events;
using PbxGrains.Testing;

namespace PbxGrains.Storage.Tests.Subscriptions;

/// <summary>Everything about subscriptions in a database of one's own, since fan-out takes all subscriptions along.</summary>
public sealed class SubscriptionStore : IAsyncDisposable
{
    public static readonly DateTimeOffset Now = SampleEvents.Now;

    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    public static readonly TimeSpan DisableAfter = TimeSpan.FromDays(5);

    private readonly MigratedDatabase _database;

    private SubscriptionStore(MigratedDatabase database)
    {
        _database = database;
        Log = SampleEvents.NewLog(Data, Clock);
        Reader = new EventReader(Data);
        Registry = new SubscriptionRegistry(Data);
        FanOut = NewFanOut();
        Claims = new DeliveryClaims(Data);
        Outcomes = new DeliveryOutcomes(Data);
        Deliveries = new Deliveries(Data);
        Replays = new Replays(Data, Reader);
    }

    public NpgsqlDataSource Data => _database.Data;

    public Clock Clock { get; } = new();

    public EventLog Log { get; }

    public EventReader Reader { get; }

    public SubscriptionRegistry Registry { get; }

    public DeliveryFanOut FanOut { get; }

    public DeliveryClaims Claims { get; }

    public DeliveryOutcomes Outcomes { get; }

    public Deliveries Deliveries { get; }

    public Replays Replays { get; }

    private static CancellationToken Ct => MigratedDatabase.Ct;

    public static async Task<SubscriptionStore> CreateAsync()
    {
        var database = new MigratedDatabase();
        await database.InitializeAsync();
        return new SubscriptionStore(database);
    }

    public DeliveryFanOut NewFanOut() => new(Data, new EventReader(Data), Clock);

    public async Task<Guid> SubscribeAsync(string[]? types = null, string[]? sites = null)
    {
        var id = Guid.CreateVersion7();
        await Registry.AddAsync(id, new SubscriptionTerms("https://crm.example/hooks?key=hush", new SubscriptionFilter(types ?? [], sites ?? []), "CRM", Enabled: true), [1, 2, 3], Now, Ct);
        return id;
    }

    public Task AppendAsync(params EventRow[] events) => Log.AppendAsync(events, Ct);

    /// <summary>The whole log, also what transactions of other databases hold back for a moment.</summary>
    public async Task<IReadOnlyList<LoggedEvent>> ReadAllAsync() => await Reader.ReadAllAsync(EventCursor.Beginning, Ct);

    public static EventRow[] Ringing(int count, string site = "paris") => [.. Enumerable.Range(0, count).Select(number => SampleEvents.Ringing(site, call: null, subject: $"{number}"))];

    /// <summary>Follows the log to its end.</summary>
    public async Task FollowAsync()
    {
        var all = await ReadAllAsync();
        while ((await FanOut.FollowAsync(after => [.. all.Where(e => e.Cursor > after).Take(DeliveryFanOut.Page)], Ct)).HasMore)
        {
        }
    }

    /// <summary>Follows as a process does that knows nothing, until all is as wanted.</summary>
    public Task FollowLogAsync(Func<Task<bool>> wanted) => Eventually.Holds(
        async () =>
        {
            _ = await FanOut.FollowAsync(_ => null, Ct);
            return await wanted();
        },
        "the log to be followed");

    public async Task<IReadOnlyList<ClaimedDelivery>> ClaimAsync(Guid subscription, int limit = 1000, DateTimeOffset? at = null) =>
        (await Claims.ClaimAsync(subscription, limit, at ?? Clock.Now, Lease, Ct))?.Deliveries ?? [];

    public Task<IReadOnlyList<Guid>> TellAsync(Guid subscription, IEnumerable<ClaimedDelivery> deliveries, DeliveryState state, DateTimeOffset? at = null, bool isGone = false) =>
        Outcomes.WriteAsync(
            [.. deliveries.Select(delivery => new DeliveryOutcome(
                subscription, delivery, state, (at ?? Clock.Now).AddSeconds(5), new DeliveryAttempt(at ?? Clock.Now, 12, state == DeliveryState.Delivered ? 200 : 500, null, null)) { IsGone = isGone })],
            at ?? Clock.Now,
            DisableAfter,
            Ct);

    public async Task<IReadOnlyList<DeliveryRow>> ListAsync(Guid subscription) => [.. (await Deliveries.ListAsync(subscription, state: null, before: null, 1000, Ct)).Reverse()];

    public Task SqlAsync(string sql) => _database.SqlAsync(sql);

    public async ValueTask DisposeAsync()
    {
        await Log.DisposeAsync();
        await _database.DisposeAsync();
    }
}

/// <summary>A clock that stands until it is set.</summary>
public sealed class Clock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = SubscriptionStore.Now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => Now.UtcTicks;
}
