-- Calls dialled through the API. No reference to the site: what was dialled stays known after a site has gone.

CREATE TABLE pbx.originate (
    originate_id    uuid        NOT NULL CONSTRAINT originate_key PRIMARY KEY,
    site_id         text        NOT NULL,
    extension       text        NOT NULL,
    destination     text        NOT NULL,
    idempotency_key text,
    key_expired     boolean     NOT NULL DEFAULT false,
    request_hash    bytea       NOT NULL,
    state           text        NOT NULL,
    call_id         text,
    refusal         text,
    message         text,
    pbx_error_code  text,
    reference       text,
    created_at      timestamptz NOT NULL DEFAULT now(),
    resolved_at     timestamptz,
    CONSTRAINT originate_state_is_known CHECK (state IN ('dialling', 'accepted', 'refused', 'unknown'))
);
CREATE UNIQUE INDEX originate_idempotency ON pbx.originate (site_id, idempotency_key)
    WHERE idempotency_key IS NOT NULL AND NOT key_expired;
CREATE INDEX originate_call ON pbx.originate (site_id, call_id) WHERE call_id IS NOT NULL;
CREATE INDEX originate_open ON pbx.originate (site_id, created_at) WHERE state IN ('dialling', 'unknown');
COMMENT ON COLUMN pbx.originate.key_expired IS 'The key was used again a day or more later: it no longer stands for this call';
