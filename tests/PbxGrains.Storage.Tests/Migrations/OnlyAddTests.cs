using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PbxGrains.Storage.Migrations;

namespace PbxGrains.Storage.Tests.Migrations;

/// <summary>
/// While an upgrade rolls, programs of the version before read and write the new schema: a step that is not called
/// breaking takes nothing away from them and asks nothing more of them.
/// </summary>
public sealed class OnlyAddTests : EmptyDatabaseTests
{
    [Fact]
    public async Task No_step_takes_away_or_asks_more_unless_it_is_called_breaking()
    {
        var known = await SchemaAsync();
        foreach (var step in Migration.All)
        {
            await MigrateAsync(step.Version);
            var now = await SchemaAsync();

            if (!Migration.IsBreaking(step.Name))
            {
                known.BrokenBy(now).Should().BeEmpty("{0:0000}_{1} only adds", step.Version, step.Name);
            }

            known = now;
        }

        known.Offers.Should().NotBeEmpty();
    }

    [Theory]
    [InlineData("ALTER TABLE pbx.sample ADD COLUMN more text")]
    [InlineData("ALTER TABLE pbx.sample ADD COLUMN more text NOT NULL DEFAULT ''")]
    [InlineData("ALTER TABLE pbx.sample ALTER COLUMN name DROP NOT NULL")]
    [InlineData("CREATE TABLE pbx.more (id integer NOT NULL)")]
    [InlineData("CREATE OR REPLACE FUNCTION pbx.twice(n integer) RETURNS integer LANGUAGE sql AS 'SELECT n + n'")]
    [InlineData("DROP TABLE pbx.sample", "column pbx.sample.id integer", "column pbx.sample.name text", "column pbx.sample.note text")]
    [InlineData("ALTER TABLE pbx.sample RENAME COLUMN note TO remark", "column pbx.sample.note text")]
    [InlineData("ALTER TABLE pbx.sample ALTER COLUMN id TYPE bigint", "column pbx.sample.id integer")]
    [InlineData("ALTER TABLE pbx.sample ALTER COLUMN note SET NOT NULL", "asks for pbx.sample.note")]
    [InlineData("ALTER TABLE pbx.sample ADD COLUMN more text NOT NULL", "asks for pbx.sample.more")]
    [InlineData("DROP FUNCTION pbx.twice(integer)", "function pbx.twice(n integer) integer")]
    public async Task What_a_step_breaks_is_seen(string step, params string[] broken)
    {
        await ExecuteAsync("""
            CREATE SCHEMA pbx;
            CREATE TABLE pbx.sample (id integer PRIMARY KEY, name text NOT NULL, note text);
            CREATE FUNCTION pbx.twice(n integer) RETURNS integer LANGUAGE sql AS 'SELECT 2 * n';
            """);
        var before = await SchemaAsync();

        await ExecuteAsync(step);

        before.BrokenBy(await SchemaAsync()).Should().BeEquivalentTo(broken);
    }

    private Task<int> MigrateAsync(int version) =>
        new DatabaseMigrator(Data, NullLogger<DatabaseMigrator>.Instance, [.. Migration.All.Take(version)]).MigrateAsync(Ct);

    private async Task<Schema> SchemaAsync()
    {
        var columns = await ReadAsync("""
            SELECT format('%I.%I.%I', n.nspname, c.relname, a.attname), format_type(a.atttypid, a.atttypmod),
                   format('%I.%I', n.nspname, c.relname), a.attnotnull AND NOT a.atthasdef AND a.attidentity = ''
            FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
              AND n.nspname NOT IN ('pg_catalog', 'information_schema')
            """, row => (Column: row.GetString(0), Type: row.GetString(1), Table: row.GetString(2), IsDemanded: row.GetBoolean(3)));
        var functions = await ReadAsync("""
            SELECT format('function %I.%I(%s) %s', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid), pg_get_function_result(p.oid))
            FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
            """, row => row.GetString(0));
        return new Schema(
            [.. columns.Select(column => $"column {column.Column} {column.Type}"), .. functions],
            [.. columns.Where(column => column.IsDemanded).Select(column => (column.Table, column.Column))],
            [.. columns.Select(column => column.Table)]);
    }

    private async Task<List<T>> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var command = Data.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(Ct))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = Data.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Ct);
    }

    /// <summary>What programs may rely on.</summary>
    /// <param name="Offers">Columns with their types, and functions with what they take and give.</param>
    /// <param name="Demands">Columns every new row must give, with their table.</param>
    /// <param name="Tables">Tables, partitions left out.</param>
    private sealed record Schema(HashSet<string> Offers, HashSet<(string Table, string Column)> Demands, HashSet<string> Tables)
    {
        /// <summary>What programs that know this one miss in a later one.</summary>
        public IEnumerable<string> BrokenBy(Schema later) =>
            Offers.Except(later.Offers).Concat(later.Demands.Except(Demands).Where(demand => Tables.Contains(demand.Table)).Select(demand => $"asks for {demand.Column}"));
    }
}
