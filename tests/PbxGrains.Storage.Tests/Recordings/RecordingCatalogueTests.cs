using Microsoft.Extensions.Logging.Abstractions;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Recordings;
using PbxGrains.Storage.Tests.Sites;
using static PbxGrains.Storage.Tests.Cdrs.SampleRecords;

namespace PbxGrains.Storage.Tests.Recordings;

public sealed class RecordingCatalogueTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>, IAsyncLifetime
{
    private readonly string _site = SampleSites.NewId();
    private readonly RecordingCatalogue _catalogue = new(database.Data);
    private CallRecordLedger _ledger = null!;

    private static CancellationToken Ct => MigratedDatabase.Ct;

    public ValueTask InitializeAsync()
    {
        _ledger = new CallRecordLedger(database.Data, TimeProvider.System, NullLogger<CallRecordLedger>.Instance);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    [Fact]
    public async Task A_record_that_names_a_recording_makes_its_row_once()
    {
        _ = await _ledger.AppendAsync([Inbound(_site, 1), Inbound(_site, 1) with { TalkSeconds = 77 }, Inbound(_site, 1, source: RecordedSource.CatchUp)], Ct);
        _ = await _ledger.AppendAsync(Inbound(_site, 1), Ct);

        var row = (await _catalogue.ListByNamesAsync(_site, ["1.wav"], Ct)).Should().ContainSingle().Which;
        row.RecordingId.Should().Be(RecordingId.Of(_site, "1.wav"));
        (row.SiteId, row.CallId, row.Name, row.State, row.Tries).Should().Be((_site, "1782900000.1", "1.wav", RecordingState.Pending, 0));
        (row.FirstNamedAt, row.NextTryAt, row.AgesFrom).Should().Be((Noon.AddMinutes(2), Noon.AddMinutes(2), Noon.AddMinutes(1)));
        row.ExpiresAt.Should().Be(Noon.AddMinutes(1).AddDays(180));
    }

    [Fact]
    public async Task A_recording_that_only_a_later_version_names_gets_its_row_too()
    {
        _ = await _ledger.AppendAsync(Inbound(_site) with { Recording = null }, Ct);
        (await _catalogue.ListByNamesAsync(_site, ["0.wav"], Ct)).Should().BeEmpty();

        _ = await _ledger.AppendAsync(Inbound(_site, source: RecordedSource.CatchUp), Ct);

        (await _catalogue.ListByNamesAsync(_site, ["0.wav"], Ct)).Should().ContainSingle();
    }

    [Fact]
    public async Task A_record_written_in_plain_sql_makes_the_row_as_well()
    {
        _ = await database.SqlAsync($"""
            INSERT INTO pbx.call_record (site_id, call_id, identity, start_wall_clock, started_at, direction, disposition, recording, extensions, pushed_at, exact_fields)
            VALUES ('{_site}', '1.2', sha256('x'), '2026-07-01 12:00', '2026-07-01 10:00Z', 'inbound', 'answered', 'by-hand.wav', ARRAY[]::text[], '2026-07-01 10:01Z', 0)
            """);

        (await _catalogue.ListByNamesAsync(_site, ["by-hand.wav"], Ct)).Should().ContainSingle().Which.CallId.Should().Be("1.2");
    }

    [Fact]
    public async Task A_record_that_is_not_committed_leaves_no_row()
    {
        var rejected = Inbound(_site, 3) with { TotalSeconds = -1 };

        await FluentActions.Awaiting(() => _ledger.AppendAsync([Inbound(_site, 2), rejected], Ct)).Should().ThrowAsync<CallRecordRejectedException>();

        (await _catalogue.ListByNamesAsync(_site, ["2.wav", "3.wav"], Ct)).Should().ContainSingle().Which.Name.Should().Be("2.wav");
    }

    [Fact]
    public async Task Names_are_data_whatever_they_hold()
    {
        string[] names = ["../../x", "a\0b.wav", "C:\\x.wav", "Ü ñ 🎙.wav", "half \ud83c", "a\nb", new('x', 4096), "' OR 1=1 --"];
        _ = await _ledger.AppendAsync([.. names.Select((name, i) => Inbound(_site, i) with { Recording = name })], Ct);

        var rows = await _catalogue.ListByNamesAsync(_site, names, Ct);

        rows.Should().HaveCount(names.Length);
        rows.Should().OnlyContain(row => row.RecordingId == RecordingId.Of(_site, row.Name!));
        rows.Select(row => row.Name).Should().Contain(["../../x", new string('x', 4096)]);
    }

    [Fact]
    public async Task Writers_that_name_the_same_recordings_at_once_all_succeed()
    {
        string[] names = [.. Enumerable.Range(0, 40).Select(i => $"shared-{i}.wav")];

        await Parallel.ForEachAsync(Enumerable.Range(0, 8), new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Ct }, async (writer, ct) =>
        {
            await using var ledger = new CallRecordLedger(database.Data, TimeProvider.System, NullLogger<CallRecordLedger>.Instance);
            var shuffled = new Random(writer).GetItems(names, names.Length).Select((name, i) => Inbound(_site, i, callId: $"{writer}.{i}") with { Recording = name }).ToList();
            (await ledger.AppendAsync(shuffled, ct)).Should().OnlyContain(outcome => outcome == LedgerOutcome.Recorded);
        });

        var named = await database.SqlAsync($"SELECT count(DISTINCT recording) FROM pbx.call_record WHERE site_id = '{_site}'");
        (await _catalogue.ListByNamesAsync(_site, names, Ct)).Should().HaveCount((int)(long)named!);
    }

