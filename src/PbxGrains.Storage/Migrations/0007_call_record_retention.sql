-- What retention needs to find quickly, and what it goes by.

CREATE FUNCTION pbx.call_record_ages_from(started_at timestamptz, first_seen_at timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE AS $f$
    SELECT CASE WHEN started_at < '2000-01-01T00:00:00Z' OR started_at > first_seen_at + interval '24 hours' THEN first_seen_at ELSE started_at END
$f$;
COMMENT ON FUNCTION pbx.call_record_ages_from IS 'From when the age of a record counts: its start, but when it was first seen if the PBX''s clock said 1970 or 2099';

CREATE INDEX call_record_with_raw ON pbx.call_record (started_at, record_id) WHERE raw IS NOT NULL;
