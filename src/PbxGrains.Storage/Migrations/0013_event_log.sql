-- The event log: one row per thing that happened, in the transaction of the change it tells of. Readers follow it by
-- cursor (era, tx, position) and pass over only what is older than every open transaction.

CREATE TABLE pbx.event_log (
    only_one         boolean NOT NULL DEFAULT true CONSTRAINT event_log_key PRIMARY KEY,
    era              integer NOT NULL,
    keep_days        integer NOT NULL,
    dropped_era      integer NOT NULL DEFAULT 0,
    dropped_tx       xid8    NOT NULL DEFAULT '0',
    dropped_position bigint  NOT NULL DEFAULT 0,
    CONSTRAINT event_log_is_one_row CHECK (only_one),
    CONSTRAINT event_log_is_kept_a_day CHECK (keep_days > 0)
);
COMMENT ON TABLE pbx.event_log IS 'What holds for the log as a whole; one row';
COMMENT ON COLUMN pbx.event_log.era IS 'Counts how often the log was moved to another database server: transaction numbers start anew there';
COMMENT ON COLUMN pbx.event_log.dropped_tx IS 'With dropped_era and dropped_position: the last event that retention removed. Cursors before it have a gap';
INSERT INTO pbx.event_log (era, keep_days) VALUES (1, 14);

CREATE TABLE pbx.event (
    day           date        NOT NULL,
    event_id      uuid        NOT NULL,
    era           integer     NOT NULL,
    tx            xid8        NOT NULL,
    position      bigint      GENERATED ALWAYS AS IDENTITY,
    type          text        NOT NULL,
    site_id       text        NOT NULL,
    subject       text        NOT NULL,
    call_id       text,
    call_sequence integer,
    agent_id      text,
    extensions    text[]      NOT NULL,
    occurred_at   timestamptz NOT NULL,
    recorded_at   timestamptz NOT NULL,
    data          jsonb       NOT NULL,
    CONSTRAINT event_key PRIMARY KEY (day, event_id),
    CONSTRAINT event_call_has_a_sequence CHECK ((call_id IS NULL) = (call_sequence IS NULL))
) PARTITION BY RANGE (day);
COMMENT ON TABLE pbx.event IS 'What happened, append only; partitions by the UTC day on which the event was made';
COMMENT ON COLUMN pbx.event.tx IS 'The transaction that wrote it: numbers of positions commit out of order, so readers go by (era, tx, position)';
COMMENT ON COLUMN pbx.event.call_sequence IS 'Counts the events of one call of one site from 1';
CREATE INDEX event_order ON pbx.event (era, tx, position);
CREATE INDEX event_of_call ON pbx.event USING hash (call_id) WHERE call_id IS NOT NULL;

-- For days nobody made a partition for yet: nothing is ever refused.
CREATE TABLE pbx.event_default PARTITION OF pbx.event DEFAULT;

CREATE TABLE pbx.event_call (
    site_id       text    NOT NULL,
    call_hash     bytea   NOT NULL,
    last_sequence integer NOT NULL,
    day           date    NOT NULL,
    CONSTRAINT event_call_key PRIMARY KEY (site_id, call_hash)
) WITH (fillfactor = 70);
COMMENT ON TABLE pbx.event_call IS 'The last sequence number given to an event of a call';
COMMENT ON COLUMN pbx.event_call.call_hash IS 'SHA-256 of the call id, because one of any length must be taken';
COMMENT ON COLUMN pbx.event_call.day IS 'UTC day of its last event, by which it is forgotten';
CREATE INDEX event_call_day ON pbx.event_call (day);

CREATE FUNCTION pbx.append_events(
    ids uuid[], days date[], types text[], sites text[], subjects text[], calls text[], agents text[], parties text[],
    occurred timestamptz[], recorded timestamptz, contents jsonb[]) RETURNS integer
LANGUAGE plpgsql AS $f$
DECLARE
    appended integer;
