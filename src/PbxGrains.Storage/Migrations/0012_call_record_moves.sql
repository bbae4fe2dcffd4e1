-- Whoever reads the ledger learns of its partitions before it waits for one of them. While records moved from the default
-- partition to their month, a reader that waited for the former missed them: now it waits before it looks.

CREATE OR REPLACE FUNCTION pbx.make_call_record_partition(month date) RETURNS boolean
LANGUAGE plpgsql AS $f$
DECLARE
    first CONSTANT timestamp := date_trunc('month', month::timestamp);
    next  CONSTANT timestamp := date_trunc('month', month::timestamp) + interval '1 month';
    part  CONSTANT text := 'call_record_' || to_char(first, 'YYYYMM');
    moves boolean;
BEGIN
    -- One at a time. Readers and writers go on meanwhile, except where records move.
    LOCK TABLE ONLY pbx.call_record IN SHARE UPDATE EXCLUSIVE MODE;
    IF to_regclass('pbx.' || part) IS NOT NULL THEN
        RETURN false;
    END IF;

    -- Without the identity: the numbers come from the table as a whole.
    EXECUTE format('CREATE TABLE pbx.%I (LIKE pbx.call_record INCLUDING ALL EXCLUDING IDENTITY) WITH (fillfactor = 90)', part);
    moves := EXISTS (SELECT FROM pbx.call_record_default WHERE start_wall_clock >= first AND start_wall_clock < next);
    IF moves THEN
        LOCK TABLE ONLY pbx.call_record IN ACCESS EXCLUSIVE MODE;
    END IF;

    LOCK TABLE pbx.call_record_default IN ACCESS EXCLUSIVE MODE;
    IF NOT moves AND EXISTS (SELECT FROM pbx.call_record_default WHERE start_wall_clock >= first AND start_wall_clock < next) THEN
        -- The whole table cannot be locked after its part: whoever reads does it the other way round.
        RAISE EXCEPTION 'A record of this month came in this moment; try again' USING ERRCODE = 'lock_not_available';
    END IF;

    EXECUTE format(
        'WITH moved AS (DELETE FROM pbx.call_record_default WHERE start_wall_clock >= %L AND start_wall_clock < %L RETURNING *) '
        'INSERT INTO pbx.%I SELECT * FROM moved', first, next, part);
    EXECUTE format('ALTER TABLE pbx.call_record ATTACH PARTITION pbx.%I FOR VALUES FROM (%L) TO (%L)', part, first, next);
    RETURN true;
END
$f$;
