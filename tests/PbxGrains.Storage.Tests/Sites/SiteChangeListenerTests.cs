using Npgsql;
using PbxGrains.Storage.Sites;

namespace PbxGrains.Storage.Tests.Sites;

public sealed class SiteChangeListenerTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>, IAsyncLifetime
{
    private readonly LogLines<SiteChangeListener> _log = new();
    private readonly string _id = SampleSites.NewId();
    private readonly NpgsqlDataSource _data = PbxDataSource.Create(new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false }.ConnectionString);
    private IAsyncEnumerator<string?>? _heard;

    public async ValueTask InitializeAsync()
    {
        _heard = new SiteChangeListener(_data, TimeProvider.System, _log).ListenAsync(MigratedDatabase.Ct).GetAsyncEnumerator(MigratedDatabase.Ct);
        (await NextAsync()).Should().BeNull("the connection was established");
    }

    public async ValueTask DisposeAsync()
    {
        await _heard!.DisposeAsync();
        await _data.DisposeAsync();
    }

    [Fact]
    public async Task Insert_update_and_delete_in_plain_sql_are_heard()
    {
        await InsertAsync(_id);
        (await NextAsync()).Should().Be(_id);

        await database.SqlAsync($"UPDATE pbx.site SET name = 'New name' WHERE site_id = '{_id}'");
        (await NextAsync()).Should().Be(_id);

        await database.SqlAsync($"DELETE FROM pbx.site WHERE site_id = '{_id}'");
        (await NextAsync()).Should().Be(_id);
    }

    [Fact]
    public async Task What_changes_nothing_or_was_learnt_or_rolled_back_is_not_heard()
    {
        await InsertAsync(_id);
        (await NextAsync()).Should().Be(_id);

        await new SiteRegistry(database.Data).RecordDeviceAsync(_id, "v2", "30.15", "369A", MigratedDatabase.Ct);
        await database.SqlAsync($"UPDATE pbx.site SET name = name WHERE site_id = '{_id}'");
        await database.SqlAsync($"BEGIN; UPDATE pbx.site SET name = 'never' WHERE site_id = '{_id}'; ROLLBACK");
        var last = SampleSites.NewId();
        await InsertAsync(last);

        (await NextAsync()).Should().Be(last);
    }

    [Fact]
    public async Task A_site_that_gets_another_id_is_heard_under_both()
    {
        await InsertAsync(_id);
        (await NextAsync()).Should().Be(_id);

        var renamed = SampleSites.NewId();
        await database.SqlAsync($"UPDATE pbx.site SET site_id = '{renamed}' WHERE site_id = '{_id}'");

        new[] { await NextAsync(), await NextAsync() }.Should().BeEquivalentTo([_id, renamed]);
    }

    [Fact]
    public async Task An_emptied_table_means_that_anything_may_have_changed()
    {
        await database.SqlAsync("TRUNCATE pbx.site CASCADE");

        (await NextAsync()).Should().BeNull();
    }

    [Fact]
    public async Task A_lost_connection_is_made_again_and_means_that_anything_may_have_changed()
    {
        var next = NextAsync();
        await database.SqlAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN pbx_site'");

        (await next).Should().BeNull();

        await InsertAsync(_id);
        (await NextAsync()).Should().Be(_id);
        _log.All.Select(line => line.Id.Id).Should().Equal(2101, 2103, 2101);
    }

    [Fact]
    public async Task Listening_ends_when_cancelled()
    {
        using var end = new CancellationTokenSource();
        await using var heard = new SiteChangeListener(_data, TimeProvider.System, _log).ListenAsync(end.Token).GetAsyncEnumerator(end.Token);
        (await heard.MoveNextAsync()).Should().BeTrue();

        var next = heard.MoveNextAsync().AsTask();
        await end.CancelAsync();

        await next.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task A_session_that_listened_does_not_go_on_listening_in_the_pool()
    {
        await using var pool = PbxDataSource.Create(new NpgsqlConnectionStringBuilder(database.ConnectionString) { MaxPoolSize = 1 }.ConnectionString);
        using var end = new CancellationTokenSource();
        await using (var heard = new SiteChangeListener(pool, TimeProvider.System, _log).ListenAsync(end.Token).GetAsyncEnumerator(end.Token))
        {
            (await heard.MoveNextAsync()).Should().BeTrue();
            var next = heard.MoveNextAsync().AsTask();
            await end.CancelAsync();
            await next.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        }

        await using var command = pool.CreateCommand("SELECT count(*) FROM pg_listening_channels()");
        (await command.ExecuteScalarAsync(MigratedDatabase.Ct)).Should().Be(0L);
    }

    private Task<object?> InsertAsync(string siteId) =>
        database.SqlAsync($"INSERT INTO pbx.site (site_id, address, user_name) VALUES ('{siteId}', '10.1.0.254', 'api')");

    private async Task<string?> NextAsync()
    {
        (await _heard!.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), MigratedDatabase.Ct)).Should().BeTrue();
        return _heard.Current;
    }
}
