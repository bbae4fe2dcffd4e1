using Npgsql;
using NpgsqlTypes;

namespace PbxGrains.Storage.Tests.Orleans;

public sealed class QueryTextTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>
{
    private const string Silo = "DeploymentId:text Address:text Port:int4 Generation:int4";
    private const string Grain = "GrainIdHash:int4 GrainIdN0:int8 GrainIdN1:int8 GrainIdExtensionString:text GrainTypeHash:int4 GrainTypeString:text ServiceId:text";

    /// <summary>Every key of the providers with the parameters they bind, as the sheet on the providers lists them.</summary>
    public static TheoryData<string, string> Documented => new()
    {
        { "InsertMembershipVersionKey", "DeploymentId:text" },
        { "MembershipReadRowKey", Silo },
        { "MembershipReadAllKey", "DeploymentId:text" },
        { "GatewaysQueryKey", "DeploymentId:text Status:int4" },
        { "InsertMembershipKey", $"{Silo} IAmAliveTime:timestamptz SiloName:text HostName:text StartTime:timestamptz Status:int4 ProxyPort:int4 Version:int4" },
        { "UpdateMembershipKey", $"{Silo} IAmAliveTime:timestamptz Status:int4 SuspectTimes:text Version:int4" },
        { "UpdateIAmAlivetimeKey", $"{Silo} IAmAliveTime:timestamptz" },
        { "DeleteMembershipTableEntriesKey", "DeploymentId:text" },
        { "CleanupDefunctSiloEntriesKey", "DeploymentId:text IAmAliveTime:timestamptz" },
        { "CleanupDefunctSiloEntryKey", $"{Silo} SuspectTimes:text StartTime:timestamptz IAmAliveTime:timestamptz" },
        { "ReadFromStorageKey", Grain },
        { "WriteToStorageKey", $"{Grain} GrainStateVersion:int4 PayloadBinary:bytea" },
        { "ClearStorageKey", $"{Grain} GrainStateVersion:int4" },
        { "DeleteStorageKey", $"{Grain} GrainStateVersion:int4" },
        { "ReadReminderRowsKey", "ServiceId:text GrainId:text" },
        { "ReadReminderRowKey", "ServiceId:text GrainId:text ReminderName:text" },
        { "ReadRangeRows1Key", "ServiceId:text BeginHash:int4 EndHash:int4" },
        { "ReadRangeRows2Key", "ServiceId:text BeginHash:int4 EndHash:int4" },
        { "UpsertReminderRowKey", "ServiceId:text GrainHash:int4 GrainId:text ReminderName:text StartTime:timestamptz Period:int4" },
        { "UpsertReminderRowKey", "ServiceId:text GrainHash:int4 GrainId:text ReminderName:text StartTime:timestamptz Period:int8" },
        { "DeleteReminderRowKey", "ServiceId:text GrainId:text ReminderName:text Version:int4" },
        { "DeleteReminderRowsKey", "ServiceId:text" },
    };

    [Theory]
    [MemberData(nameof(Documented))]
    public async Task Every_text_prepares_with_the_documented_types(string key, string parameters)
    {
        var text = (await new OrleansQueries(database.Data).TextsAsync(MigratedDatabase.Ct))[key];
        // A session of its own: Npgsql prepares a text once per session, with the types it came with first.
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(MigratedDatabase.Ct);
        await using var command = new NpgsqlCommand(text, connection);
        OrleansQueries.Bind(command, parameters.Split(' ').Select(Parameter));

        await command.PrepareAsync(MigratedDatabase.Ct);

        command.IsPrepared.Should().BeTrue();
    }

    [Fact]
    public async Task Every_key_is_there_and_no_other()
    {
        var texts = await new OrleansQueries(database.Data).TextsAsync(MigratedDatabase.Ct);

        texts.Keys.Should().BeEquivalentTo(Documented.Select(row => row.Data.Item1).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_texts_may_be_put_in_again()
    {
        var script = PbxGrains.Storage.Migrations.Migration.All.Single(migration => migration.Name == "orleans_queries").Text;
        var before = await new OrleansQueries(database.Data).TextsAsync(MigratedDatabase.Ct);

        await database.SqlAsync(script);

        (await new OrleansQueries(database.Data).TextsAsync(MigratedDatabase.Ct)).Should().BeEquivalentTo(before);
    }

    private static Bound Parameter(string nameAndType)
    {
        var parts = nameAndType.Split(':');
        var type = parts[1] switch
        {
            "text" => NpgsqlDbType.Text,
            "int4" => NpgsqlDbType.Integer,
            "int8" => NpgsqlDbType.Bigint,
            "bytea" => NpgsqlDbType.Bytea,
            "timestamptz" => NpgsqlDbType.TimestampTz,
            var unknown => throw new ArgumentOutOfRangeException(nameof(nameAndType), unknown, "not a type the providers send"),
        };
        return new Bound(parts[0], type, null);
    }
}
