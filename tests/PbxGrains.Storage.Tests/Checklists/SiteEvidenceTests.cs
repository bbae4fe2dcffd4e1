using Microsoft.Extensions.Logging.Abstractions;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Checklists;
using PbxGrains.Storage.Recordings;
using PbxGrains.Storage.Sites;
using PbxGrains.Storage.Tests.Sites;
using static PbxGrains.Storage.Tests.Cdrs.SampleRecords;

namespace PbxGrains.Storage.Tests.Checklists;

public sealed class SiteEvidenceTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>, IAsyncDisposable
{
    private readonly CallRecordLedger _ledger = new(database.Data, TimeProvider.System, NullLogger<CallRecordLedger>.Instance);
    private readonly SiteEvidence _evidence = new(database.Data);
    private readonly string _site = SampleSites.NewId();

    private static CancellationToken Ct => MigratedDatabase.Ct;

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    [Fact]
    public async Task Arrivals_count_what_was_pushed_and_what_had_to_be_fetched()
    {
        _ = await _ledger.AppendAsync(
            [
                Inbound(_site, 0) with { SeenAt = Noon.AddSeconds(55) },
                Inbound(_site, 1) with { SeenAt = Noon.AddMinutes(1).AddSeconds(53) },
                Inbound(_site, 2) with { SeenAt = Noon.AddMinutes(2).AddSeconds(40) },
                Inbound(_site, 3, source: RecordedSource.CatchUp),
                Inbound(_site, 4, source: RecordedSource.Import),
                Inbound(_site, -600),
            ],
            Ct);

        var arrivals = await _evidence.ArrivalsAsync(_site, Noon, Ct);

        (arrivals.Records, arrivals.Pushed, arrivals.CaughtUp).Should().Be((4, 3, 1), "an import is nobody's failure");
        arrivals.LastPushedAt.Should().Be(Noon.AddMinutes(2).AddSeconds(40));
        arrivals.MedianDelay.Should().Be(TimeSpan.FromSeconds(3), "of 0, 3 and 5 s after calls of 50 s");
        arrivals.LongDelay.Should().Be(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_site_without_records_has_no_delays()
    {
        (await _evidence.ArrivalsAsync(_site, Noon, Ct)).Should().Be(new SiteArrivals(0, 0, 0, LastPushedAt: null, MedianDelay: null, LongDelay: null));
        (await _evidence.RecordingsAsync(_site, Noon, Noon, Ct)).Should().Be(new SiteRecordings(0, 0, 0, 0, Reason: null));
        (await _evidence.NewestRecordingAsync(_site, Ct)).Should().BeNull();
        (await _evidence.RegisteredAtAsync(_site, Ct)).Should().BeNull();
    }

    [Fact]
    public async Task Recordings_that_should_be_there_by_now_wait()
    {
        _ = await _ledger.AppendAsync([Inbound(_site, 0), Inbound(_site, 1), Inbound(_site, 2)], Ct);
        _ = await new RecordingCatalogue(database.Data).ReadyAsync(RecordingId.Of(_site, "0.wav"), new FetchedRecording(1, new byte[32], "audio/wav", 1), Noon, Ct);
        _ = await database.SqlAsync($"UPDATE pbx.recording SET reason = 'siteDown' WHERE site_id = '{_site}' AND name <> '0.wav'");
        var named = (await new RecordingCatalogue(database.Data).ListByNamesAsync(_site, ["0.wav", "1.wav", "2.wav"], Ct)).OrderBy(recording => recording.FirstNamedAt).ToList();

        var recordings = await _evidence.RecordingsAsync(_site, named[0].FirstNamedAt, named[^1].FirstNamedAt, Ct);

        recordings.Should().Be(new SiteRecordings(3, 1, 2, 0, "siteDown"));
        (await _evidence.RecordingsAsync(_site, named[0].FirstNamedAt, named[0].FirstNamedAt.AddTicks(-10), Ct)).Waiting.Should().Be(0, "they may still be on their way");
        (await _evidence.NewestRecordingAsync(_site, Ct)).Should().Be("2.wav");
    }

    [Fact]
    public async Task A_serial_number_names_the_other_sites_that_have_it()
    {
        var registry = new SiteRegistry(database.Data);
        var other = SampleSites.NewId();
        foreach (var id in new[] { _site, other })
        {
            _ = await registry.SaveAsync(SampleSites.Plain(id), SiteSaveMode.Create, Ct);
            await registry.RecordDeviceAsync(id, "2.0.0", "30.13.0.30", id == other ? "ABC123" : "abc123", Ct);
        }

        (await _evidence.SitesWithSerialNumberAsync("Abc123", except: _site, Ct)).Should().Equal(other);
        (await _evidence.SitesWithSerialNumberAsync("nobody's", except: _site, Ct)).Should().BeEmpty();
        (await _evidence.RegisteredAtAsync(_site, Ct)).Should().NotBeNull();
    }
}
