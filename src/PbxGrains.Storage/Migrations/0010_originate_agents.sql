-- For whom a call was dialled, so that its records can say so.

ALTER TABLE pbx.originate ADD COLUMN agent_id text;
COMMENT ON COLUMN pbx.originate.agent_id IS 'The CRM''s id of the agent it was dialled for; null when it was dialled for an extension';
