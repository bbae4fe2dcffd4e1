-- What comes in from PBXs, and who may call the API.

CREATE TABLE pbx.webhook_secret (
    id         uuid        NOT NULL DEFAULT gen_random_uuid() CONSTRAINT webhook_secret_key PRIMARY KEY,
    site_id    text        NOT NULL CONSTRAINT webhook_secret_of_site REFERENCES pbx.site ON UPDATE CASCADE ON DELETE CASCADE,
    hash       bytea       NOT NULL,
    cipher     bytea       NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz
);
CREATE INDEX webhook_secret_site ON pbx.webhook_secret (site_id);
COMMENT ON COLUMN pbx.webhook_secret.expires_at IS 'Null = the current one';

CREATE TABLE pbx.unreadable_report (
    id             bigint      GENERATED ALWAYS AS IDENTITY CONSTRAINT unreadable_report_key PRIMARY KEY,
    site_id        text        NOT NULL CONSTRAINT unreadable_report_of_site REFERENCES pbx.site ON UPDATE CASCADE ON DELETE CASCADE,
    received_at    timestamptz NOT NULL DEFAULT now(),
    source_address text,
    reason         text        NOT NULL,
    body           bytea       NOT NULL
);
CREATE INDEX unreadable_report_site ON pbx.unreadable_report (site_id, id);

-- No reference to the site: records outlive it.
CREATE TABLE pbx.call_record_inbox (
    id          bigint      GENERATED ALWAYS AS IDENTITY CONSTRAINT call_record_inbox_key PRIMARY KEY,
    site_id     text        NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    -- Text, not jsonb: a record that PostgreSQL would not take for JSON must be kept all the same.
    body        text        NOT NULL
);
CREATE INDEX call_record_inbox_site ON pbx.call_record_inbox (site_id, id);
COMMENT ON TABLE pbx.call_record_inbox IS 'Call record reports as pushed, without PINs, durable before the PBX is answered';

CREATE TABLE pbx.api_key (
    key_id     text        NOT NULL CONSTRAINT api_key_key PRIMARY KEY,
    name       text        NOT NULL,
    hash       bytea       NOT NULL,
    scope      text        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz,
    CONSTRAINT api_key_id_is_letters_digits_hyphens CHECK (key_id ~ '^[A-Za-z0-9_-]{1,64}$'),
    CONSTRAINT api_key_scope_is_known CHECK (scope IN ('admin', 'operate', 'read'))
);

-- No reference to the site: the CRM may know agents of sites that are not registered yet.
CREATE TABLE pbx.agent (
    agent_id  text NOT NULL CONSTRAINT agent_key PRIMARY KEY,
    name      text,
    site_id   text NOT NULL,
    extension text NOT NULL,
    mobile    text,
    CONSTRAINT agent_id_is_not_blank CHECK (agent_id ~ '\S'),
    CONSTRAINT agent_site_id_is_lower_case_letters_digits_hyphens CHECK (site_id ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    CONSTRAINT agent_extension_is_not_blank CHECK (extension ~ '\S')
);
CREATE INDEX agent_extension ON pbx.agent (site_id, extension);
