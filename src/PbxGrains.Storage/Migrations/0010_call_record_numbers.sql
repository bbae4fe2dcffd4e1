-- A record is asked for by its number, which is not in the key of the partitioned table.

CREATE INDEX call_record_id ON pbx.call_record (record_id);
