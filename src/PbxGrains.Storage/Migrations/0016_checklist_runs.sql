-- Runs of the checklist. The items are one document: they are written and read together, and never searched.

CREATE TABLE pbx.checklist_run (
    run_id      uuid        NOT NULL CONSTRAINT checklist_run_key PRIMARY KEY,
    site_id     text        NOT NULL,
    trigger     text        NOT NULL,
    started_at  timestamptz NOT NULL,
    finished_at timestamptz,
    broken_off  boolean     NOT NULL DEFAULT false,
    verdict     text,
    passed      integer     NOT NULL DEFAULT 0,
    warned      integer     NOT NULL DEFAULT 0,
    failed      integer     NOT NULL DEFAULT 0,
    skipped     integer     NOT NULL DEFAULT 0,
    noticed     integer     NOT NULL DEFAULT 0,
    items       jsonb       NOT NULL DEFAULT '[]',
    CONSTRAINT checklist_run_trigger_is_known CHECK (trigger IN ('manual', 'nightly', 'onboarding')),
    CONSTRAINT checklist_run_verdict_is_known CHECK (verdict IN ('pass', 'warn', 'fail')),
    CONSTRAINT checklist_run_has_a_verdict_when_it_is_over CHECK ((verdict IS NULL) = (finished_at IS NULL))
);
CREATE INDEX checklist_run_of_site ON pbx.checklist_run (site_id, started_at DESC);
COMMENT ON TABLE pbx.checklist_run IS 'Runs of the checklist, the last 50 of each site';
COMMENT ON COLUMN pbx.checklist_run.finished_at IS 'Null while it runs, or until somebody notices that its actor is gone';
COMMENT ON COLUMN pbx.checklist_run.broken_off IS 'Its actor moved, died or got other settings midway: it proves nothing';
