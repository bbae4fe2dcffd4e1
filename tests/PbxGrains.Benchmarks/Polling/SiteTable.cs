using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;

namespace PbxGrains.Benchmarks.Polling;

/// <summary>Registers many sites at once, straight in the directory: by the API it would take longer than measuring.</summary>
/// <param name="connectionString">The database, migrated.</param>
/// <param name="keyFolder">The key ring the silos use, too.</param>
internal sealed class SiteTable(string connectionString, string keyFolder)
{
    private const string Insert = """
        INSERT INTO pbx.site (site_id, address, user_name, password_cipher, time_zone, allow_plain_http, dialect)
        SELECT 'bench-' || number, address, $3, $4, 'Europe/Paris', true, '2.0.0' FROM unnest($1, $2) AS new (number, address)
        """;

    private int _registered;

    /// <summary>Adds sites until there are so many; the silos hear of it at once.</summary>
    public async Task GrowToAsync(int sites, int port, CancellationToken ct)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand(Insert);
        var added = Enumerable.Range(_registered, sites - _registered).ToList();
        command.Parameters.Add(new NpgsqlParameter { Value = added.Select(number => number.ToString(CultureInfo.InvariantCulture)).ToArray() });
        command.Parameters.Add(new NpgsqlParameter { Value = added.Select(number => SiteFleet.AddressOf(number, port).ToString()).ToArray() });
        command.Parameters.Add(new NpgsqlParameter { Value = SiteFleet.UserName });
        command.Parameters.Add(new NpgsqlParameter { Value = Protected(), NpgsqlDbType = NpgsqlDbType.Bytea });
        _ = await command.ExecuteNonQueryAsync(ct);
        _registered = sites;
    }

    /// <summary>Removes the sites above so many; the silos hear of it at once.</summary>
    public async Task ShrinkToAsync(int sites, CancellationToken ct)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand("DELETE FROM pbx.site WHERE substring(site_id FROM '[0-9]+$')::int >= $1");
        command.Parameters.Add(new NpgsqlParameter { Value = sites });
        _ = await command.ExecuteNonQueryAsync(ct);
        _registered = sites;
    }

    /// <summary>The password as the product stores it (PbxGrains.Hosting, DataProtectionSecrets).</summary>
    private byte[] Protected()
    {
        var services = new ServiceCollection();
        _ = services.AddDataProtection().SetApplicationName("pbxgrains").PersistKeysToFileSystem(new DirectoryInfo(keyFolder));
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IDataProtectionProvider>().CreateProtector("PbxGrains.Secrets.v1").Protect(Encoding.UTF8.GetBytes(SiteFleet.PasswordDigest));
    }
}
