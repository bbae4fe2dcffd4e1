using Orleans.Serialization;
using PbxGrains.Contracts;

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
}
