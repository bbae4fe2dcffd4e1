using Npgsql;
using PbxGrains.Testing;

namespace PbxGrains.Storage.Tests.Orleans;

public sealed class MembershipTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>
{
    private static readonly Silo One = new("10.0.0.1");
    private static readonly Silo Two = new("10.0.0.2");

    [Fact]
    public async Task Updating_a_member_that_does_not_exist_does_not_move_the_version()
    {
        var table = await MembershipTable.CreateAsync(database, One);

        var updated = await table.UpdateAsync(Two with { Status = Silo.Active }, version: 1);

        updated.Should().BeFalse();
        (await table.VersionAsync()).Should().Be(1);
        (await table.AddressesAsync()).Should().Equal(One.Address);
    }

    [Fact]
    public async Task A_cluster_without_members_reads_as_one_row_with_only_the_version()
    {
        var table = await MembershipTable.CreateAsync(database);

        var row = (await table.ReadAllAsync()).Should().ContainSingle().Which;

        row["Version"].Should().Be(0);
        row.Where(column => column.Value is not null).Should().ContainSingle();
    }

    [Fact]
    public async Task A_cluster_that_nobody_started_reads_as_nothing()
    {
        var table = new MembershipTable(database, "nobody-started-it");

        (await table.ReadAllAsync()).Should().BeEmpty();
        (await table.ReadRowAsync(One)).Should().BeEmpty();
    }

    [Fact]
    public async Task An_unknown_member_reads_as_one_row_with_only_the_version()
    {
        var table = await MembershipTable.CreateAsync(database, One);

        var row = (await table.ReadRowAsync(One with { Generation = One.Generation + 1 })).Should().ContainSingle().Which;

        row["Version"].Should().Be(1);
        row["StartTime"].Should().BeNull();
        row["Address"].Should().BeNull();
    }