BEGIN
    -- Whoever repeats an append whose answer was lost changes nothing. Locks are taken in the order of calls, so nobody waits in a circle.
    WITH given AS MATERIALIZED (
        SELECT g.*, sha256(convert_to(g.call_id, 'UTF8')) AS call_hash FROM unnest(ids, days, types, sites, subjects, calls, agents, parties, occurred, contents) WITH ORDINALITY
            AS g (event_id, day, type, site_id, subject, call_id, agent_id, extensions, occurred_at, data, place)
        WHERE NOT EXISTS (SELECT FROM pbx.event AS e WHERE e.day = g.day AND e.event_id = g.event_id)
    ), counted AS (
        INSERT INTO pbx.event_call AS known (site_id, call_hash, last_sequence, day)
        SELECT site_id, call_hash, count(*)::int, max(day) FROM given WHERE call_id IS NOT NULL
        GROUP BY site_id, call_hash ORDER BY site_id, call_hash
        ON CONFLICT (site_id, call_hash) DO UPDATE
        SET last_sequence = known.last_sequence + excluded.last_sequence, day = greatest(known.day, excluded.day)
        RETURNING known.site_id, known.call_hash, known.last_sequence
    ), numbered AS (
        SELECT given.*,
            counted.last_sequence - (count(*) OVER (PARTITION BY given.site_id, given.call_hash))::int
                + (row_number() OVER (PARTITION BY given.site_id, given.call_hash ORDER BY place))::int AS call_sequence
        FROM given LEFT JOIN counted ON counted.site_id = given.site_id AND counted.call_hash = given.call_hash
    )
    INSERT INTO pbx.event (day, event_id, era, tx, type, site_id, subject, call_id, call_sequence, agent_id, extensions, occurred_at, recorded_at, data)
    SELECT day, event_id, (SELECT era FROM pbx.event_log), pg_current_xact_id(), type, site_id, subject, call_id, call_sequence,
        agent_id, string_to_array(extensions, E'\x1f'), occurred_at, recorded, data
    FROM numbered ORDER BY place
    ON CONFLICT (day, event_id) DO NOTHING;
    GET DIAGNOSTICS appended = ROW_COUNT;
    IF appended > 0 THEN
        PERFORM pg_notify('pbx_event', '');
    END IF;
    RETURN appended;
END
$f$;
COMMENT ON FUNCTION pbx.append_events IS 'Appends events in the order given, each once whoever repeats it, and numbers those of calls; tells listeners of pbx_event at the commit';

CREATE FUNCTION pbx.oldest_open_transaction() RETURNS xid8
LANGUAGE sql STABLE AS $f$
    -- Of this database only: nobody else can append here, and one server may serve many. One that cannot be found in any
    -- database, because it ended a moment ago or is prepared, counts as ours.
    SELECT coalesce(min(open.tx), pg_snapshot_xmax(pg_current_snapshot()))
    FROM pg_snapshot_xip(pg_current_snapshot()) AS open (tx)
    WHERE NOT EXISTS (
        SELECT FROM pg_stat_activity AS a
        WHERE a.backend_xid = open.tx::xid AND a.datid <> (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database()))
$f$;
COMMENT ON FUNCTION pbx.oldest_open_transaction IS 'Every transaction of this database older than this one has ended, as the statement that asks sees it';

CREATE FUNCTION pbx.make_event_partition(of_day date) RETURNS boolean
LANGUAGE plpgsql AS $f$
DECLARE
    part CONSTANT text := 'event_' || to_char(of_day, 'YYYYMMDD');
BEGIN
    LOCK TABLE ONLY pbx.event IN SHARE UPDATE EXCLUSIVE MODE;
    IF to_regclass('pbx.' || part) IS NOT NULL THEN
        RETURN false;
    END IF;

    EXECUTE format('CREATE TABLE pbx.%I (LIKE pbx.event INCLUDING ALL EXCLUDING IDENTITY)', part);
    LOCK TABLE pbx.event_default IN ACCESS EXCLUSIVE MODE;
    EXECUTE format('WITH moved AS (DELETE FROM pbx.event_default WHERE day = %L RETURNING *) INSERT INTO pbx.%I SELECT * FROM moved', of_day, part);
    EXECUTE format('ALTER TABLE pbx.event ATTACH PARTITION pbx.%I FOR VALUES FROM (%L) TO (%L)', part, of_day, of_day + 1);
    RETURN true;
END
$f$;
COMMENT ON FUNCTION pbx.make_event_partition IS 'Makes the partition of a day and moves its events there from the default partition; false when it exists';

CREATE FUNCTION pbx.drop_event_partition(part text) RETURNS void
LANGUAGE plpgsql AS $f$
BEGIN
    EXECUTE format('LOCK TABLE pbx.%I IN ACCESS EXCLUSIVE MODE', part);
    EXECUTE format(
        'UPDATE pbx.event_log AS l SET dropped_era = last.era, dropped_tx = last.tx, dropped_position = last.position '
        'FROM (SELECT era, tx, position FROM pbx.%I ORDER BY era DESC, tx DESC, position DESC LIMIT 1) AS last '
        'WHERE (last.era, last.tx, last.position) > (l.dropped_era, l.dropped_tx, l.dropped_position)', part);
    EXECUTE format('DROP TABLE pbx.%I', part);
END
$f$;
COMMENT ON FUNCTION pbx.drop_event_partition IS 'Drops a partition and notes how far the log no longer reaches back';
