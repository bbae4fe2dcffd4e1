namespace PbxGrains.Storage.Tests.Orleans;

public sealed class ReminderTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>
{
    private static readonly DateTime Noon = new(2026, 7, 1, 12, 0, 0, DateTimeKind.Utc);

    private readonly OrleansQueries _queries = new(database.Data);
    private readonly Bound _service = Bound.Text("ServiceId", $"service-{Guid.NewGuid():n}");

    [Fact]
    public async Task A_range_leaves_out_its_begin_and_takes_in_its_end()
    {
        await UpsertManyAsync(-10, 0, 10, 20);

        (await RangeAsync(1, begin: 0, end: 20)).Should().BeEquivalentTo(["10", "20"]);
        (await RangeAsync(1, begin: -10, end: 0)).Should().BeEquivalentTo(["0"]);
    }

    [Fact]
    public async Task A_range_over_the_end_of_the_ring_leaves_out_its_begin_and_takes_in_its_end()
    {
        await UpsertManyAsync(int.MinValue, -10, 0, 10, 20, int.MaxValue);

        (await RangeAsync(2, begin: 10, end: -10)).Should().BeEquivalentTo(["20", $"{int.MaxValue}", $"{int.MinValue}", "-10"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public async Task The_full_ring_takes_in_everything(int anywhere)
    {
        await UpsertManyAsync(int.MinValue, -10, 0, 10, int.MaxValue);

        (await RangeAsync(2, anywhere, anywhere)).Should().HaveCount(5);
    }

    [Fact]
    public async Task Ranges_show_only_their_own_service()
    {
        await UpsertManyAsync(1);

        var others = await _queries.RunAsync("ReadRangeRows2Key", MigratedDatabase.Ct, Bound.Text("ServiceId", "other"), Bound.Int("BeginHash", 0), Bound.Int("EndHash", 0));

        others.Should().BeEmpty();
    }

    [Fact]
    public async Task A_reminder_reads_as_it_was_put_in()
    {
        var version = await UpsertAsync("site:a", "poll", hash: 1, Bound.Int("Period", 60_000));

        var row = (await ReadAsync("site:a", "poll")).Should().ContainSingle().Which;

        row["GrainId"].Should().Be("site:a");
        row["ReminderName"].Should().Be("poll");
        row["StartTime"].Should().Be(Noon);
        row["Period"].Should().Be(60_000L);
        row["Version"].Should().Be(version);
    }

    [Fact]
    public async Task Putting_a_reminder_in_again_replaces_it()
    {
        var first = await UpsertAsync("site:a", "poll", hash: 1, Bound.Int("Period", 60_000));
        var second = await UpsertAsync("site:a", "poll", hash: 50, Bound.Int("Period", 90_000));

        second.Should().NotBe(first);
        (await ReadAsync("site:a", "poll")).Should().ContainSingle().Which["Period"].Should().Be(90_000L);
        (await RangeAsync(1, begin: 49, end: 50)).Should().ContainSingle();
    }

    [Fact]
    public async Task A_period_may_be_longer_than_24_days()
    {
        var period = (long)TimeSpan.FromDays(40).TotalMilliseconds;
        period.Should().BeGreaterThan(int.MaxValue);

        await UpsertAsync("site:a", "yearly", hash: 1, Bound.Long("Period", period));
        await UpsertAsync("site:a", "longest-int", hash: 1, Bound.Int("Period", int.MaxValue));

        (await ReadAsync("site:a", "yearly")).Should().ContainSingle().Which["Period"].Should().Be(period);
        (await ReadAsync("site:a", "longest-int")).Should().ContainSingle().Which["Period"].Should().Be((long)int.MaxValue);
    }

    [Fact]
    public async Task A_version_never_repeats_not_even_after_delete()
    {
        var versions = new List<int>();
        for (var round = 0; round < 3; round++)
        {
            versions.Add(await UpsertAsync("site:a", "poll", hash: 1, Bound.Int("Period", 1)));
            versions.Add(await UpsertAsync("site:a", "poll", hash: 1, Bound.Int("Period", 1)));
            (await DeleteAsync("site:a", "poll", versions[^1])).Should().BeTrue();
        }

        versions.Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task A_delete_with_another_version_leaves_the_reminder()
    {
        var stale = await UpsertAsync("site:a", "poll", hash: 1, Bound.Int("Period", 1));
        var current = await UpsertAsync("site:a", "poll", hash: 1, Bound.Int("Period", 1));

        (await DeleteAsync("site:a", "poll", stale)).Should().BeFalse();
        (await ReadAsync("site:a", "poll")).Should().ContainSingle();
        (await DeleteAsync("site:a", "poll", current)).Should().BeTrue();
        (await DeleteAsync("site:a", "poll", current)).Should().BeFalse();
        (await ReadAsync("site:a", "poll")).Should().BeEmpty();
    }

    [Fact]
    public async Task A_grain_reads_all_its_reminders_and_no_others()
    {
        await UpsertAsync("site:a", "poll", hash: 1, Bound.Int("Period", 1));
        await UpsertAsync("site:a", "catch-up", hash: 1, Bound.Int("Period", 1));
        await UpsertAsync("site:A", "poll", hash: 1, Bound.Int("Period", 1));

        var rows = await _queries.RunAsync("ReadReminderRowsKey", MigratedDatabase.Ct, _service, Bound.Text("GrainId", "site:a"));

        rows.Select(row => row["ReminderName"]).Should().BeEquivalentTo(["poll", "catch-up"]);
    }

    [Fact]
    public async Task Deleting_all_takes_only_the_own_service()
    {
        await UpsertManyAsync(1, 2, 3);
        var other = Bound.Text("ServiceId", $"other-{Guid.NewGuid():n}");
        await _queries.RunAsync("UpsertReminderRowKey", MigratedDatabase.Ct, other, Bound.Int("GrainHash", 1), Bound.Text("GrainId", "x"), Bound.Text("ReminderName", "x"), Bound.Time("StartTime", Noon), Bound.Int("Period", 1));

        await _queries.RunAsync("DeleteReminderRowsKey", MigratedDatabase.Ct, _service);

        (await RangeAsync(2, 0, 0)).Should().BeEmpty();
        (await _queries.RunAsync("ReadReminderRowsKey", MigratedDatabase.Ct, other, Bound.Text("GrainId", "x"))).Should().ContainSingle();
    }

    [Fact]
    public async Task Grain_ids_may_hold_any_characters()
    {
        await UpsertAsync("site:東京/é", "rappel 😀", hash: 1, Bound.Int("Period", 1));

        (await ReadAsync("site:東京/é", "rappel 😀")).Should().ContainSingle();
    }

    private async Task UpsertManyAsync(params int[] hashes)
    {
        foreach (var hash in hashes)
        {
            await UpsertAsync($"{hash}", "poll", hash, Bound.Int("Period", 60_000));
        }
    }

    private async Task<int> UpsertAsync(string grain, string name, int hash, Bound period)
    {
        var rows = await _queries.RunAsync(
            "UpsertReminderRowKey", MigratedDatabase.Ct,
            _service, Bound.Int("GrainHash", hash), Bound.Text("GrainId", grain), Bound.Text("ReminderName", name), Bound.Time("StartTime", Noon), period);
        return (int)rows.Should().ContainSingle().Which["Version"]!;
    }

    private async Task<IEnumerable<string>> RangeAsync(int key, int begin, int end) =>
        (await _queries.RunAsync($"ReadRangeRows{key}Key", MigratedDatabase.Ct, _service, Bound.Int("BeginHash", begin), Bound.Int("EndHash", end)))
            .Select(row => (string)row["GrainId"]!);

    private Task<IReadOnlyList<IReadOnlyDictionary<string, object?>>> ReadAsync(string grain, string name) =>
        _queries.RunAsync("ReadReminderRowKey", MigratedDatabase.Ct, _service, Bound.Text("GrainId", grain), Bound.Text("ReminderName", name));

    private Task<bool> DeleteAsync(string grain, string name, int version) => _queries.DecideAsync(
        "DeleteReminderRowKey", MigratedDatabase.Ct, _service, Bound.Text("GrainId", grain), Bound.Text("ReminderName", name), Bound.Int("Version", version));
}
