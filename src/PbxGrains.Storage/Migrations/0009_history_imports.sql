-- Imports of a PBX's older records, and what they and catch-up remember of what they compared.

CREATE TABLE pbx.history_import (
    import_id      uuid        NOT NULL CONSTRAINT history_import_key PRIMARY KEY,
    site_id        text        NOT NULL,
    since          date        NOT NULL,
    until          date        NOT NULL,
    state          text        NOT NULL,
    position       timestamp   NOT NULL,
    ends           timestamp   NOT NULL,
    rows_read      bigint      NOT NULL DEFAULT 0,
    rows_new       bigint      NOT NULL DEFAULT 0,
    windows_failed integer     NOT NULL DEFAULT 0,
    detail         text,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    finished_at    timestamptz,
    CONSTRAINT history_import_state_is_known CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
    CONSTRAINT history_import_span_is_not_empty CHECK (since <= until)
);
CREATE UNIQUE INDEX history_import_one_at_a_time ON pbx.history_import (site_id) WHERE state IN ('waiting', 'running');
CREATE INDEX history_import_of_site ON pbx.history_import (site_id, created_at DESC);
COMMENT ON TABLE pbx.history_import IS 'Imports of a site''s older call records, from the oldest day to the newest';
COMMENT ON COLUMN pbx.history_import.position IS 'Wall clock of the PBX: everything before it is done; a process that was killed goes on from here';
COMMENT ON COLUMN pbx.history_import.ends IS 'Wall clock of the PBX at which it is done';

ALTER TABLE pbx.catch_up_window DROP CONSTRAINT catch_up_window_outcome_is_known;
ALTER TABLE pbx.catch_up_window ADD CONSTRAINT catch_up_window_outcome_is_known CHECK (outcome IN ('whole', 'failed', 'damaged'));
COMMENT ON COLUMN pbx.catch_up_window.outcome IS 'whole = all of it was read; damaged = all of it that can be read, some rows cannot; failed = not read';

ALTER TABLE pbx.catch_up_watermark ADD COLUMN last_night date;
COMMENT ON COLUMN pbx.catch_up_watermark.last_night IS 'Day of the last nightly comparison that came to its end, in the site''s zone; null = none yet';