    [Fact]
    public async Task A_member_reads_as_it_was_inserted()
    {
        var silo = One with { Status = Silo.Active, StartTime = Silo.Noon.AddSeconds(1), IAmAliveTime = Silo.Noon.AddMilliseconds(1234) };
        var table = await MembershipTable.CreateAsync(database, silo, Two);

        var row = (await table.ReadRowAsync(silo)).Should().ContainSingle().Which;

        row.Should().BeEquivalentTo(new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Address"] = silo.Address,
            ["Port"] = silo.Port,
            ["Generation"] = silo.Generation,
            ["SiloName"] = "Silo_é",
            ["HostName"] = "host",
            ["Status"] = silo.Status,
            ["ProxyPort"] = silo.ProxyPort,
            ["StartTime"] = silo.StartTime,
            ["IAmAliveTime"] = silo.IAmAliveTime,
            ["SuspectTimes"] = null,
            ["Version"] = 2,
        });
        (await table.ReadAllAsync()).Should().HaveCount(2).And.OnlyContain(member => 2.Equals(member["Version"]));
    }

    [Fact]
    public async Task Only_the_first_starter_creates_the_version()
    {
        var table = new MembershipTable(database, "started-by-ten");

        var created = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => table.CreateVersionAsync()));

        created.Should().ContainSingle(first => first);
        (await table.VersionAsync()).Should().Be(0);
    }

    [Fact]
    public async Task Inserting_a_member_that_exists_leaves_it_and_the_version()
    {
        var table = await MembershipTable.CreateAsync(database, One);

        var inserted = await table.InsertAsync(One with { Status = Silo.Dead }, version: 1);

        inserted.Should().BeFalse();
        var row = (await table.ReadAllAsync()).Should().ContainSingle().Which;
        row["Version"].Should().Be(1);
        row["Status"].Should().Be(Silo.Joining);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Inserting_with_another_version_changes_nothing(int version)
    {
        var table = await MembershipTable.CreateAsync(database, One);

        (await table.InsertAsync(Two, version)).Should().BeFalse();

        (await table.VersionAsync()).Should().Be(1);
        (await table.AddressesAsync()).Should().Equal(One.Address);
    }

    [Fact]
    public async Task An_update_replaces_status_votes_and_heartbeat_and_moves_the_version_by_one()
    {
        var table = await MembershipTable.CreateAsync(database, One);
        var changed = One with { Status = Silo.Dead, SuspectTimes = "10.0.0.2:11111@500,2026-03-01 12:00:00.000 GMT", IAmAliveTime = Silo.Noon.AddMinutes(1) };

        (await table.UpdateAsync(changed, version: 1)).Should().BeTrue();

        var row = (await table.ReadAllAsync()).Should().ContainSingle().Which;
        row["Version"].Should().Be(2);
        row["Status"].Should().Be(Silo.Dead);
        row["SuspectTimes"].Should().Be(changed.SuspectTimes);
        row["IAmAliveTime"].Should().Be(changed.IAmAliveTime);
        row["StartTime"].Should().Be(One.StartTime);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task An_update_with_another_version_changes_nothing(int version)
    {
        var table = await MembershipTable.CreateAsync(database, One);

        (await table.UpdateAsync(One with { Status = Silo.Dead }, version)).Should().BeFalse();

        var row = (await table.ReadAllAsync()).Should().ContainSingle().Which;
        row["Version"].Should().Be(1);
        row["Status"].Should().Be(Silo.Joining);
    }

    [Fact]
    public async Task Of_many_concurrent_inserts_exactly_one_wins()
    {
        var table = await MembershipTable.CreateAsync(database);

        var won = await Task.WhenAll(Enumerable.Range(1, 20).Select(n => table.InsertAsync(new Silo($"10.0.0.{n}"), version: 0)));

        won.Should().ContainSingle(one => one);
        (await table.VersionAsync()).Should().Be(1);
        (await table.AddressesAsync()).Should().ContainSingle();
    }

    [Fact]
    public async Task Of_many_concurrent_updates_exactly_one_wins()
    {
        Silo[] silos = [.. Enumerable.Range(1, 10).Select(n => new Silo($"10.0.0.{n}"))];
        var table = await MembershipTable.CreateAsync(database, silos);

        var won = await Task.WhenAll(silos.Concat(silos).Select(silo => table.UpdateAsync(silo with { Status = Silo.Active }, version: 10)));

        won.Should().ContainSingle(one => one);
        (await table.VersionAsync()).Should().Be(11);
        (await table.ReadAllAsync()).Should().ContainSingle(row => Silo.Active.Equals(row["Status"]));
    }

    [Fact]
    public async Task An_update_that_meets_a_clean_up_of_its_member_does_not_move_the_version()
    {
        var dead = One with { Status = Silo.Dead };
        var table = await MembershipTable.CreateAsync(database, dead);
        await using var cleaner = new NpgsqlConnection(database.ConnectionString);
        await cleaner.OpenAsync(MigratedDatabase.Ct);
        await using var transaction = await cleaner.BeginTransactionAsync(MigratedDatabase.Ct);
        await using var delete = new NpgsqlCommand("DELETE FROM orleans.membership WHERE status = 6", cleaner);
        await delete.ExecuteNonQueryAsync(MigratedDatabase.Ct);

        var update = table.UpdateAsync(dead, version: 1);
        await Eventually.Holds(
            async () => (bool)(await database.SqlAsync("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"))!,
            "the update to wait for the clean-up");
        await transaction.CommitAsync(MigratedDatabase.Ct);

        (await update).Should().BeFalse();
        (await table.VersionAsync()).Should().Be(1);
    }

    [Fact]
    public async Task A_heartbeat_moves_only_its_own_time()
    {
        var table = await MembershipTable.CreateAsync(database, One, Two);

        await table.IAmAliveAsync(One with { IAmAliveTime = Silo.Noon.AddSeconds(30) });

        (await table.VersionAsync()).Should().Be(2);
        (await table.ReadRowAsync(One))[0]["IAmAliveTime"].Should().Be(Silo.Noon.AddSeconds(30));
        (await table.ReadRowAsync(Two))[0]["IAmAliveTime"].Should().Be(Silo.Noon);
    }

    [Fact]
    public async Task Gateways_are_active_members_with_a_client_port()
    {
        var table = await MembershipTable.CreateAsync(
            database,
            new Silo("10.0.0.1") { Status = Silo.Active, ProxyPort = 30001, Generation = 7 },
            new Silo("10.0.0.2") { Status = Silo.Active, ProxyPort = 0 },
            new Silo("10.0.0.3") { Status = Silo.Joining },
            new Silo("10.0.0.4") { Status = Silo.Dead });

        var gateway = (await table.GatewaysAsync()).Should().ContainSingle().Which;

        gateway["Address"].Should().Be("10.0.0.1");
        gateway["ProxyPort"].Should().Be(30001);
        gateway["Generation"].Should().Be(7);
    }

    [Fact]
    public async Task Clean_up_takes_only_dead_members_that_were_last_seen_before_the_cut_off()
    {
        var old = Silo.Noon.AddDays(-8);
        var table = await MembershipTable.CreateAsync(
            database,
            new Silo("dead-old") { Status = Silo.Dead, StartTime = old, IAmAliveTime = old },
            new Silo("dead-but-recently-alive") { Status = Silo.Dead, StartTime = old },
            new Silo("dead-but-recently-started") { Status = Silo.Dead, IAmAliveTime = old },
            new Silo("active") { Status = Silo.Active, StartTime = old, IAmAliveTime = old },
            new Silo("joining") { Status = Silo.Joining, StartTime = old, IAmAliveTime = old },
            new Silo("shutting-down") { Status = Silo.ShuttingDown, StartTime = old, IAmAliveTime = old },
            new Silo("on-the-dot") { Status = Silo.Dead, StartTime = old.AddDays(1), IAmAliveTime = old.AddDays(1) });

        await table.CleanupAsync(cutOff: old.AddDays(1));

        (await table.AddressesAsync()).Should().HaveCount(6).And.NotContain("dead-old");
        (await table.VersionAsync()).Should().Be(7);
    }

    [Fact]
    public async Task Clean_up_of_one_member_takes_exactly_the_captured_entry()
    {
        var dead = One with { Status = Silo.Dead };
        var other = Two with { Status = Silo.Dead };
        var table = await MembershipTable.CreateAsync(database, dead, other);

        await table.CleanupAsync(dead);

        (await table.AddressesAsync()).Should().Equal(other.Address);
        (await table.VersionAsync()).Should().Be(2);
    }

    [Fact]
    public async Task Clean_up_of_one_member_spares_an_entry_that_changed_since()
    {
        var dead = One with { Status = Silo.Dead };
        var table = await MembershipTable.CreateAsync(database, dead, Two);

        await table.CleanupAsync(dead with { IAmAliveTime = dead.IAmAliveTime.AddSeconds(-1) });
        await table.CleanupAsync(dead with { StartTime = dead.StartTime.AddSeconds(-1) });
        await table.CleanupAsync(dead with { SuspectTimes = "a vote" });
        await table.CleanupAsync(dead with { Generation = dead.Generation + 1 });
        await table.CleanupAsync(Two);

        (await table.AddressesAsync()).Should().HaveCount(2);
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("", null)]
    [InlineData("vote", "vote")]
    public async Task Clean_up_of_one_member_takes_no_votes_and_empty_votes_for_the_same(string? stored, string? captured)
    {
        var table = await MembershipTable.CreateAsync(database, One);
        (await table.UpdateAsync(One with { Status = Silo.Dead, SuspectTimes = stored }, version: 1)).Should().BeTrue();

        await table.CleanupAsync(One with { SuspectTimes = captured });

        (await table.AddressesAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Deleting_a_cluster_takes_members_and_version_and_no_other_cluster()
    {
        var table = await MembershipTable.CreateAsync(database, One, Two);
        var other = await MembershipTable.CreateAsync(database, One);

        await table.DeleteAllAsync();

        (await table.ReadAllAsync()).Should().BeEmpty();
        (await other.AddressesAsync()).Should().Equal(One.Address);
        (await table.CreateVersionAsync()).Should().BeTrue();
    }

    [Fact]
    public async Task Times_survive_a_session_in_another_time_zone()
    {
        var table = await MembershipTable.CreateAsync(database, One);

        (await database.SqlAsync("SHOW timezone")).Should().Be("Europe/Berlin");
        var read = (DateTime)(await table.ReadRowAsync(One))[0]["StartTime"]!;
        read.Should().Be(Silo.Noon);
        read.Kind.Should().Be(DateTimeKind.Utc);
    }
}
