using Npgsql;
using PbxGrains.Testing;

namespace PbxGrains.Storage.Tests;

/// <summary>A process that loses its network or its power must not hold anything open at the server.</summary>
public sealed class AbandonedSessionTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>
{
    [Theory]
    [InlineData("idle_in_transaction_session_timeout", "20000")]
    [InlineData("tcp_keepalives_idle", "15")]
    [InlineData("tcp_keepalives_interval", "5")]
    [InlineData("tcp_keepalives_count", "3")]
    public async Task The_server_soon_gives_up_a_process_it_hears_no_more_of(string setting, string value)
    {
        await using var command = database.Data.CreateCommand($"SELECT setting FROM pg_settings WHERE name = '{setting}'");

        var held = (string)(await command.ExecuteScalarAsync(MigratedDatabase.Ct))!;

        held.Should().Be(value);
    }

    [Fact]
    public async Task A_transaction_left_open_is_ended_and_holds_back_nothing_any_more()
    {
        await using var impatient = PbxDataSource.Create($"{database.ConnectionString};Options=-c idle_in_transaction_session_timeout=100ms");
        await using var connection = await impatient.OpenConnectionAsync(MigratedDatabase.Ct);
        await using var transaction = await connection.BeginTransactionAsync(MigratedDatabase.Ct);
        await using var write = new NpgsqlCommand("SELECT pg_current_xact_id()::text::bigint", connection);

        var open = (long)(await write.ExecuteScalarAsync(MigratedDatabase.Ct))!;

        _ = await Eventually.Holds(async () => await OldestOpenAsync() > open, "the transaction is ended");
    }

    private async Task<long> OldestOpenAsync() => (long)(await database.SqlAsync("SELECT pbx.oldest_open_transaction()::text::bigint"))!;
}
