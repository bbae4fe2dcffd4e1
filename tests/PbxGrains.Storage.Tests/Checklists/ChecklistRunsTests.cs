using PbxGrains.Storage.Checklists;
using PbxGrains.Storage.Tests.Sites;

namespace PbxGrains.Storage.Tests.Checklists;

public sealed class ChecklistRunsTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private readonly string _site = SampleSites.NewId();
    private readonly string _other = SampleSites.NewId();

    private static CancellationToken Ct => MigratedDatabase.Ct;

    private ChecklistRuns Runs { get; } = new(database.Data);

    [Fact]
    public async Task A_run_reads_as_it_was_written()
    {
        var row = Row(1);
        await Runs.BeginAsync(row, Ct);
        (await Runs.LatestAsync(_site, Ct)).Should().BeNull("it still runs");
        (await Runs.ListAsync(_site, Ct)).Should().BeEmpty();

        await Runs.EndAsync(row, Ct);

        (await Runs.FindAsync(_site, row.RunId, Ct)).Should().Be(row);
        (await Runs.LatestAsync(_site, Ct)).Should().Be(row);
        (await Runs.ListAsync(_site, Ct)).Should().Equal(row with { Items = "[]" });
        (await Runs.FindAsync(_other, row.RunId, Ct)).Should().BeNull();
        (await Runs.LastStartAsync(_site, "nightly", Ct)).Should().Be(row.StartedAt);
        (await Runs.LastStartAsync(_site, "manual", Ct)).Should().BeNull();
    }

    [Fact]
    public async Task The_last_fifty_of_a_site_are_kept()
    {
        await AddAsync(Row(0) with { SiteId = _other });
        for (var hour = 1; hour <= 53; hour++)
        {
            await AddAsync(Row(hour));
        }

        var kept = await Runs.ListAsync(_site, Ct);

        kept.Select(run => run.StartedAt.Hour + (24 * (run.StartedAt.Day - 2))).Should().Equal(Enumerable.Range(4, 50).Select(hour => hour + 9).Reverse());
        (await Runs.ListAsync(_other, Ct)).Should().ContainSingle();
    }

    [Fact]
    public async Task A_run_whose_actor_is_gone_is_broken_off_by_the_next_one()
    {
        var (lost, next, other) = (Row(1), Row(2), Row(1) with { SiteId = _other });
        await Runs.BeginAsync(other, Ct);
        await Runs.BeginAsync(lost, Ct);

        await Runs.BeginAsync(next, Ct);

        var broken = await Runs.FindAsync(_site, lost.RunId, Ct);
        broken.Should().Match<ChecklistRunRow>(run => run.BrokenOff && run.Verdict == "fail" && run.FinishedAt == next.StartedAt);
        (await Runs.LatestAsync(_site, Ct)).Should().BeNull("what broke off proves nothing");
        (await Runs.FindAsync(_site, next.RunId, Ct))!.FinishedAt.Should().BeNull();
        (await Runs.FindAsync(_other, other.RunId, Ct))!.FinishedAt.Should().BeNull();
        (await Runs.BreakOffAsync(_site, except: next.RunId, Start, Ct)).Should().Be(0);
    }

    private async Task AddAsync(ChecklistRunRow row)
    {
        await Runs.BeginAsync(row, Ct);
        await Runs.EndAsync(row, Ct);
    }

    private ChecklistRunRow Row(int hour) => new()
    {
        RunId = Guid.NewGuid(),
        SiteId = _site,
        Trigger = "nightly",
        StartedAt = Start.AddHours(hour),
        FinishedAt = Start.AddHours(hour).AddSeconds(3),
        Verdict = "warn",
        Counts = new ChecklistCounts(5, 4, 3, 2, 1),
        Items = """[{"id": "network.tcp"}]""",
    };
}
