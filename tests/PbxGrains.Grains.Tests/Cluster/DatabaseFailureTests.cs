using Npgsql;
using Orleans.Core.Internal;
using Orleans.Serialization;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Contracts.Reports;
using PbxGrains.Contracts.Sites;
using PbxGrains.Testing;

namespace PbxGrains.Grains.Tests.Cluster;

/// <summary>Who asks an actor on another silo hears that the database is away, as those on the same silo do.</summary>
public sealed class DatabaseFailureTests
{
    [Theory]
    [InlineData("57P03", typeof(DatabaseUnavailableException))]
    [InlineData("22012", typeof(InvalidOperationException))]
    public async Task What_the_database_answers_an_actor_reaches_callers_on_other_silos(string sqlState, Type told)
    {
        await using var lab = await SiteLab.StartAsync();
        var site = await lab.RegisterAsync("paris", lab.Fleet.Pbxs[0]);
        await lab.SqlAsync($"""
            ALTER TABLE pbx.originate RENAME TO originate_away;
            CREATE FUNCTION pbx.fail() RETURNS SETOF pbx.originate_away LANGUAGE plpgsql AS $f$
            BEGIN RAISE EXCEPTION USING ERRCODE = '{sqlState}', MESSAGE = 'as the database is just now'; END $f$;
            CREATE VIEW pbx.originate AS SELECT * FROM pbx.fail();
            """);

        var thrown = (await FluentActions.Awaiting(() => site.FindOriginate(Guid.NewGuid(), TestContext.Current.CancellationToken)).Should().ThrowAsync<Exception>()).Which;

        thrown.Should().BeOfType(told);
        var wire = lab.Service<Serializer>();
        var heard = wire.Deserialize<Exception>(wire.SerializeToArray<Exception>(thrown));
        heard.Should().BeOfType(told);
        heard.Message.Should().Be(thrown.Message);
    }

    [Fact]
    public async Task A_report_that_waited_for_the_database_while_its_actor_was_started_is_as_old_as_that()
    {
        await using var lab = await SiteLab.StartAsync();
        var site = await lab.RegisterAsync("paris", lab.Fleet.Pbxs[0]);
        _ = await lab.StatusAsync("paris", s => s is { Health: SiteHealth.Online, SerialNumber: not null }, "the site comes online");
        lab.Fleet.Pbxs[0].Faults.Down = true;

        await using var database = await lab.Service<NpgsqlDataSource>().OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var away = await database.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await ExecuteAsync(database, "LOCK TABLE pbx.site IN ACCESS EXCLUSIVE MODE");
        await site.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        var sentAt = lab.Clock.GetUtcNow();
        var taking = site.TakeReport(new IncomingReport([.. """{"event":"ExtensionStatus","extension":"1001","status":"Busy"}"""u8], sentAt, "127.0.0.1", ReportProof.Secret));
        _ = await Eventually.Holds(async () => await lab.CountAsync("pg_locks WHERE NOT granted") > 0, "its actor waits for the database");
        lab.Clock.Advance(TimeSpan.FromSeconds(10));
        await away.RollbackAsync(TestContext.Current.CancellationToken);

        (await taking).Should().Be(ReportReceipt.Taken);
        var extension = (await lab.ExtensionAsync("paris", "1001"))!;
        (extension.Source, extension.ConfirmedAt).Should().Be((KnowledgeSource.Push, sentAt));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        _ = await command.ExecuteNonQueryAsync();
    }
}
