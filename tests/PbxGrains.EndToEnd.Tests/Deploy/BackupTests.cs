using System.Globalization;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using Npgsql;
using PbxGrains.EndToEnd.Tests.Running;
using PbxGrains.Testing;

namespace PbxGrains.EndToEnd.Tests.Deploy;

/// <summary>Backup and restore with PostgreSQL's own programs.</summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class BackupTests : IDisposable
{
    private const string NoPrograms = "psql, pg_dump and pg_restore are not installed: apt-get install postgresql-client";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pbxgrains-backup-");

    public static bool HasPrograms => Tool.Has("psql") && Tool.Has("pg_dump") && Tool.Has("pg_restore");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact(SkipUnless = nameof(HasPrograms), Skip = NoPrograms)]
    public async Task A_front_on_the_restored_database_logs_in_to_the_PBX_again()
    {
        await using var installation = await Installation.CreateAsync();
        var front = await installation.StartFrontAsync("silo");
        await installation.RegisterAsync("paris", installation.Fleet.Pbxs[0]);
        _ = await installation.WaitAsync("/api/pbx/sites/paris", site => site["status"]?["health"]?.GetValue<string>() == "online", "the site is online");
        var recordings = Directory.CreateDirectory(In("recordings"));
        await File.WriteAllTextAsync(Path.Combine(recordings.FullName, "one.wav"), "sound");

        var archive = await BackUpAsync(installation.ConnectionString, installation.KeyFolder, "--recordings", recordings.FullName);
        await front.KillAsync();
        await using var elsewhere = await PostgresDatabase.CreateAsync();
        (await RestoreAsync(archive, elsewhere.ConnectionString, In("keys"), "--recordings", In("recordings-2"))).Should().Be((0, ""));

        await using var restored = await StartFrontAsync(elsewhere.ConnectionString, In("keys"));
        restored.Http.DefaultRequestHeaders.Authorization = front.Http.DefaultRequestHeaders.Authorization ?? new("Bearer", (await File.ReadAllTextAsync(installation.AdminKeyFile)).Trim());
        _ = await Eventually.Holds(
            async () => (await restored.Http.GetStringAsync(new Uri("/api/pbx/sites/paris", UriKind.Relative))).Contains("\"online\"", StringComparison.Ordinal),
            "the restored front logs in with the password it decrypted",
            TimeSpan.FromMinutes(2));
        (await File.ReadAllTextAsync(In("recordings-2", "one.wav"))).Should().Be("sound");
        File.GetUnixFileMode(Directory.GetFiles(In("keys"), "*.xml")[0]).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact(SkipUnless = nameof(HasPrograms), Skip = NoPrograms)]
    public async Task A_restore_replaces_nothing_unless_told_to()
    {
        await using var database = await OfTheProductAsync(version: 7);
        await using var other = await OfTheProductAsync(version: 3);
        var archive = await BackUpAsync(database.ConnectionString, Keys("keys", "the key"));
        var keys = Keys("other-keys", "another key");

        (await RestoreAsync(archive, other.ConnectionString, keys)).Should().Be((1, "is not empty"));
        (await VersionAsync(other)).Should().Be(3);
        await using var empty = await PostgresDatabase.CreateAsync();
        (await RestoreAsync(archive, empty.ConnectionString, keys)).Should().Be((1, "holds other keys"));
        await using (var source = NpgsqlDataSource.Create(other.ConnectionString))
        await using (await source.OpenConnectionAsync())
        {
            (await RestoreAsync(archive, other.ConnectionString, keys, "--force")).Should().Be((1, "is connected"));
        }

        await DisconnectedAsync(other);
        (await RestoreAsync(archive, other.ConnectionString, keys, "--force")).Should().Be((0, ""));
        (await VersionAsync(other)).Should().Be(7);
        (await File.ReadAllTextAsync(Path.Combine(keys, "key-1.xml"))).Should().Be("the key");
        Directory.GetFiles(keys, "key-1.xml", SearchOption.AllDirectories).Should().HaveCount(2, "the other key was moved aside");
    }

    [Fact(SkipUnless = nameof(HasPrograms), Skip = NoPrograms)]
    public async Task A_damaged_archive_is_refused()
    {
        await using var database = await OfTheProductAsync(version: 7);
        var archive = await BackUpAsync(database.ConnectionString, Keys("keys", "the key that is looked for"));
        (await CheckAsync(archive)).ExitCode.Should().Be(0);

        var bytes = await File.ReadAllBytesAsync(archive);
        var at = bytes.AsSpan().IndexOf("the key that is looked for"u8);
        bytes[at] ^= 1;
        await File.WriteAllBytesAsync(archive, bytes);

        (await CheckAsync(archive)).Errors.Should().Contain("is damaged");
        await using var empty = await PostgresDatabase.CreateAsync();
        (await RestoreAsync(archive, empty.ConnectionString, In("keys-2"))).Should().Be((1, "is damaged"));
        Directory.Exists(In("keys-2")).Should().BeFalse();
        File.GetUnixFileMode(archive).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact(SkipUnless = nameof(HasPrograms), Skip = NoPrograms)]
    public async Task A_backup_without_keys_is_not_made()
    {
        await using var database = await OfTheProductAsync(version: 7);

        var answer = await Tool.RunAsync("bash", [Tool.In("backup", "backup.sh"), "--to", In("backups"), "--keys", In("nowhere")], Connection(database.ConnectionString));

        answer.ExitCode.Should().Be(1);
        answer.Errors.Should().Contain("holds no keys");
        Directory.Exists(In("backups")).Should().BeFalse();
    }

    [Theory]
    [InlineData("Host=10.0.0.1;Database=d;Username=u;Password=p", "10.0.0.1|5432|d|u|p")]
    [InlineData("server = db.local ; Port=6432;DATABASE=d;User Id=u;pwd=a=b", "db.local|6432|d|u|a=b")]
    [InlineData("Host=h;Database=d;Username=u;Password='it''s;\"x'", "h|5432|d|u|it's;\"x")]
    [InlineData("Host=h;Database=d;Username=u;Password=\"a;b\" ;SSL Mode=VerifyFull;", "h|5432|d|u|a;b")]
    public async Task A_connection_string_means_the_same_to_the_scripts_as_to_the_product(string text, string meaning)
    {
        var read = new NpgsqlConnectionStringBuilder(text);
        $"{read.Host}|{read.Port}|{read.Database}|{read.Username}|{read.Password}".Should().Be(meaning);
        var file = In("pbxgrains.env");
        await File.WriteAllTextAsync(file, $"# ours\nConnectionStrings__Pbx=\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\"\n");
        const string Script = """
            set -euo pipefail
            source "$1"
            connect "$(setting "$2" ConnectionStrings__Pbx)"
            printf '%s' "$PGHOST|${PGPORT:-5432}|$PGDATABASE|$PGUSER|$PGPASSWORD"
            """;

        var answer = await Tool.RunAsync("bash", ["-c", Script, "test", Tool.In("backup", "lib.sh"), file]);

        answer.Output.Should().Be(meaning, answer.Errors);
    }

    private string In(params ReadOnlySpan<string> parts) => Path.Combine([_folder.FullName, .. parts]);

    private string Keys(string folder, string content)
    {
        var keys = Directory.CreateDirectory(In(folder)).FullName;
        File.WriteAllText(Path.Combine(keys, "key-1.xml"), content);
        return keys;
    }

    private async Task<string> BackUpAsync(string connectionString, string keys, params string[] arguments)
    {
        var answer = await Tool.RunAsync("bash", [Tool.In("backup", "backup.sh"), "--to", In("backups"), "--keys", keys, .. arguments], Connection(connectionString));
        answer.ExitCode.Should().Be(0, answer.Errors);
        return answer.Output.Trim();
    }

    /// <summary>Exit code, and which of the refusals was said.</summary>
    private static async Task<(int ExitCode, string Why)> RestoreAsync(string archive, string connectionString, string keys, params string[] arguments)
    {
        var answer = await Tool.RunAsync("bash", [Tool.In("backup", "restore.sh"), "--from", archive, "--keys", keys, .. arguments], Connection(connectionString));
        return answer.ExitCode == 0 ? (0, "") : (answer.ExitCode, Refusal().Match(answer.Errors) is { Success: true } why ? why.Value : answer.Errors);
    }

    private static Task<ToolAnswer> CheckAsync(string archive) => Tool.RunAsync("bash", [Tool.In("backup", "restore.sh"), "--check", archive]);

    private static Dictionary<string, string?> Connection(string connectionString) => new(StringComparer.Ordinal) { ["ConnectionStrings__Pbx"] = connectionString };

    private async Task<HostProcess> StartFrontAsync(string connectionString, string keys)
    {
        var port = FreePort.Next();
        return await HostProcess.StartAsync("PbxGrains.Front", port, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ConnectionStrings__Pbx"] = connectionString + ";Maximum Pool Size=10",
            ["Cluster__SiloPort"] = FreePort.Next().ToString(CultureInfo.InvariantCulture),
            ["Cluster__GatewayPort"] = FreePort.Next().ToString(CultureInfo.InvariantCulture),
            ["DataProtection__Folder"] = keys,
            ["Recordings__Folder"] = In("recordings-2"),
            ["Front__Port"] = port.ToString(CultureInfo.InvariantCulture),
            ["Front__ReportPort"] = "off",
        });
    }

    /// <summary>The least the scripts take for a database of the product.</summary>
    private static async Task<PostgresDatabase> OfTheProductAsync(int version)
    {
        var database = await PostgresDatabase.CreateAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await using (var command = source.CreateCommand("CREATE SCHEMA orleans; CREATE SCHEMA pbx; CREATE TABLE pbx.schema_version (version integer)"))
        {
            _ = await command.ExecuteNonQueryAsync();
        }

        await using var fill = source.CreateCommand("INSERT INTO pbx.schema_version VALUES ($1)");
        fill.Parameters.Add(new NpgsqlParameter { Value = version });
        _ = await fill.ExecuteNonQueryAsync();
        return database;
    }

    private static async Task<int> VersionAsync(PostgresDatabase database)
    {
        int version;
        await using (var source = NpgsqlDataSource.Create(database.ConnectionString))
        await using (var command = source.CreateCommand("SELECT version FROM pbx.schema_version"))
        {
            version = (int)(await command.ExecuteScalarAsync())!;
        }

        await DisconnectedAsync(database);
        return version;
    }

    /// <summary>Waits until the server too knows that the test has hung up.</summary>
    private static async Task DisconnectedAsync(PostgresDatabase database)
    {
        await using var maintenance = NpgsqlDataSource.Create(await PostgresServer.ConnectionStringAsync());
        _ = await Eventually.Holds(
            async () =>
            {
                await using var command = maintenance.CreateCommand("SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'");
                command.Parameters.Add(new NpgsqlParameter { Value = database.Name });
                return (long)(await command.ExecuteScalarAsync())! == 0;
            },
            "nobody is connected");
    }

    [GeneratedRegex("is not empty|holds other keys|is connected|is damaged", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Refusal();
}
