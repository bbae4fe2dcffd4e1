using Microsoft.Extensions.Time.Testing;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Tests.Sites;

namespace PbxGrains.Storage.Tests.Cdrs;

public sealed class HistoryImportsTests : IClassFixture<MigratedDatabase>
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly HistoryImports _imports;
    private readonly string _site = SampleSites.NewId();

    public HistoryImportsTests(MigratedDatabase database) => _imports = new HistoryImports(database.Data, new FakeTimeProvider(Noon.AddHours(1)));

    private static CancellationToken Ct => MigratedDatabase.Ct;

    [Fact]
    public async Task An_import_reads_as_it_was_begun_and_as_far_as_it_came()
    {
        var row = New();
        (await _imports.BeginAsync(row, Ct)).Should().BeNull();
        (await _imports.FindAsync(_site, row.ImportId, Ct)).Should().Be(row);

        _ = await _imports.SetStateAsync(row.ImportId, HistoryImportState.Running, detail: null, Ct);
        _ = await _imports.AdvanceAsync(row.ImportId, new DateTime(2026, 1, 2), rows: 7, found: 5, whole: true, Ct);
        var now = await _imports.AdvanceAsync(row.ImportId, new DateTime(2026, 1, 3), rows: 3, found: 0, whole: false, Ct);

        now.Should().Be(row with { State = HistoryImportState.Running, Position = new DateTime(2026, 1, 3), RowsRead = 10, RowsNew = 5, WindowsFailed = 1, UpdatedAt = Noon.AddHours(1) });
        now!.Progress.Should().BeApproximately(2 / 31.0, 0.001);
    }

    [Fact]
    public async Task A_site_has_one_open_import_and_a_new_one_when_that_is_over()
    {
        var rows = Enumerable.Range(0, 5).Select(i => New() with { CreatedAt = Noon.AddMinutes(i), UpdatedAt = Noon.AddMinutes(i) }).ToList();
        var begun = await Task.WhenAll(rows.Select(row => _imports.BeginAsync(row, Ct)));

        begun.Count(open => open is null).Should().Be(1, "of those that come together one is begun");
        var first = (await _imports.FindOpenAsync(_site, Ct))!;
        begun.OfType<HistoryImportRow>().Should().OnlyContain(open => open.ImportId == first.ImportId);

        _ = await _imports.EndAsync(first.ImportId, HistoryImportState.Done, detail: null, Ct);
        var next = New() with { CreatedAt = Noon.AddHours(2), UpdatedAt = Noon.AddHours(2) };
        (await _imports.BeginAsync(next, Ct)).Should().BeNull();
        (await _imports.ListAsync(_site, Ct)).Select(row => row.ImportId).Should().Equal(next.ImportId, first.ImportId);
    }

    [Fact]
    public async Task What_is_over_stays_as_it_ended()
    {
        var row = New();
        _ = await _imports.BeginAsync(row, Ct);
        var ended = await _imports.EndAsync(row.ImportId, HistoryImportState.Cancelled, detail: null, Ct);

        (await _imports.AdvanceAsync(row.ImportId, new DateTime(2026, 1, 9), 1, 1, whole: true, Ct)).Should().BeNull();
        (await _imports.SetStateAsync(row.ImportId, HistoryImportState.Running, detail: null, Ct)).Should().BeNull();
        (await _imports.EndAsync(row.ImportId, HistoryImportState.Done, detail: null, Ct)).Should().BeNull();

        ended!.FinishedAt.Should().Be(Noon.AddHours(1));
        (await _imports.FindAsync(_site, row.ImportId, Ct)).Should().Be(ended);
    }

    private HistoryImportRow New() => new()
    {
        ImportId = Guid.NewGuid(),
        SiteId = _site,
        Since = new DateOnly(2026, 1, 1),
        Until = new DateOnly(2026, 1, 31),
        Position = new DateTime(2026, 1, 1),
        Ends = new DateTime(2026, 2, 1),
        CreatedAt = Noon,
        UpdatedAt = Noon,
    };
}
