-- The registry of PBXs. Rows may be written by the product or, in plain SQL, by anyone else's tooling: the triggers give
-- both the same versions and the same notification.

-- From a sequence, so a site that is deleted and registered again never shows a version twice.
CREATE SEQUENCE pbx.site_version;

CREATE FUNCTION pbx.is_polling(polling jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $f$
    SELECT CASE WHEN jsonb_typeof(polling) <> 'object' THEN false
    ELSE NOT EXISTS (
        SELECT FROM jsonb_each(polling) AS setting
        WHERE CASE jsonb_typeof(setting.value)
            WHEN 'number' THEN setting.value::numeric NOT BETWEEN 0.001 AND 604800
            WHEN 'null' THEN false
            ELSE true END)
    END
$f$;
COMMENT ON FUNCTION pbx.is_polling IS 'An object whose values are seconds: more than zero, at most a week';

CREATE FUNCTION pbx.are_networks(addresses text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $f$
    SELECT coalesce(bool_and(coalesce(address::inet IS NOT NULL, false)), true) FROM unnest(addresses) AS address
$f$;
COMMENT ON FUNCTION pbx.are_networks IS 'Every element is an IP address or a CIDR range';

CREATE TABLE pbx.site (
    site_id             text        NOT NULL CONSTRAINT site_key PRIMARY KEY,
    name                text        NOT NULL DEFAULT '',
    address             text        NOT NULL,
    user_name           text        NOT NULL,
    password_cipher     bytea       NOT NULL DEFAULT '',
    time_zone           text        NOT NULL DEFAULT 'UTC',
    country             text,
    certificate_pins    text[]      NOT NULL DEFAULT '{}',
    allow_plain_http    boolean     NOT NULL DEFAULT false,
    source_addresses    text[]      NOT NULL DEFAULT '{}',
    report_address      text,
    suspended           boolean     NOT NULL DEFAULT false,
    suspended_reason    text,
    polling             jsonb       NOT NULL DEFAULT '{}',
    dialect             text,
    firmware            text,
    serial_number       text,
    credentials_version bigint      NOT NULL DEFAULT 0,
    row_version         bigint      NOT NULL DEFAULT 0,
    created_at          timestamptz NOT NULL DEFAULT now(),
    updated_at          timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT site_id_is_lower_case_letters_digits_hyphens CHECK (site_id ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    CONSTRAINT site_name_is_not_blank CHECK (name ~ '\S'),
    CONSTRAINT site_address_has_no_blanks CHECK (address ~ '^\S+$'),
    CONSTRAINT site_user_name_is_not_blank CHECK (user_name ~ '\S'),
    CONSTRAINT site_time_zone_is_an_iana_name CHECK (time_zone ~ '^[A-Za-z][A-Za-z0-9_+/-]*$'),
    CONSTRAINT site_country_is_two_capital_letters CHECK (country ~ '^[A-Z]{2}$'),
    CONSTRAINT site_certificate_pins_are_not_null CHECK (array_position(certificate_pins, NULL) IS NULL),
    CONSTRAINT site_source_addresses_are_networks CHECK (pbx.are_networks(source_addresses)),
    CONSTRAINT site_report_address_has_no_blanks CHECK (report_address ~ '^\S+$'),
    CONSTRAINT site_polling_is_seconds CHECK (pbx.is_polling(polling))
);
COMMENT ON TABLE pbx.site IS 'The PBXs to supervise. A plain INSERT needs site_id, address and user_name; the password is set through the API, which encrypts it';
COMMENT ON COLUMN pbx.site.name IS 'For people; the site_id when left out';
COMMENT ON COLUMN pbx.site.password_cipher IS 'Encrypted with a key that is not in this database; empty = not set yet';
COMMENT ON COLUMN pbx.site.time_zone IS 'IANA name of the zone of the PBX''s wall clock';
COMMENT ON COLUMN pbx.site.source_addresses IS 'IP addresses or CIDR ranges whose reports need no secret';
COMMENT ON COLUMN pbx.site.report_address IS 'host:port the PBX pushes to; null = the one configured for the front';
COMMENT ON COLUMN pbx.site.polling IS 'Seconds by name: busy, pushSilent, pushProven, backoffFirst, backoffLast, staleAfter, heartbeat, connectTimeout, answerTimeout; absent = default';
COMMENT ON COLUMN pbx.site.dialect IS 'Learnt from the PBX, like firmware and serial_number: changing it is not a change of configuration';
COMMENT ON COLUMN pbx.site.row_version IS 'Set by trigger on every change of configuration; writing any other value to it asks for a new one';
COMMENT ON COLUMN pbx.site.credentials_version IS 'Set by trigger when address, user_name or password_cipher change';

CREATE FUNCTION pbx.site_before_write() RETURNS trigger
LANGUAGE plpgsql AS $f$
DECLARE
    -- Everything not named here is configuration, also columns that come later.
    kept CONSTANT text[] := ARRAY['dialect', 'firmware', 'serial_number', 'credentials_version', 'created_at', 'updated_at'];
BEGIN
    IF NEW.name !~ '\S' THEN
        NEW.name := NEW.site_id;
    END IF;

    IF TG_OP = 'INSERT' THEN
        NEW.row_version := nextval('pbx.site_version');
        NEW.credentials_version := NEW.row_version;
        RETURN NEW;
    END IF;

    NEW.credentials_version := OLD.credentials_version;
    NEW.updated_at := OLD.updated_at;
    IF (to_jsonb(NEW) - kept) IS DISTINCT FROM (to_jsonb(OLD) - kept) THEN
        NEW.row_version := nextval('pbx.site_version');
        NEW.updated_at := now();
        IF (NEW.address, NEW.user_name, NEW.password_cipher) IS DISTINCT FROM (OLD.address, OLD.user_name, OLD.password_cipher) THEN
            NEW.credentials_version := NEW.row_version;
        END IF;
    END IF;

    RETURN NEW;
END
$f$;

CREATE FUNCTION pbx.site_notify() RETURNS trigger
LANGUAGE plpgsql AS $f$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        PERFORM pg_notify('pbx_site', '');
        RETURN NULL;
    END IF;

    IF TG_OP <> 'DELETE' THEN
        PERFORM pg_notify('pbx_site', NEW.site_id);
    END IF;

    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND OLD.site_id <> NEW.site_id) THEN
        PERFORM pg_notify('pbx_site', OLD.site_id);
    END IF;

    RETURN NULL;
END
$f$;

CREATE TRIGGER site_before_write BEFORE INSERT OR UPDATE ON pbx.site
    FOR EACH ROW EXECUTE FUNCTION pbx.site_before_write();
CREATE TRIGGER site_came_or_went AFTER INSERT OR DELETE ON pbx.site
    FOR EACH ROW EXECUTE FUNCTION pbx.site_notify();
CREATE TRIGGER site_changed AFTER UPDATE ON pbx.site
    FOR EACH ROW WHEN (OLD.row_version <> NEW.row_version) EXECUTE FUNCTION pbx.site_notify();
-- An empty notification says that anything may have changed.
CREATE TRIGGER site_emptied AFTER TRUNCATE ON pbx.site
    FOR EACH STATEMENT EXECUTE FUNCTION pbx.site_notify();
