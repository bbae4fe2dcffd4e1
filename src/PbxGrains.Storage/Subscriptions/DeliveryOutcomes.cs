using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using PbxGrains.Storage.Events;

namespace PbxGrains.Storage.Subscriptions;

/// <summary>What became of a claimed delivery.</summary>
/// <param name="SubscriptionId">For whom it was.</param>
/// <param name="Delivery">The delivery as it was claimed.</param>
/// <param name="State">Where it stands now; pending to try again, or to give it back untried.</param>
/// <param name="DueAt">When it is tried next; unimportant when that is never.</param>
/// <param name="Attempt">The attempt; null when it was given back untried.</param>
public sealed record DeliveryOutcome(Guid SubscriptionId, ClaimedDelivery Delivery, DeliveryState State, DateTimeOffset DueAt, DeliveryAttempt? Attempt)
{
    /// <summary>The target wants nothing more.</summary>
    public bool IsGone { get; init; }

    /// <summary>It failed here, before the target was asked: that says nothing about the target.</summary>
    public bool FailedHere { get; init; }

    /// <summary>Says something about the target: it was tried in vain, and not for a test.</summary>
    internal bool IsFailure => Attempt is not null && State != DeliveryState.Delivered && !Delivery.IsTest && !FailedHere;
}

/// <summary>Writes down what became of deliveries, and switches off the subscriptions whose target is gone or has failed for too long.</summary>
/// <param name="database">The migrated database.</param>
public sealed class DeliveryOutcomes(NpgsqlDataSource database)
{
    /// <summary>Attempts that a delivery remembers; the oldest go first.</summary>
    private const int Remembered = 30;

    private const string Tell = """
        UPDATE pbx.delivery AS d SET
            state = told.state,
            due_at = told.due_at,
            leased_until = NULL,
            tries = d.tries + CASE WHEN told.attempt IS NULL OR told.state = 'delivered' THEN 0 ELSE 1 END,
            attempts = CASE WHEN told.attempt IS NULL THEN d.attempts
                ELSE (CASE WHEN jsonb_array_length(d.attempts) >= $7 THEN d.attempts - 0 ELSE d.attempts END) || told.attempt END,
            finished_at = CASE WHEN told.state = 'pending' THEN NULL ELSE $6 END
        FROM unnest($1, $2, $3, $4, $5) AS told (delivery_id, claim, state, due_at, attempt)
        WHERE d.delivery_id = told.delivery_id AND d.state = 'pending' AND (d.claim = told.claim OR told.state = 'delivered')
        """;

    private const string Succeeded = "UPDATE pbx.subscription SET failing_since = NULL WHERE subscription_id = ANY ($1) AND failing_since IS NOT NULL";

    private const string FailedNow = "UPDATE pbx.subscription SET failing_since = $2 WHERE subscription_id = ANY ($1) AND failing_since IS NULL";

    private const string SwitchOff = """
        UPDATE pbx.subscription SET enabled = false, disabled_at = $2, disabled_reason = CASE WHEN subscription_id = ANY ($3) THEN 'gone' ELSE 'failing' END
        WHERE enabled AND (subscription_id = ANY ($3) OR (subscription_id = ANY ($1) AND failing_since <= $4))
        RETURNING subscription_id, url, description, disabled_reason, failing_since
        """;

    /// <summary>
    /// Writes outcomes down, all or none. Of a delivery that somebody else has claimed meanwhile only a success counts;
    /// writing the same again changes nothing.
    /// </summary>
    /// <param name="outcomes">The outcomes.</param>
    /// <param name="now">The time.</param>
    /// <param name="disableAfter">How long a target may fail without a success before its subscription is switched off.</param>
    /// <param name="ct">Stops waiting for the database.</param>
    /// <returns>Subscriptions that were switched off.</returns>
    public async Task<IReadOnlyList<Guid>> WriteAsync(IReadOnlyList<DeliveryOutcome> outcomes, DateTimeOffset now, TimeSpan disableAfter, CancellationToken ct)
    {
        var succeeded = outcomes.Where(o => o.State == DeliveryState.Delivered && !o.Delivery.IsTest).Select(o => o.SubscriptionId).Distinct().ToArray();
        var failed = outcomes.Where(o => o.IsFailure).Select(o => o.SubscriptionId).Distinct().Except(succeeded).ToArray();
        var gone = outcomes.Where(o => o.IsGone).Select(o => o.SubscriptionId).Distinct().ToArray();

        await using var connection = await database.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Outcomes(outcomes, now), Of(Succeeded, succeeded) } };
        if (failed.Length == 0 && gone.Length == 0)
        {
            // Nearly always: one way to the server, in a transaction of its own.
            await batch.ExecuteNonQueryAsync(ct);
            return [];
        }

        await using var transaction = await connection.BeginTransactionAsync(ct);
        var failing = Of(FailedNow, failed);
        failing.Parameters.Instant(now);
        batch.BatchCommands.Add(failing);
        await batch.ExecuteNonQueryAsync(ct);

        await using var switchOff = new NpgsqlCommand(SwitchOff, connection);
        switchOff.Parameters.Bind(Ids, failed).Instant(now).Bind(Ids, gone).Instant(now - disableAfter);
        var told = await switchOff.ListAsync(
            row => new SwitchedOff(row.GetGuid(0), row.GetString(1), row.TextOrNull(2), row.GetString(3), row.InstantOrNull(4)), ct);
        _ = await EventAppender.AppendAsync(connection, [.. told.Select(off => off.ToEvent(now))], now, ct);
        await transaction.CommitAsync(ct);
        return [.. told.Select(off => off.SubscriptionId)];
    }

    private const NpgsqlDbType Ids = NpgsqlDbType.Array | NpgsqlDbType.Uuid;

    private static NpgsqlBatchCommand Outcomes(IReadOnlyList<DeliveryOutcome> outcomes, DateTimeOffset now)
    {
        // In one order, so that two processes that tell of the same deliveries do not wait for each other in a circle.
        var ordered = outcomes.OrderBy(o => o.Delivery.DeliveryId).ToList();
        var command = new NpgsqlBatchCommand(Tell);
        command.Parameters
            .Bind(NpgsqlDbType.Array | NpgsqlDbType.Bigint, ordered.Select(o => o.Delivery.DeliveryId).ToArray())
            .Bind(NpgsqlDbType.Array | NpgsqlDbType.Integer, ordered.Select(o => o.Delivery.Claim).ToArray())
            .Texts(ordered.Select(o => o.State.ToString().ToLowerInvariant()))
            .Bind(NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, ordered.Select(o => o.DueAt.UtcDateTime).ToArray())
            .Bind(NpgsqlDbType.Array | NpgsqlDbType.Jsonb, ordered.Select(o => o.Attempt is { } attempt ? Storable(attempt) : null).ToArray())
            .Instant(now)
            .Bind(NpgsqlDbType.Integer, Remembered);
        return command;
    }

    private static NpgsqlBatchCommand Of(string sql, Guid[] subscriptions)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.Bind(Ids, subscriptions);
        return command;
    }

    private static string Storable(DeliveryAttempt attempt) => Sql.StorableJson(JsonSerializer.Serialize(attempt, DeliveryJson.Default.DeliveryAttempt));
}
