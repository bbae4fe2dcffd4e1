-- The ledger of call records: every record once, push and catch-up meeting on one identity. No reference to the site:
-- records outlive it.

CREATE FUNCTION pbx.call_record_numbers(caller text, callee text, caller_e164 text, callee_e164 text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $f$
    -- Cut, because an index refuses keys of some kilobytes and a record must never be refused for a silly number.
    SELECT array_remove(ARRAY[left(caller, 64), left(callee, 64), left(caller_e164, 64), left(callee_e164, 64)], NULL)
$f$;
COMMENT ON FUNCTION pbx.call_record_numbers IS 'Every notation of both numbers of a record, for finding it by number';

CREATE TABLE pbx.call_record (
    record_id         bigint      GENERATED ALWAYS AS IDENTITY,
    site_id           text        NOT NULL,
    call_id           text        NOT NULL,
    identity          bytea       NOT NULL,
    start_wall_clock  timestamp   NOT NULL,
    started_at        timestamptz NOT NULL,
    total_seconds     integer,
    ring_seconds      integer,
    talk_seconds      integer,
    direction         text        NOT NULL,
    raw_type          text,
    caller            text,
    caller_e164       text,
    callee            text,
    callee_e164       text,
    called_group      text,
    answered_by       text,
    did               text,
    source_trunk      text,
    destination_trunk text,
    disposition       text        NOT NULL,
    raw_status        text,
    recording         text,
    extensions        text[]      NOT NULL,
    agent_id          text,
    reference         text,
    -- Text, not jsonb: a line of CSV, or a body PostgreSQL would not take for JSON.
    raw               text,
    pushed_at         timestamptz,
    caught_up_at      timestamptz,
    imported_at       timestamptz,
    exact_fields      bigint      NOT NULL,
    revision          integer     NOT NULL DEFAULT 0,
    raw_removed_at    timestamptz,
    anonymised_at     timestamptz,
    CONSTRAINT call_record_key PRIMARY KEY (start_wall_clock, identity),
    CONSTRAINT call_record_site_id_is_lower_case_letters_digits_hyphens CHECK (site_id ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    CONSTRAINT call_record_identity_is_a_fingerprint CHECK (octet_length(identity) = 32),
    CONSTRAINT call_record_seconds_are_not_negative CHECK (total_seconds >= 0 AND ring_seconds >= 0 AND talk_seconds >= 0),
    CONSTRAINT call_record_direction_is_known CHECK (direction IN ('inbound', 'outbound', 'internal', 'unknown')),
    CONSTRAINT call_record_disposition_is_known CHECK (disposition IN ('answered', 'noAnswer', 'busy', 'failed', 'voicemail', 'unknown')),
    CONSTRAINT call_record_was_seen CHECK (num_nonnulls(pushed_at, caught_up_at, imported_at) > 0)
) PARTITION BY RANGE (start_wall_clock);
COMMENT ON TABLE pbx.call_record IS 'Call records of all sites, each once; partitions by month of the PBX''s wall clock';
COMMENT ON COLUMN pbx.call_record.start_wall_clock IS 'As the PBX wrote it: push and catch-up carry the same text whatever zone is configured';
COMMENT ON COLUMN pbx.call_record.identity IS 'SHA-256 of site, call id, start, from, to, type and status, each normalised';
COMMENT ON COLUMN pbx.call_record.talk_seconds IS 'Like the other durations: null = unknown, which is not zero';
COMMENT ON COLUMN pbx.call_record.pushed_at IS 'When push first told it; null = push never did';
COMMENT ON COLUMN pbx.call_record.caught_up_at IS 'When catch-up first found it; null = never yet';
COMMENT ON COLUMN pbx.call_record.imported_at IS 'When an import of history first found it; null = never';
COMMENT ON COLUMN pbx.call_record.exact_fields IS 'One bit a field: its value is from catch-up or import, so push no longer changes it';
COMMENT ON COLUMN pbx.call_record.anonymised_at IS 'When the numbers were taken out; a repeated report does not bring them back';

CREATE INDEX call_record_site_time ON pbx.call_record (site_id, started_at, record_id);
CREATE INDEX call_record_time ON pbx.call_record (started_at, record_id);
-- Hash, because a call id of any length must be taken.
CREATE INDEX call_record_call ON pbx.call_record USING hash (call_id);
CREATE INDEX call_record_extensions ON pbx.call_record USING gin (extensions);
CREATE INDEX call_record_numbers ON pbx.call_record USING gin (pbx.call_record_numbers(caller, callee, caller_e164, callee_e164));

-- For the clocks that say 1970 or 2099, and for months nobody made a partition for yet: nothing is ever refused.
CREATE TABLE pbx.call_record_default PARTITION OF pbx.call_record DEFAULT;

CREATE FUNCTION pbx.make_call_record_partition(month date) RETURNS boolean
LANGUAGE plpgsql AS $f$
DECLARE
    first CONSTANT timestamp := date_trunc('month', month::timestamp);
    next  CONSTANT timestamp := date_trunc('month', month::timestamp) + interval '1 month';
    part  CONSTANT text := 'call_record_' || to_char(first, 'YYYYMM');
BEGIN
    -- One at a time. Readers and writers go on meanwhile, except for what lies in the default partition.
    LOCK TABLE ONLY pbx.call_record IN SHARE UPDATE EXCLUSIVE MODE;
    IF to_regclass('pbx.' || part) IS NOT NULL THEN
        RETURN false;
    END IF;

    -- Without the identity: the numbers come from the table as a whole.
    EXECUTE format('CREATE TABLE pbx.%I (LIKE pbx.call_record INCLUDING ALL EXCLUDING IDENTITY) WITH (fillfactor = 90)', part);
    LOCK TABLE pbx.call_record_default IN ACCESS EXCLUSIVE MODE;
    EXECUTE format(
        'WITH moved AS (DELETE FROM pbx.call_record_default WHERE start_wall_clock >= %L AND start_wall_clock < %L RETURNING *) '
        'INSERT INTO pbx.%I SELECT * FROM moved', first, next, part);
    EXECUTE format('ALTER TABLE pbx.call_record ATTACH PARTITION pbx.%I FOR VALUES FROM (%L) TO (%L)', part, first, next);
    RETURN true;
END
$f$;
COMMENT ON FUNCTION pbx.make_call_record_partition IS 'Makes the partition of a month and moves its records there from the default partition; false when it exists';

CREATE TABLE pbx.call_record_revision (
    record_id  bigint      NOT NULL,
    revision   integer     NOT NULL,
    changed_at timestamptz NOT NULL,
    source     text        NOT NULL,
    before     jsonb       NOT NULL,
    CONSTRAINT call_record_revision_key PRIMARY KEY (record_id, revision)
);
COMMENT ON TABLE pbx.call_record_revision IS 'What a record said before each change: revision n is what it was before it became n';
COMMENT ON COLUMN pbx.call_record_revision.source IS 'Who told the version that changed it: push, catchUp or import';

CREATE TABLE pbx.call_record_retention (
    site_id              text NOT NULL CONSTRAINT call_record_retention_key PRIMARY KEY,
    record_days          integer,
    raw_days             integer,
    anonymise_after_days integer,
    CONSTRAINT call_record_retention_is_at_least_a_day CHECK (record_days > 0 AND raw_days > 0 AND anonymise_after_days > 0),
    CONSTRAINT call_record_retention_default_is_complete CHECK (site_id <> '*' OR (record_days IS NOT NULL AND raw_days IS NOT NULL))
);
COMMENT ON TABLE pbx.call_record_retention IS 'How many days call records are kept: the row ''*'' for all sites, a row of its own for a site that differs';
COMMENT ON COLUMN pbx.call_record_retention.record_days IS 'Null = as for all sites, like the other columns';
COMMENT ON COLUMN pbx.call_record_retention.anonymise_after_days IS 'Null for all sites = never';
INSERT INTO pbx.call_record_retention (site_id, record_days, raw_days) VALUES ('*', 1096, 30);

CREATE TABLE pbx.catch_up_window (
    site_id      text        NOT NULL,
    window_start timestamp   NOT NULL,
    window_end   timestamp   NOT NULL,
    outcome      text        NOT NULL,
    compared_at  timestamptz NOT NULL,
    rows_read    integer     NOT NULL,
    rows_new     integer     NOT NULL,
    detail       text,
    CONSTRAINT catch_up_window_key PRIMARY KEY (site_id, window_start, window_end, outcome),
    CONSTRAINT catch_up_window_is_not_empty CHECK (window_start < window_end),
    CONSTRAINT catch_up_window_outcome_is_known CHECK (outcome IN ('whole', 'failed'))
);
CREATE INDEX catch_up_window_end ON pbx.catch_up_window (site_id, window_end);
COMMENT ON TABLE pbx.catch_up_window IS 'Spans of the PBX''s wall clock whose records were compared with the PBX: the last time it worked and the last time it did not';

CREATE TABLE pbx.catch_up_watermark (
    site_id    text        NOT NULL CONSTRAINT catch_up_watermark_key PRIMARY KEY,
    watermark  timestamp,
    updated_at timestamptz NOT NULL
);
COMMENT ON COLUMN pbx.catch_up_watermark.watermark IS 'Wall clock of the PBX up to which every window was read whole; null = none yet';
