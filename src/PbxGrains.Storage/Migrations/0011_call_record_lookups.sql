-- A record is asked for by its number, which is not in the key of the partitioned table; and by agent, whom few records have.

CREATE INDEX call_record_id ON pbx.call_record (record_id);
CREATE INDEX call_record_agent ON pbx.call_record (agent_id, started_at, record_id) WHERE agent_id IS NOT NULL;
