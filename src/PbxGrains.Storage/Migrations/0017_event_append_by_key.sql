-- Appending costs the same however large the log is. What is there already is found by one probe of one partition's key for
-- each event, and the number of a call's event by one probe of its counter, whatever the statistics say: a join of the given
-- events with the log was planned as a scan of the whole log.
CREATE OR REPLACE FUNCTION pbx.append_events(
    ids uuid[], days date[], types text[], sites text[], subjects text[], calls text[], agents text[], parties text[],
    occurred timestamptz[], recorded timestamptz, contents jsonb[]) RETURNS integer
LANGUAGE plpgsql AS $f$
DECLARE
    given CONSTANT integer := cardinality(ids);
    appended integer;
BEGIN
    -- Whoever repeats an append whose answer was lost changes nothing. OFFSET keeps the probe a probe.
    SELECT count(*) INTO appended FROM unnest(ids, days) AS g (event_id, day)
    WHERE NOT EXISTS (SELECT FROM pbx.event AS e WHERE e.day = g.day AND e.event_id = g.event_id OFFSET 0);
    IF appended = 0 THEN
        RETURN 0;
    END IF;

    IF appended < given THEN
        SELECT array_agg(g.event_id ORDER BY place), array_agg(g.day ORDER BY place), array_agg(g.type ORDER BY place), array_agg(g.site_id ORDER BY place),
            array_agg(g.subject ORDER BY place), array_agg(g.call_id ORDER BY place), array_agg(g.agent_id ORDER BY place), array_agg(g.extensions ORDER BY place),
            array_agg(g.occurred_at ORDER BY place), array_agg(g.data ORDER BY place)
        INTO ids, days, types, sites, subjects, calls, agents, parties, occurred, contents
        FROM unnest(ids, days, types, sites, subjects, calls, agents, parties, occurred, contents) WITH ORDINALITY
            AS g (event_id, day, type, site_id, subject, call_id, agent_id, extensions, occurred_at, data, place)
        WHERE NOT EXISTS (SELECT FROM pbx.event AS e WHERE e.day = g.day AND e.event_id = g.event_id OFFSET 0);
        IF ids IS NULL THEN
            RETURN 0;
        END IF;
    END IF;

    -- Locks are taken in the order of calls, so nobody waits in a circle.
    INSERT INTO pbx.event_call AS known (site_id, call_hash, last_sequence, day)
    SELECT g.site_id, sha256(convert_to(g.call_id, 'UTF8')) AS call_hash, count(*)::int, max(g.day)
    FROM unnest(sites, calls, days) AS g (site_id, call_id, day) WHERE g.call_id IS NOT NULL
    GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (site_id, call_hash) DO UPDATE
    SET last_sequence = known.last_sequence + excluded.last_sequence, day = greatest(known.day, excluded.day);

    INSERT INTO pbx.event (day, event_id, era, tx, type, site_id, subject, call_id, call_sequence, agent_id, extensions, occurred_at, recorded_at, data)
    SELECT g.day, g.event_id, (SELECT era FROM pbx.event_log), pg_current_xact_id(), g.type, g.site_id, g.subject, g.call_id,
        (SELECT known.last_sequence FROM pbx.event_call AS known WHERE known.site_id = g.site_id AND known.call_hash = g.call_hash)
            - g.of_call::int + g.in_call::int,
        g.agent_id, string_to_array(g.extensions, E'\x1f'), g.occurred_at, recorded, g.data
    FROM (
        SELECT told.*, sha256(convert_to(told.call_id, 'UTF8')) AS call_hash,
            count(*) OVER (PARTITION BY told.site_id, told.call_id) AS of_call,
            row_number() OVER (PARTITION BY told.site_id, told.call_id ORDER BY place) AS in_call
        FROM unnest(ids, days, types, sites, subjects, calls, agents, parties, occurred, contents) WITH ORDINALITY
            AS told (event_id, day, type, site_id, subject, call_id, agent_id, extensions, occurred_at, data, place)
    ) AS g
    ORDER BY g.place
    ON CONFLICT (day, event_id) DO NOTHING;
    GET DIAGNOSTICS appended = ROW_COUNT;
    IF appended > 0 THEN
        PERFORM pg_notify('pbx_event', '');
    END IF;
    RETURN appended;
END
$f$;
