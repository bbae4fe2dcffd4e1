-- What was told last of an extension or of a site: an actor that starts anew tells only what has changed since.

CREATE INDEX event_status_of_subject ON pbx.event (site_id, subject, era, tx, position)
    WHERE type IN ('pbx.extension.status', 'pbx.site.health');
