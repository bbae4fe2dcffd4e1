-- The texts the Orleans providers run, one statement each, so each sees one snapshot and costs one round trip.
-- Replaced by key: a later migration that brings a better text is written the same way.

INSERT INTO orleans.orleansquery AS q (querykey, querytext) VALUES

-- Cluster membership -------------------------------------------------------------------------------------------------

('InsertMembershipVersionKey', $q$
WITH created AS (
    INSERT INTO orleans.membership_version AS v (deployment_id, version)
    VALUES (@DeploymentId, 0)
    ON CONFLICT (deployment_id) DO NOTHING
    RETURNING v.version
)
SELECT EXISTS (SELECT FROM created) AS Created
$q$),

('MembershipReadAllKey', $q$
SELECT m.address AS Address, m.port AS Port, m.generation AS Generation, m.silo_name AS SiloName,
       m.host_name AS HostName, m.status AS Status, m.proxy_port AS ProxyPort, m.start_time AS StartTime,
       m.i_am_alive_time AS IAmAliveTime, m.suspect_times AS SuspectTimes, v.version AS Version
FROM orleans.membership_version AS v
LEFT JOIN orleans.membership AS m ON m.deployment_id = v.deployment_id
WHERE v.deployment_id = @DeploymentId
$q$),

('MembershipReadRowKey', $q$
SELECT m.address AS Address, m.port AS Port, m.generation AS Generation, m.silo_name AS SiloName,
       m.host_name AS HostName, m.status AS Status, m.proxy_port AS ProxyPort, m.start_time AS StartTime,
       m.i_am_alive_time AS IAmAliveTime, m.suspect_times AS SuspectTimes, v.version AS Version
FROM orleans.membership_version AS v
LEFT JOIN orleans.membership AS m
    ON m.deployment_id = v.deployment_id AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
WHERE v.deployment_id = @DeploymentId
$q$),

('GatewaysQueryKey', $q$
SELECT m.address AS Address, m.proxy_port AS ProxyPort, m.generation AS Generation
FROM orleans.membership AS m
WHERE m.deployment_id = @DeploymentId AND m.status = @Status AND m.proxy_port > 0
$q$),

('InsertMembershipKey', $q$
WITH moved AS (
    UPDATE orleans.membership_version AS v
    SET version = v.version + 1
    WHERE v.deployment_id = @DeploymentId AND v.version = @Version
      AND NOT EXISTS (
          SELECT FROM orleans.membership AS m
          WHERE m.deployment_id = @DeploymentId AND m.address = @Address AND m.port = @Port AND m.generation = @Generation)
    RETURNING v.deployment_id
), added AS (
    INSERT INTO orleans.membership AS m
        (deployment_id, address, port, generation, silo_name, host_name, status, proxy_port, start_time, i_am_alive_time)
    SELECT moved.deployment_id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
    FROM moved
    RETURNING m.port
)
SELECT EXISTS (SELECT FROM added) AS Inserted
$q$),

-- The member is locked first: a clean-up that takes it away meanwhile must not leave a moved version behind.
('UpdateMembershipKey', $q$
WITH member AS (
    SELECT m.deployment_id, m.address, m.port, m.generation
    FROM orleans.membership AS m
    WHERE m.deployment_id = @DeploymentId AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
    FOR UPDATE
), moved AS (
    UPDATE orleans.membership_version AS v
    SET version = v.version + 1
    WHERE v.deployment_id = @DeploymentId AND v.version = @Version AND EXISTS (SELECT FROM member)
    RETURNING v.deployment_id
), changed AS (
    UPDATE orleans.membership AS m
    SET status = @Status, suspect_times = @SuspectTimes, i_am_alive_time = @IAmAliveTime
    FROM moved
    WHERE m.deployment_id = moved.deployment_id AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
    RETURNING m.port
)
SELECT EXISTS (SELECT FROM changed) AS Updated
$q$),

('UpdateIAmAlivetimeKey', $q$
UPDATE orleans.membership AS m
SET i_am_alive_time = @IAmAliveTime
WHERE m.deployment_id = @DeploymentId AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
$q$),

('DeleteMembershipTableEntriesKey', $q$
DELETE FROM orleans.membership_version AS v WHERE v.deployment_id = @DeploymentId
$q$),

('CleanupDefunctSiloEntriesKey', $q$
DELETE FROM orleans.membership AS m
WHERE m.deployment_id = @DeploymentId AND m.status = 6
  AND m.start_time < @IAmAliveTime AND m.i_am_alive_time < @IAmAliveTime
$q$),

('CleanupDefunctSiloEntryKey', $q$
DELETE FROM orleans.membership AS m
WHERE m.deployment_id = @DeploymentId AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
  AND m.status = 6 AND m.start_time = @StartTime AND m.i_am_alive_time = @IAmAliveTime
  AND coalesce(m.suspect_times, '') = coalesce(@SuspectTimes, '')
$q$),

-- Grain state: a version only has to differ from the one before, so it starts again at 1 after the largest integer. ---

('ReadFromStorageKey', $q$
SELECT g.payload AS PayloadBinary, g.version AS Version
FROM orleans.grain_state AS g
WHERE g.grain_hash = @GrainIdHash AND g.state_name_hash = @GrainTypeHash
  AND g.grain_n0 = @GrainIdN0 AND g.grain_n1 = @GrainIdN1
  AND g.grain_extension IS NOT DISTINCT FROM @GrainIdExtensionString
  AND g.state_name = @GrainTypeString AND g.service_id = @ServiceId
$q$),

