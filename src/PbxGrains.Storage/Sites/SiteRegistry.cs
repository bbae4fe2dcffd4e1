using Npgsql;
using NpgsqlTypes;

namespace PbxGrains.Storage.Sites;

/// <summary>
/// The table of sites, which is the truth about what is to be supervised. Versions and notifications are the work of
/// triggers, so they hold for rows that others change in plain SQL, too.
/// </summary>
/// <param name="database">The migrated database.</param>
public sealed class SiteRegistry(NpgsqlDataSource database)
{
    private const string Columns = """
        site_id, name, address, user_name, password_cipher, time_zone, country, certificate_pins, allow_plain_http,
        source_addresses, report_address, suspended, suspended_reason, polling,
        dialect, firmware, serial_number, credentials_version, row_version, created_at, updated_at
        """;

    /// <summary>The site with this id; null when there is none.</summary>
    public async Task<SiteRow?> FindAsync(string siteId, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM pbx.site WHERE site_id = $1");
        command.Parameters.Text(siteId);
        return await command.FirstOrNullAsync(Read, ct);
    }

    /// <summary>All sites by id.</summary>
    public async Task<IReadOnlyList<SiteRow>> ListAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM pbx.site ORDER BY site_id");
        return await command.ListAsync(Read, ct);
    }

    /// <summary>Those of these sites that are registered, by id.</summary>
    public async Task<IReadOnlyList<SiteRow>> ListAsync(IReadOnlyCollection<string> siteIds, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM pbx.site WHERE site_id = ANY ($1) ORDER BY site_id");
        command.Parameters.Texts(siteIds);
        return await command.ListAsync(Read, ct);
    }

    /// <summary>All sites by id with the version of their configuration.</summary>
    public async Task<IReadOnlyList<SiteRowVersion>> ListVersionsAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT site_id, row_version FROM pbx.site ORDER BY site_id");
        return await command.ListAsync(row => new SiteRowVersion(row.GetString(0), row.GetInt64(1)), ct);
    }

    /// <summary>
    /// Writes the configuration of a site. What was learnt, the versions and the times of the row are ignored: learnt
    /// columns stay as they are, versions and times belong to the database.
    /// </summary>
    /// <exception cref="PostgresException">A value breaks a rule of the table; <see cref="PostgresException.ConstraintName" /> says which.</exception>
    public async Task<SiteSaveResult> SaveAsync(SiteRow row, SiteSaveMode mode, CancellationToken ct)
    {
        switch (mode)
        {
            case SiteSaveMode.Create:
                return await CreateAsync(row, ct) ? SiteSaveResult.Created : SiteSaveResult.AlreadyExists;
            case SiteSaveMode.Update:
                return await UpdateAsync(row, ct) ? SiteSaveResult.Updated : SiteSaveResult.NotFound;
            case SiteSaveMode.CreateOrUpdate:
                while (true)
                {
                    if (await UpdateAsync(row, ct))
                    {
                        return SiteSaveResult.Updated;
                    }

                    if (await CreateAsync(row, ct))
                    {
                        return SiteSaveResult.Created;
                    }
                }

            default:
                throw new ArgumentOutOfRangeException(nameof(mode), mode, message: null);
        }
    }

    /// <summary>Removes a site with its webhook secrets and unreadable reports; call records stay.</summary>
    /// <returns>False when there was no such site.</returns>
    public async Task<bool> DeleteAsync(string siteId, CancellationToken ct)
    {
        await using var command = database.CreateCommand("DELETE FROM pbx.site WHERE site_id = $1");
        command.Parameters.Text(siteId);
        return await command.ExecuteNonQueryAsync(ct) > 0;
    }

    /// <summary>Switches a site off or on again.</summary>
    /// <param name="siteId">The site.</param>
    /// <param name="suspended">True to switch it off.</param>
    /// <param name="reason">Why, for people; dropped when switching on.</param>
    /// <param name="ct">Stops waiting for the database.</param>
    /// <returns>The row as it is now; null when there is no such site.</returns>
    public async Task<SiteRow?> SetSuspendedAsync(string siteId, bool suspended, string? reason, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"UPDATE pbx.site SET suspended = $2, suspended_reason = CASE WHEN $2 THEN $3 END WHERE site_id = $1 RETURNING {Columns}");
        command.Parameters.Text(siteId).Flag(suspended).Text(reason);
        return await command.FirstOrNullAsync(Read, ct);
    }

    /// <summary>Replaces the credentials of a site, provided that nobody changed its address or credentials meanwhile.</summary>
    /// <param name="siteId">The site.</param>
    /// <param name="userName">API user.</param>
    /// <param name="passwordCipher">Encrypted password.</param>
    /// <param name="credentialsVersion">Version of address and credentials the change belongs to.</param>
    /// <param name="ct">Stops waiting for the database.</param>
    /// <returns>False when the site is gone or its address or credentials are others by now; nothing is changed then.</returns>
    public async Task<bool> SetCredentialsAsync(string siteId, string userName, byte[] passwordCipher, long credentialsVersion, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "UPDATE pbx.site SET user_name = $2, password_cipher = $3 WHERE site_id = $1 AND credentials_version = $4");
        command.Parameters.Text(siteId).Text(userName).Bytes(passwordCipher).Bind(NpgsqlDbType.Bigint, credentialsVersion);
        return await command.ExecuteNonQueryAsync(ct) > 0;
    }

    /// <summary>
    /// Notes what the PBX said about itself. Null leaves a column as it is. No change of configuration: the version stays
    /// and nobody is notified; an unknown site is ignored.
    /// </summary>
    public async Task RecordDeviceAsync(string siteId, string? dialect, string? firmware, string? serialNumber, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            UPDATE pbx.site
            SET dialect = coalesce($2, dialect), firmware = coalesce($3, firmware), serial_number = coalesce($4, serial_number)
            WHERE site_id = $1
              AND (dialect, firmware, serial_number)
                  IS DISTINCT FROM (coalesce($2, dialect), coalesce($3, firmware), coalesce($4, serial_number))
            """);
        command.Parameters.Text(siteId).Text(dialect).Text(firmware).Text(serialNumber);
        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task<bool> CreateAsync(SiteRow row, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            INSERT INTO pbx.site (site_id, name, address, user_name, password_cipher, time_zone, country, certificate_pins,
                allow_plain_http, source_addresses, report_address, suspended, suspended_reason, polling)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            ON CONFLICT (site_id) DO NOTHING
            """);
        Bind(command.Parameters, row);
        return await command.ExecuteNonQueryAsync(ct) > 0;
    }

    private async Task<bool> UpdateAsync(SiteRow row, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            UPDATE pbx.site
            SET name = $2, address = $3, user_name = $4, password_cipher = $5, time_zone = $6, country = $7, certificate_pins = $8,
                allow_plain_http = $9, source_addresses = $10, report_address = $11, suspended = $12, suspended_reason = $13, polling = $14
            WHERE site_id = $1
            """);
        Bind(command.Parameters, row);
        return await command.ExecuteNonQueryAsync(ct) > 0;
    }

    private static void Bind(NpgsqlParameterCollection parameters, SiteRow row) => parameters
        .Text(row.SiteId).Text(row.Name).Text(row.Address).Text(row.UserName).Bytes(row.PasswordCipher).Text(row.TimeZone).Text(row.Country)
        .Texts(row.CertificatePins).Flag(row.AllowPlainHttp).Texts(row.SourceAddresses).Text(row.ReportAddress)
        .Flag(row.Suspended).Text(row.SuspendedReason).Bind(NpgsqlDbType.Jsonb, row.Polling.ToJson());

    private static SiteRow Read(NpgsqlDataReader row) => new()
    {
        SiteId = row.GetString(0),
        Name = row.GetString(1),
        Address = row.GetString(2),
        UserName = row.GetString(3),
        PasswordCipher = row.Bytes(4),
        TimeZone = row.GetString(5),
        Country = row.TextOrNull(6),
        CertificatePins = row.GetFieldValue<string[]>(7),
        AllowPlainHttp = row.GetBoolean(8),
        SourceAddresses = row.GetFieldValue<string[]>(9),
        ReportAddress = row.TextOrNull(10),
        Suspended = row.GetBoolean(11),
        SuspendedReason = row.TextOrNull(12),
        Polling = SitePolling.FromJson(row.GetString(13)),
        Dialect = row.TextOrNull(14),
        Firmware = row.TextOrNull(15),
        SerialNumber = row.TextOrNull(16),
        CredentialsVersion = row.GetInt64(17),
        RowVersion = row.GetInt64(18),
        CreatedAt = row.Instant(19),
        UpdatedAt = row.Instant(20),
    };
}
