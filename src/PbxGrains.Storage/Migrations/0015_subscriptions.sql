-- Outgoing webhooks: who wants which events, how far each has been given them, and every delivery until it is done.

CREATE TABLE pbx.subscription (
    subscription_id uuid        NOT NULL CONSTRAINT subscription_key PRIMARY KEY,
    url             text        NOT NULL,
    types           text[]      NOT NULL,
    sites           text[]      NOT NULL,
    description     text,
    enabled         boolean     NOT NULL,
    disabled_reason text,
    disabled_at     timestamptz,
    failing_since   timestamptz,
    created_at      timestamptz NOT NULL,
    CONSTRAINT subscription_disabled_reason_is_known CHECK (disabled_reason IN ('operator', 'gone', 'failing')),
    CONSTRAINT subscription_is_disabled_for_a_reason CHECK (enabled = (disabled_reason IS NULL) AND enabled = (disabled_at IS NULL))
);
COMMENT ON TABLE pbx.subscription IS 'Targets of outgoing webhooks; empty types or sites mean all';
COMMENT ON COLUMN pbx.subscription.failing_since IS 'First failure since the last success; null = the last delivery succeeded, or there was none';

CREATE TABLE pbx.subscription_secret (
    secret_id       bigint      GENERATED ALWAYS AS IDENTITY CONSTRAINT subscription_secret_key PRIMARY KEY,
    subscription_id uuid        NOT NULL CONSTRAINT subscription_secret_of_subscription REFERENCES pbx.subscription ON DELETE CASCADE,
    cipher          bytea       NOT NULL,
    created_at      timestamptz NOT NULL,
    expires_at      timestamptz
);
CREATE INDEX subscription_secret_of ON pbx.subscription_secret (subscription_id);
COMMENT ON COLUMN pbx.subscription_secret.expires_at IS 'Null = the current one; others sign beside it until then';

CREATE TABLE pbx.subscription_reading (
    subscription_id uuid        NOT NULL CONSTRAINT subscription_reading_of_subscription REFERENCES pbx.subscription ON DELETE CASCADE,
    replay          integer     NOT NULL,
    era             integer     NOT NULL,
    tx              xid8        NOT NULL,
    position        bigint      NOT NULL,
    until_era       integer,
    until_tx        xid8,
    until_position  bigint,
    from_at         timestamptz,
    to_at           timestamptz,
    enqueued        bigint      NOT NULL DEFAULT 0,
    missed_from     text,
    missed_until    text,
    missed_at       timestamptz,
    created_at      timestamptz NOT NULL,
    finished_at     timestamptz,
    CONSTRAINT subscription_reading_key PRIMARY KEY (subscription_id, replay),
    CONSTRAINT subscription_reading_of_a_replay_ends CHECK ((replay = 0) = (until_era IS NULL))
) WITH (fillfactor = 50);
COMMENT ON TABLE pbx.subscription_reading IS 'Ways of subscriptions through the event log: 0 follows it for ever, the others are replays';
COMMENT ON COLUMN pbx.subscription_reading.tx IS 'With era and position: of everything up to here there are deliveries';
COMMENT ON COLUMN pbx.subscription_reading.from_at IS 'Replays of a time range: only events recorded from here';
COMMENT ON COLUMN pbx.subscription_reading.missed_from IS 'Events from this cursor to missed_until could not be delivered: the log no longer had them';

-- No reference to the subscription: removing one must not remove a million deliveries in one long transaction.
CREATE TABLE pbx.delivery (
    delivery_id     bigint      GENERATED ALWAYS AS IDENTITY CONSTRAINT delivery_key PRIMARY KEY,
    subscription_id uuid        NOT NULL,
    replay          integer     NOT NULL,
    event_id        uuid        NOT NULL,
    event_day       date,
    event_type      text        NOT NULL,
    body            text,
    state           text        NOT NULL DEFAULT 'pending',
    tries           integer     NOT NULL DEFAULT 0,
    claim           integer     NOT NULL DEFAULT 0,
    due_at          timestamptz NOT NULL,
    leased_until    timestamptz,
    attempts        jsonb       NOT NULL DEFAULT '[]',
    created_at      timestamptz NOT NULL,
    finished_at     timestamptz,
    CONSTRAINT delivery_once UNIQUE (subscription_id, replay, event_id),
    CONSTRAINT delivery_state_is_known CHECK (state IN ('pending', 'delivered', 'failed')),
    CONSTRAINT delivery_has_a_body CHECK (event_day IS NOT NULL OR body IS NOT NULL)
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
CREATE INDEX delivery_due ON pbx.delivery (subscription_id, due_at, delivery_id) WHERE state = 'pending';
CREATE INDEX delivery_of ON pbx.delivery (subscription_id, delivery_id);
COMMENT ON TABLE pbx.delivery IS 'One event for one subscription, and what became of it';
COMMENT ON COLUMN pbx.delivery.event_day IS 'With event_id: the event in the log; null for a test message, which is all in body';
COMMENT ON COLUMN pbx.delivery.tries IS 'Failures since it was enqueued or sent again by hand';
COMMENT ON COLUMN pbx.delivery.claim IS 'Counts who took it: one whose lease has run out cannot say that it failed';
COMMENT ON COLUMN pbx.delivery.due_at IS 'When it may be sent; for one that is being sent, when its lease runs out and others may';