('WriteToStorageKey', $q$
WITH replaced AS (
    UPDATE orleans.grain_state AS g
    SET payload = @PayloadBinary, modified_at = now(),
        version = CASE g.version WHEN 2147483647 THEN 1 ELSE g.version + 1 END
    WHERE @GrainStateVersion IS NOT NULL AND g.version = @GrainStateVersion
      AND g.grain_hash = @GrainIdHash AND g.state_name_hash = @GrainTypeHash
      AND g.grain_n0 = @GrainIdN0 AND g.grain_n1 = @GrainIdN1
      AND g.grain_extension IS NOT DISTINCT FROM @GrainIdExtensionString
      AND g.state_name = @GrainTypeString AND g.service_id = @ServiceId
    RETURNING g.version
), added AS (
    INSERT INTO orleans.grain_state AS g
        (service_id, state_name, grain_n0, grain_n1, grain_extension, grain_hash, state_name_hash, payload, version)
    SELECT @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, @GrainIdExtensionString, @GrainIdHash, @GrainTypeHash, @PayloadBinary, 1
    WHERE @GrainStateVersion IS NULL
    ON CONFLICT DO NOTHING
    RETURNING g.version
)
SELECT replaced.version AS NewGrainStateVersion FROM replaced
UNION ALL
SELECT added.version FROM added
$q$),

('ClearStorageKey', $q$
UPDATE orleans.grain_state AS g
SET payload = NULL, modified_at = now(),
    version = CASE g.version WHEN 2147483647 THEN 1 ELSE g.version + 1 END
WHERE g.version = @GrainStateVersion
  AND g.grain_hash = @GrainIdHash AND g.state_name_hash = @GrainTypeHash
  AND g.grain_n0 = @GrainIdN0 AND g.grain_n1 = @GrainIdN1
  AND g.grain_extension IS NOT DISTINCT FROM @GrainIdExtensionString
  AND g.state_name = @GrainTypeString AND g.service_id = @ServiceId
RETURNING g.version AS NewGrainStateVersion
$q$),

('DeleteStorageKey', $q$
DELETE FROM orleans.grain_state AS g
WHERE g.version = @GrainStateVersion
  AND g.grain_hash = @GrainIdHash AND g.state_name_hash = @GrainTypeHash
  AND g.grain_n0 = @GrainIdN0 AND g.grain_n1 = @GrainIdN1
  AND g.grain_extension IS NOT DISTINCT FROM @GrainIdExtensionString
  AND g.state_name = @GrainTypeString AND g.service_id = @ServiceId
RETURNING CASE g.version WHEN 2147483647 THEN 1 ELSE g.version + 1 END AS NewGrainStateVersion
$q$),

-- Reminders ----------------------------------------------------------------------------------------------------------

('UpsertReminderRowKey', $q$
INSERT INTO orleans.reminder AS r (service_id, grain_id, reminder_name, grain_hash, start_time, period_ms, version)
VALUES (@ServiceId, @GrainId, @ReminderName, @GrainHash, @StartTime, @Period, nextval('orleans.reminder_version'))
ON CONFLICT (service_id, grain_id, reminder_name) DO UPDATE
SET grain_hash = excluded.grain_hash, start_time = excluded.start_time, period_ms = excluded.period_ms, version = excluded.version
RETURNING r.version AS Version
$q$),

('ReadReminderRowKey', $q$
SELECT r.grain_id AS GrainId, r.reminder_name AS ReminderName, r.start_time AS StartTime, r.period_ms AS Period, r.version AS Version
FROM orleans.reminder AS r
WHERE r.service_id = @ServiceId AND r.grain_id = @GrainId AND r.reminder_name = @ReminderName
$q$),

('ReadReminderRowsKey', $q$
SELECT r.grain_id AS GrainId, r.reminder_name AS ReminderName, r.start_time AS StartTime, r.period_ms AS Period, r.version AS Version
FROM orleans.reminder AS r
WHERE r.service_id = @ServiceId AND r.grain_id = @GrainId
$q$),

('ReadRangeRows1Key', $q$
SELECT r.grain_id AS GrainId, r.reminder_name AS ReminderName, r.start_time AS StartTime, r.period_ms AS Period, r.version AS Version
FROM orleans.reminder AS r
WHERE r.service_id = @ServiceId AND r.grain_hash > @BeginHash AND r.grain_hash <= @EndHash
$q$),

('ReadRangeRows2Key', $q$
SELECT r.grain_id AS GrainId, r.reminder_name AS ReminderName, r.start_time AS StartTime, r.period_ms AS Period, r.version AS Version
FROM orleans.reminder AS r
WHERE r.service_id = @ServiceId AND (r.grain_hash > @BeginHash OR r.grain_hash <= @EndHash)
$q$),

('DeleteReminderRowKey', $q$
WITH deleted AS (
    DELETE FROM orleans.reminder AS r
    WHERE r.service_id = @ServiceId AND r.grain_id = @GrainId AND r.reminder_name = @ReminderName AND r.version = @Version
    RETURNING r.version
)
SELECT EXISTS (SELECT FROM deleted) AS Deleted
$q$),

('DeleteReminderRowsKey', $q$
DELETE FROM orleans.reminder AS r WHERE r.service_id = @ServiceId
$q$)

ON CONFLICT (querykey) DO UPDATE SET querytext = excluded.querytext;