    [Fact]
    public async Task Only_what_is_due_and_not_too_old_is_asked_for()
    {
        _ = await _ledger.AppendAsync([Inbound(_site, 1), Inbound(_site, 2)], Ct);
        await _catalogue.SetBackAsync(RecordingId.Of(_site, "2.wav"), new RecordingSetback(RecordingState.Pending, RecordingReason.NotYetSaved, "Not yet.", Noon.AddHours(5), Refused: true), Ct);

        (await DueAsync(Noon.AddHours(1))).Should().Equal("1.wav");
        (await _catalogue.NextTryAsync(_site, Noon.AddHours(1), Ct)).Should().Be(Noon.AddHours(5));
        (await DueAsync(Noon.AddHours(6))).Should().Equal("2.wav", "1.wav");
        (await DueAsync(Noon.AddDays(181))).Should().BeEmpty();
    }

    [Fact]
    public async Task A_recording_in_the_vault_is_not_asked_for_again_until_it_is_lost()
    {
        _ = await _ledger.AppendAsync(Inbound(_site, 1), Ct);
        var id = RecordingId.Of(_site, "1.wav");

        (await _catalogue.BeginAsync(id, Noon.AddHours(1), Noon.AddHours(2), Ct)).Should().BeTrue();
        (await _catalogue.ReadyAsync(id, File, Noon.AddHours(1), Ct)).Should().BeTrue();
        await _catalogue.SetBackAsync(id, new RecordingSetback(RecordingState.Absent, RecordingReason.DeletedOnPbx, "Gone.", NextTryAt: null, Refused: true), Ct);

        var ready = (await _catalogue.FindAsync(id, Ct))!;
        (ready.State, ready.Bytes, ready.ContentType, ready.Tries, ready.NextTryAt, ready.Reason).Should().Be((RecordingState.Ready, 3L, "audio/wav", 1, null, null));
        ready.Sha256.Should().Equal(File.Sha256);
        (await _catalogue.BeginAsync(id, Noon, Noon, Ct)).Should().BeFalse();

        await _catalogue.LostAsync(id, Noon.AddHours(3), Ct);
        (await DueAsync(Noon.AddHours(3))).Should().Equal("1.wav");
    }

    [Fact]
    public async Task What_holds_a_site_up_shows_on_all_of_its_recordings_that_are_due()
    {
        _ = await _ledger.AppendAsync([Inbound(_site, 1), Inbound(_site, 2)], Ct);
        _ = await _catalogue.ReadyAsync(RecordingId.Of(_site, "2.wav"), File, Noon, Ct);

        await _catalogue.HoldUpAsync(_site, new RecordingSetback(RecordingState.Pending, RecordingReason.SiteDown, "Down.", NextTryAt: null, Refused: false), Noon.AddHours(1), Ct);

        (await _catalogue.ListByNamesAsync(_site, ["1.wav", "2.wav"], Ct)).Select(row => (row.Name, row.State, row.Reason)).Should()
            .BeEquivalentTo(new (string?, string, string?)[] { ("1.wav", RecordingState.Pending, RecordingReason.SiteDown), ("2.wav", RecordingState.Ready, null) });
        (await DueAsync(Noon.AddHours(1))).Should().Equal("1.wav");
    }

    private static FetchedRecording File => new(3, [.. Enumerable.Repeat((byte)7, 32)], "audio/wav", 1.5);

    private async Task<IEnumerable<string?>> DueAsync(DateTimeOffset now) => (await _catalogue.ListDueAsync(_site, now, 10, Ct)).Select(row => row.Name);
}
