namespace PbxGrains.Storage.Tests.Orleans;

public sealed class GrainStateTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>
{
    private readonly GrainStateTable _table = new(database);
    private readonly GrainKey _key = GrainKey.New();

    [Fact]
    public async Task A_write_with_a_stale_version_conflicts_and_leaves_the_row()
    {
        await _table.WriteAsync(_key, null, 1);
        await _table.WriteAsync(_key, 1, 2);

        (await _table.WriteAsync(_key, 1, 3)).Should().BeNull();

        (await _table.ReadAsync(_key)).Should().BeEquivalentTo(new StoredState([2], 2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(null)]
    public async Task A_clear_with_a_stale_version_conflicts_and_leaves_the_row(int? stale)
    {
        await _table.WriteAsync(_key, null, 1);
        await _table.WriteAsync(_key, 1, 2);

        (await _table.ClearAsync(_key, stale)).Should().BeNull();

        (await _table.ReadAsync(_key)).Should().BeEquivalentTo(new StoredState([2], 2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(null)]
    public async Task A_delete_with_a_stale_version_conflicts_and_leaves_the_row(int? stale)
    {
        await _table.WriteAsync(_key, null, 1);
        await _table.WriteAsync(_key, 1, 2);

        (await _table.DeleteAsync(_key, stale)).Should().BeNull();

        (await _table.ReadAsync(_key)).Should().BeEquivalentTo(new StoredState([2], 2));
    }

    [Fact]
    public async Task What_was_never_written_has_no_record()
    {
        (await _table.ReadAsync(_key)).Should().BeNull();
        (await _table.ClearAsync(_key, 1)).Should().BeNull();
        (await _table.DeleteAsync(_key, 1)).Should().BeNull();
    }

    [Fact]
    public async Task A_write_with_a_version_never_inserts()
    {
        (await _table.WriteAsync(_key, 1, 1)).Should().BeNull();

        (await _table.ReadAsync(_key)).Should().BeNull();
    }

    [Fact]
    public async Task A_write_without_a_version_never_overwrites()
    {
        await _table.WriteAsync(_key, null, 1);

        (await _table.WriteAsync(_key, null, 2)).Should().BeNull();

        (await _table.ReadAsync(_key)).Should().BeEquivalentTo(new StoredState([1], 1));
    }

    [Fact]
    public async Task A_cleared_record_counts_as_existing_for_a_write_without_a_version()
    {
        await _table.WriteAsync(_key, null, 1);
        (await _table.ClearAsync(_key, 1)).Should().Be(2);

        (await _table.WriteAsync(_key, null, 9)).Should().BeNull();

        (await _table.ReadAsync(_key)).Should().BeEquivalentTo(new StoredState(null, 2));
    }

    [Fact]
    public async Task A_cleared_record_can_be_cleared_again_and_written_with_its_version()
    {
        await _table.WriteAsync(_key, null, 1);
        await _table.ClearAsync(_key, 1);

        (await _table.ClearAsync(_key, 2)).Should().Be(3);
        (await _table.WriteAsync(_key, 3, 7)).Should().Be(4);

        (await _table.ReadAsync(_key)).Should().BeEquivalentTo(new StoredState([7], 4));
    }

    [Fact]
    public async Task A_deleted_record_is_gone_and_starts_anew()
    {
        await _table.WriteAsync(_key, null, 1);

        (await _table.DeleteAsync(_key, 1)).Should().Be(2);
        (await _table.ReadAsync(_key)).Should().BeNull();
        (await _table.WriteAsync(_key, null, 5)).Should().Be(1);
    }

    [Fact]
    public async Task Of_many_first_writes_at_once_exactly_one_wins()
    {
        var versions = await Task.WhenAll(Enumerable.Range(1, 20).Select(n => _table.WriteAsync(_key, null, (byte)n)));

        versions.Should().ContainSingle(version => version != null).Which.Should().Be(1);
        (await _table.ReadAsync(_key))!.Version.Should().Be(1);
    }

    [Fact]
    public async Task Of_many_first_writes_of_a_key_without_extension_exactly_one_wins()
    {
        var key = new GrainKey(null, N0: Random.Shared.NextInt64(), N1: Random.Shared.NextInt64());

        var versions = await Task.WhenAll(Enumerable.Range(1, 20).Select(n => _table.WriteAsync(key, null, (byte)n)));

        versions.Should().ContainSingle(version => version != null);
        (await _table.ReadAsync(key))!.Version.Should().Be(1);
    }

    [Fact]
    public async Task Of_many_writes_with_one_version_exactly_one_wins()
    {
        await _table.WriteAsync(_key, null, 0);

        var versions = await Task.WhenAll(Enumerable.Range(1, 20).Select(n => _table.WriteAsync(_key, 1, (byte)n)));

        versions.Should().ContainSingle(version => version != null).Which.Should().Be(2);
        (await _table.ReadAsync(_key))!.Version.Should().Be(2);
    }

    [Fact]
    public async Task Keys_whose_hashes_collide_are_kept_apart()
    {
        GrainKey[] keys =
        [
            _key, _key with { N0 = 1 }, _key with { N1 = 1 }, _key with { State = "other-state" }, _key with { Service = "other-service" }, GrainKey.New(),
        ];

        foreach (var (index, key) in keys.Index())
        {
            (await _table.WriteAsync(key, null, (byte)index)).Should().Be(1);
        }

        (await _table.ClearAsync(keys[1], 1)).Should().Be(2);
        (await _table.DeleteAsync(keys[2], 1)).Should().Be(2);
        (await _table.WriteAsync(keys[3], 1, 33)).Should().Be(2);

        var payloads = await Task.WhenAll(keys.Select(async key => (await _table.ReadAsync(key))?.Payload?.Single()));
        payloads.Should().Equal((byte)0, null, null, (byte)33, (byte)4, (byte)5);
    }

    [Fact]
    public async Task No_extension_and_an_empty_extension_are_different_keys()
    {
        var none = new GrainKey(null, N0: Random.Shared.NextInt64());
        var empty = none with { Extension = "" };

        (await _table.WriteAsync(none, null, 1)).Should().Be(1);
        (await _table.WriteAsync(empty, null, 2)).Should().Be(1);

        (await _table.ReadAsync(none))!.Payload.Should().Equal(1);
        (await _table.ReadAsync(empty))!.Payload.Should().Equal(2);
    }

    [Theory]
    [InlineData("ext:été/Łódź/東京/😀")]
    [InlineData("Ext:ÉTÉ")]
    [InlineData("ext:'; DROP TABLE orleans.grain_state; -- @ServiceId $1")]
    public async Task Keys_may_hold_any_characters(string extension)
    {
        var key = new GrainKey(extension);

        (await _table.WriteAsync(key, null, 1)).Should().Be(1);

        (await _table.ReadAsync(key))!.Payload.Should().Equal(1);
        (await _table.ReadAsync(new GrainKey(extension.ToLowerInvariant() + "!"))).Should().BeNull();
    }

    [Fact]
    public async Task Upper_and_lower_case_are_different_keys()
    {
        await _table.WriteAsync(new GrainKey("case:A"), null, 1);

        (await _table.ReadAsync(new GrainKey("case:a"))).Should().BeNull();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5 * 1024 * 1024)]
    public async Task Payloads_of_any_size_come_back_whole(int size)
    {
        var payload = new byte[size];
        Random.Shared.NextBytes(payload);

        (await _table.WriteAsync(_key, null, payload)).Should().Be(1);

        (await _table.ReadAsync(_key))!.Payload.Should().NotBeNull().And.Equal(payload);
    }

    [Fact]
    public async Task The_largest_version_is_followed_by_another_one()
    {
        await _table.WriteAsync(_key, null, 1);
        await database.SqlAsync($"UPDATE orleans.grain_state SET version = 2147483647 WHERE grain_extension = '{_key.Extension}'");

        (await _table.WriteAsync(_key, int.MaxValue, 2)).Should().Be(1);
    }

    [Fact]
    public async Task A_look_up_among_many_string_keys_uses_the_hashes()
    {
        await database.SqlAsync("""
            INSERT INTO orleans.grain_state (service_id, state_name, grain_n0, grain_n1, grain_extension, grain_hash, state_name_hash, payload, version)
            SELECT 'many', 'many', 0, 0, 'ext:' || n, n, 7, '', 1 FROM generate_series(1, 2000) AS n;
            ANALYZE orleans.grain_state
            """);

        var plan = await _table.ExplainReadAsync(new GrainKey("ext:5", State: "many", Service: "many") { Hash = 5, StateHash = 7 });

        plan.Should().Contain("grain_state_hash").And.NotContain("Seq Scan");
    }
}
