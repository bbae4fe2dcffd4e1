-- What Orleans stores: who is in the cluster, the state of grains, and reminders. The providers reach these tables only
-- through the texts in orleans.orleansquery, so names and shapes are ours.

CREATE SCHEMA IF NOT EXISTS orleans;

-- The one relation name the providers know; they read it unqualified, so orleans must be on the search path.
CREATE TABLE orleans.orleansquery (
    querykey  text NOT NULL CONSTRAINT orleansquery_key PRIMARY KEY,
    querytext text NOT NULL
);
COMMENT ON TABLE orleans.orleansquery IS 'The SQL the Orleans providers run; read once when a silo starts';

-- Cluster membership -------------------------------------------------------------------------------------------------

CREATE TABLE orleans.membership_version (
    deployment_id text    NOT NULL CONSTRAINT membership_version_key PRIMARY KEY,
    version       integer NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
COMMENT ON TABLE orleans.membership_version IS 'One row per cluster; every change of a member is a compare-and-swap on it';

CREATE TABLE orleans.membership (
    deployment_id   text        NOT NULL CONSTRAINT membership_of_cluster REFERENCES orleans.membership_version ON DELETE CASCADE,
    address         text        NOT NULL,
    port            integer     NOT NULL,
    generation      integer     NOT NULL,
    silo_name       text        NOT NULL,
    host_name       text        NOT NULL,
    status          integer     NOT NULL,
    proxy_port      integer     NOT NULL,
    suspect_times   text,
    start_time      timestamptz NOT NULL,
    i_am_alive_time timestamptz NOT NULL,
    CONSTRAINT membership_key PRIMARY KEY (deployment_id, address, port, generation)
) WITH (fillfactor = 50);
COMMENT ON TABLE orleans.membership IS 'One row per silo process; never edit or restore it under a running cluster';

-- Grain state --------------------------------------------------------------------------------------------------------

CREATE TABLE orleans.grain_state (
    service_id       text        NOT NULL,
    state_name       text        NOT NULL,
    grain_n0         bigint      NOT NULL,
    grain_n1         bigint      NOT NULL,
    grain_extension  text,
    grain_hash       integer     NOT NULL,
    state_name_hash  integer     NOT NULL,
    payload          bytea,
    version          integer     NOT NULL,
    modified_at      timestamptz NOT NULL DEFAULT now(),
    -- The extension leads: a null-safe comparison cannot use it, so look-ups always go through the hashes, whose index
    -- stays selective when a million string keys share the same two numbers (0, 0).
    CONSTRAINT grain_state_once UNIQUE NULLS NOT DISTINCT (grain_extension, grain_n1, grain_n0, state_name, service_id)
);
CREATE INDEX grain_state_hash ON orleans.grain_state (grain_hash, state_name_hash);
COMMENT ON COLUMN orleans.grain_state.state_name IS 'Name of the persistent state; the class of the grain is not part of the key';
COMMENT ON COLUMN orleans.grain_state.payload IS 'As the storage serializer wrote it; null = cleared';

-- Reminders ----------------------------------------------------------------------------------------------------------

-- A version never repeats for a reminder, not even after delete and re-create: reminder services compare it to see changes.
CREATE SEQUENCE orleans.reminder_version AS integer MINVALUE 1 CYCLE;

CREATE TABLE orleans.reminder (
    service_id    text        NOT NULL,
    grain_id      text        NOT NULL,
    reminder_name text        NOT NULL,
    grain_hash    integer     NOT NULL,
    start_time    timestamptz NOT NULL,
    period_ms     bigint      NOT NULL,
    version       integer     NOT NULL,
    CONSTRAINT reminder_key PRIMARY KEY (service_id, grain_id, reminder_name)
);
CREATE INDEX reminder_ring ON orleans.reminder (service_id, grain_hash);
