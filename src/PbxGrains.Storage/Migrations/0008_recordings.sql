-- Recordings: one row for each that some record of the ledger names, made in the very transaction that records the name.

ALTER TABLE pbx.call_record_retention ADD COLUMN recording_days integer
    CONSTRAINT call_record_retention_recordings_are_kept_a_day CHECK (recording_days > 0);
COMMENT ON COLUMN pbx.call_record_retention.recording_days IS 'Recordings; null for all sites = 180';
UPDATE pbx.call_record_retention SET recording_days = 180 WHERE site_id = '*';

CREATE FUNCTION pbx.recording_id(site_id text, name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $f$
    SELECT left(encode(sha256(convert_to(site_id || E'\n' || name, 'UTF8')), 'hex'), 32)
$f$;
COMMENT ON FUNCTION pbx.recording_id IS 'Address of a recording: whoever knows site and name can say it without looking';

CREATE TABLE pbx.recording (
    recording_id     text        NOT NULL CONSTRAINT recording_key PRIMARY KEY,
    site_id          text        NOT NULL,
    call_id          text        NOT NULL,
    name             text,
    ages_from        timestamptz NOT NULL,
    state            text        NOT NULL DEFAULT 'pending',
    reason           text,
    detail           text,
    bytes            bigint,
    sha256           bytea,
    content_type     text,
    duration_seconds double precision,
    tries            integer     NOT NULL DEFAULT 0,
    refusals         integer     NOT NULL DEFAULT 0,
    first_named_at   timestamptz NOT NULL,
    last_tried_at    timestamptz,
    next_try_at      timestamptz,
    fetched_at       timestamptz,
    expired_at       timestamptz,
    file_removed_at  timestamptz,
    CONSTRAINT recording_id_is_32_hex_digits CHECK (recording_id ~ '^[0-9a-f]{32}$'),
    CONSTRAINT recording_state_is_known CHECK (state IN ('pending', 'ready', 'absent', 'expired')),
    CONSTRAINT recording_that_is_ready_was_measured CHECK (state <> 'ready' OR num_nulls(bytes, sha256, content_type, fetched_at) = 0),
    CONSTRAINT recording_that_is_tried_has_a_name CHECK (next_try_at IS NULL OR (name IS NOT NULL AND state IN ('pending', 'absent'))),
    CONSTRAINT recording_that_expired_says_when CHECK ((state = 'expired') = (expired_at IS NOT NULL))
);
COMMENT ON TABLE pbx.recording IS 'Recordings the ledger names and what is known of each; the audio lies in the vault under recording_id';
COMMENT ON COLUMN pbx.recording.name IS 'The PBX''s file name: data, never a path; null = removed, since it holds telephone numbers';
COMMENT ON COLUMN pbx.recording.ages_from IS 'From when its age counts: as for the record that named it first';
COMMENT ON COLUMN pbx.recording.tries IS 'How often the PBX was asked for it';
COMMENT ON COLUMN pbx.recording.refusals IS 'How often the PBX said that it does not have it: unlike time, this does not pass while the PBX is down';
COMMENT ON COLUMN pbx.recording.next_try_at IS 'Null = it is not asked for any more';
COMMENT ON COLUMN pbx.recording.file_removed_at IS 'When the vault''s copy of an expired one was removed; null = it is still to be removed, or never expired';

CREATE INDEX recording_due ON pbx.recording (site_id, next_try_at) WHERE next_try_at IS NOT NULL;
-- Hash, because a call id of any length must be taken.
CREATE INDEX recording_call ON pbx.recording USING hash (call_id);
CREATE INDEX recording_age ON pbx.recording (ages_from) WHERE state <> 'expired' OR name IS NOT NULL;
CREATE INDEX recording_leftover ON pbx.recording (expired_at) WHERE state = 'expired' AND file_removed_at IS NULL;

-- By statement and sorted: transactions that name the same recordings wait for each other in one order.
CREATE FUNCTION pbx.call_record_named_recordings() RETURNS trigger
LANGUAGE plpgsql AS $f$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO pbx.recording (recording_id, site_id, call_id, name, ages_from, first_named_at, next_try_at)
        SELECT DISTINCT ON (n.id) n.id, r.site_id, r.call_id, r.recording,
            pbx.call_record_ages_from(r.started_at, n.seen_at), n.seen_at, n.seen_at
        FROM told AS r, LATERAL (
            SELECT pbx.recording_id(r.site_id, r.recording) AS id, greatest(r.pushed_at, r.caught_up_at, r.imported_at) AS seen_at) AS n
        WHERE r.recording <> ''
        ORDER BY n.id, r.started_at, r.record_id
        ON CONFLICT (recording_id) DO NOTHING;
    ELSE
        INSERT INTO pbx.recording (recording_id, site_id, call_id, name, ages_from, first_named_at, next_try_at)
        SELECT DISTINCT ON (n.id) n.id, r.site_id, r.call_id, r.recording,
            pbx.call_record_ages_from(r.started_at, n.seen_at), n.seen_at, n.seen_at
        FROM told AS r JOIN before AS b ON b.record_id = r.record_id, LATERAL (
            SELECT pbx.recording_id(r.site_id, r.recording) AS id, greatest(r.pushed_at, r.caught_up_at, r.imported_at) AS seen_at) AS n
        WHERE r.recording <> '' AND r.recording IS DISTINCT FROM b.recording
        ORDER BY n.id, r.started_at, r.record_id
        ON CONFLICT (recording_id) DO NOTHING;
    END IF;

    RETURN NULL;
END
$f$;
COMMENT ON FUNCTION pbx.call_record_named_recordings IS 'Makes the rows of recordings that records name for the first time, whoever writes the records';

CREATE TRIGGER call_record_recorded AFTER INSERT ON pbx.call_record
    REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION pbx.call_record_named_recordings();
CREATE TRIGGER call_record_changed AFTER UPDATE ON pbx.call_record
    REFERENCING OLD TABLE AS before NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION pbx.call_record_named_recordings();

-- What the ledger named before there was this table.
INSERT INTO pbx.recording (recording_id, site_id, call_id, name, ages_from, first_named_at, next_try_at)
SELECT DISTINCT ON (n.id) n.id, r.site_id, r.call_id, r.recording, pbx.call_record_ages_from(r.started_at, n.seen_at), n.seen_at, n.seen_at
FROM pbx.call_record AS r, LATERAL (
    SELECT pbx.recording_id(r.site_id, r.recording) AS id, least(r.pushed_at, r.caught_up_at, r.imported_at) AS seen_at) AS n
WHERE r.recording <> ''
ORDER BY n.id, r.started_at, r.record_id
ON CONFLICT (recording_id) DO NOTHING;

-- Of whom somebody listened to whom; no reference to key or recording: it outlives both.
CREATE TABLE pbx.recording_listening (
    listening_id bigint      GENERATED ALWAYS AS IDENTITY CONSTRAINT recording_listening_key PRIMARY KEY,
    recording_id text        NOT NULL,
    key_id       text        NOT NULL,
    key_name     text,
    address      text,
    at           timestamptz NOT NULL,
    byte_range   text,
    bytes        bigint
);
CREATE INDEX recording_listening_recording ON pbx.recording_listening (recording_id, listening_id);
COMMENT ON TABLE pbx.recording_listening IS 'Every time audio was handed out; written before its first byte';
COMMENT ON COLUMN pbx.recording_listening.byte_range IS 'The range asked for; null = all of it';
COMMENT ON COLUMN pbx.recording_listening.bytes IS 'How many were handed over; null = not known, the process ended meanwhile';
