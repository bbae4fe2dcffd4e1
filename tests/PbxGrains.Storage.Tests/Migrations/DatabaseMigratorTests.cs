using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PbxGrains.Storage.Migrations;
using PbxGrains.Testing;

namespace PbxGrains.Storage.Tests.Migrations;

public sealed class DatabaseMigratorTests : EmptyDatabaseTests
{
    private static readonly Migration First = new(1, "first", "CREATE TABLE pbx.first (id integer)");
    private static readonly Migration Second = new(2, "second", "CREATE TABLE pbx.second (id integer)");
    private static readonly Migration Breaking = new(3, "breaking_third", "DROP TABLE pbx.first");
    private static readonly Migration Fourth = new(4, "fourth", "CREATE TABLE pbx.fourth (id integer)");

    [Fact]
    public async Task Ten_migrators_that_start_together_on_an_empty_database_all_succeed_and_one_does_the_work()
    {
        var sources = Enumerable.Range(0, 10).Select(_ => PbxDataSource.Create(ConnectionString)).ToList();
        var log = new LogLines<DatabaseMigrator>();

        var applied = await Task.WhenAll(sources.Select(source => Task.Run(() => new DatabaseMigrator(source, log).MigrateAsync(Ct), Ct)));

        applied.Should().ContainSingle(count => count == Migration.All.Count);
        applied.Where(count => count == 0).Should().HaveCount(9);
        log.All.Where(line => line.Id.Id == 2001).Should().HaveCount(Migration.All.Count).And.OnlyHaveUniqueItems();
        (await ScalarAsync("SELECT count(*) FROM pbx.schema_version")).Should().Be((long)Migration.All.Count);
        foreach (var source in sources)
        {
            await source.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_migrated_database_needs_nothing()
    {
        (await Migrator().MigrateAsync(Ct)).Should().Be(Migration.All.Count);

        (await Migrator().MigrateAsync(Ct)).Should().Be(0);
    }

    [Fact]
    public async Task Only_what_is_missing_is_applied()
    {
        await Migrator(First).MigrateAsync(Ct);

        (await Migrator(First, Second).MigrateAsync(Ct)).Should().Be(1);

        (await ScalarAsync("SELECT string_agg(name, ' ' ORDER BY version) FROM pbx.schema_version")).Should().Be("first second");
    }

    [Fact]
    public async Task A_database_whose_further_steps_only_add_serves_an_older_program_too()
    {
        await Migrator(First, Second).MigrateAsync(Ct);

        (await Migrator(First).MigrateAsync(Ct)).Should().Be(0);

        (await ScalarAsync("SELECT count(*) FROM pbx.schema_version")).Should().Be(2L);
    }

    [Fact]
    public async Task A_database_with_a_breaking_step_is_refused_by_older_programs_with_a_clear_sentence()
    {
        await Migrator(First, Second, Breaking, Fourth).MigrateAsync(Ct);

        var refusal = (await Migrator(First).Awaiting(old => old.MigrateAsync(Ct)).Should().ThrowAsync<DatabaseTooNewException>()).Which;

        refusal.DatabaseVersion.Should().Be(4);
        refusal.KnownVersion.Should().Be(1);
        refusal.Message.Should().Be("The database has schema version 4, but this program only knows versions up to 1. Start a newer version of the program.");
        (await Migrator(First, Second, Breaking).MigrateAsync(Ct)).Should().Be(0, "what comes after the breaking step only adds");
    }

    [Fact]
    public async Task A_changed_migration_is_refused_and_nothing_is_applied()
    {
        await Migrator(First).MigrateAsync(Ct);

        var changed = First with { Text = First.Text + " -- changed" };
        var refusal = await Migrator(changed, Second).Awaiting(other => other.MigrateAsync(Ct)).Should().ThrowAsync<MigrationChangedException>();

        refusal.Which.Version.Should().Be(1);
        refusal.Which.Message.Should().Contain("0001").And.Contain("first");
        (await ScalarAsync("SELECT to_regclass('pbx.second')::text")).Should().Be(DBNull.Value);
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_nothing_of_itself_and_lets_the_next_one_in()
    {
        var broken = Second with { Text = Second.Text + "; SELECT 1 / 0" };

        await Migrator(First, broken).Awaiting(half => half.MigrateAsync(Ct)).Should().ThrowAsync<PostgresException>();

        (await ScalarAsync("SELECT to_regclass('pbx.second')::text")).Should().Be(DBNull.Value);
        (await Migrator(First, Second).MigrateAsync(Ct)).Should().Be(1);
    }

    [Fact]
    public async Task An_action_runs_while_others_wait()
    {
        var running = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        await using var other = PbxDataSource.Create(ConnectionString);

        var first = Migrator().MigrateAsync(
            async _ =>
            {
                running.SetResult();
                await goOn.Task;
            },
            Ct);
        await running.Task;
        var second = new DatabaseMigrator(other, NullLogger<DatabaseMigrator>.Instance).MigrateAsync(Ct);
        await Eventually.Holds(
            async () => (bool)(await ScalarAsync("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"))!,
            "the second migrator to wait");
        second.IsCompleted.Should().BeFalse();

        goOn.SetResult();
        await first;
        (await second).Should().Be(0);
    }

    [Fact]
    public async Task A_migrator_that_is_cancelled_while_waiting_leaves_and_the_lock_is_free_afterwards()
    {
        using var impatience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var running = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        var first = Migrator().MigrateAsync(
            async _ =>
            {
                running.SetResult();
                await goOn.Task;
            },
            Ct);
        await running.Task;

        var second = Migrator().MigrateAsync(impatience.Token);
        await impatience.CancelAsync();
        await second.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();

        goOn.SetResult();
        await first;
        (await ScalarAsync("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")).Should().Be(0L);
        (await Migrator().MigrateAsync(Ct)).Should().Be(0);
    }

    [Fact]
    public async Task An_action_that_fails_is_heard_of_and_lets_the_next_migrator_in()
    {
        await Migrator().Awaiting(migrator => migrator.MigrateAsync(_ => throw new InvalidOperationException("the action's own"), Ct))
            .Should().ThrowAsync<InvalidOperationException>().WithMessage("the action's own");

        (await Migrator().MigrateAsync(Ct)).Should().Be(0);
    }

    [Fact]
    public async Task A_lock_lost_while_the_action_runs_is_an_error_and_lets_the_next_migrator_in()
    {
        const string EndHolder = """
            SELECT pg_terminate_backend(pid) FROM pg_locks
            WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """;

        await Migrator().Awaiting(migrator => migrator.MigrateAsync(_ => ScalarAsync(EndHolder), Ct)).Should().ThrowAsync<NpgsqlException>();

        (await Migrator().MigrateAsync(Ct)).Should().Be(0);
    }

    [Fact]
    public void Migrations_are_numbered_without_gaps() =>
        Migration.All.Select(migration => migration.Version).Should().Equal(Enumerable.Range(1, Migration.All.Count));

    private DatabaseMigrator Migrator(params Migration[] migrations) => migrations.Length == 0
        ? new DatabaseMigrator(Data, NullLogger<DatabaseMigrator>.Instance)
        : new DatabaseMigrator(Data, NullLogger<DatabaseMigrator>.Instance, migrations);

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = Data.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Ct);
    }
}
