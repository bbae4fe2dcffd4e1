using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PbxGrains.Grains.Cdrs;
using PbxGrains.Grains.Recordings;
using PbxGrains.Grains.Tests.Recordings;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Recordings;

namespace PbxGrains.Grains.Tests.Cluster;

/// <summary>How recordings go when their time is over; on the real ledger, without any PBX.</summary>
public sealed class RecordingRetentionTests : IAsyncLifetime
{
    // Not the lab's: years would wake each of its timers a million times.
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
    private readonly SwitchableVault _vault = new();
    private SiteLab _lab = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private RecordingCatalogue Catalogue => _lab.Service<RecordingCatalogue>();

    public async ValueTask InitializeAsync() => _lab = await SiteLab.StartAsync(silo: silo =>
    {
        silo.Services.AddSingleton<IRecordingVault>(_vault);

        // They work when the clock passes hours, too, and what one has in hand the other passes over.
        foreach (var upkeep in silo.Services.Where(s => s.ImplementationType == typeof(RecordingUpkeep) || s.ImplementationType == typeof(LedgerUpkeep)).ToList())
        {
            silo.Services.Remove(upkeep);
        }
    });

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task After_half_a_year_the_file_goes_and_a_tombstone_with_its_hash_stays()
    {
        var (id, receipt) = await KeptAsync("a.wav");
        await PassDaysAsync(179);
        (await Catalogue.FindAsync(id, Ct))!.State.Should().Be(RecordingState.Ready);

        await PassDaysAsync(2);

        var tombstone = (await Catalogue.FindAsync(id, Ct))!;
        (tombstone.State, tombstone.Name, tombstone.Reason, tombstone.Bytes).Should().Be((RecordingState.Expired, null, null, receipt.Bytes));
        tombstone.Sha256.Should().Equal(receipt.Sha256);
        _vault.Files.Should().BeEmpty();
        _ = await AppendAsync("a.wav");
        (await Catalogue.FindAsync(id, Ct))!.State.Should().Be(RecordingState.Expired);
    }

    [Fact]
    public async Task A_site_may_keep_its_recordings_shorter()
    {
        var (id, _) = await KeptAsync("a.wav");
        await _lab.Service<CallRecordRetention>().SetAsync("paris", new CallRecordKeeping(null, null, null, RecordingDays: 5), Ct);

        await PassDaysAsync(6);

        (await Catalogue.FindAsync(id, Ct))!.State.Should().Be(RecordingState.Expired);
    }

    [Fact]
    public async Task A_vault_that_fails_while_files_are_removed_loses_no_file_out_of_sight()
    {
        var (id, _) = await KeptAsync("a.wav");
        _vault.Fault = VaultFault.Unreachable;
        await FluentActions.Awaiting(() => PassDaysAsync(181)).Should().ThrowAsync<VaultUnavailableException>();
        (await Catalogue.FindAsync(id, Ct))!.State.Should().Be(RecordingState.Expired);
        _vault.Files.Should().Equal(id);

        _vault.Fault = null;
        await ApplyAsync();

        _vault.Files.Should().BeEmpty();
    }

    [Fact]
    public async Task A_file_that_comes_when_the_time_is_over_is_removed_again()
    {
        var (id, _) = await KeptAsync("a.wav");
        await PassDaysAsync(181);
        var late = await PutAsync(id);

        (await Catalogue.ReadyAsync(id, late, _clock.GetUtcNow(), Ct)).Should().BeFalse();
        await ApplyAsync();
        _vault.Files.Should().BeEmpty();

        // The same, but the process ended before it could say so.
        _ = await PutAsync(id);
        await ApplyAsync();
        _vault.Files.Should().BeEmpty();
    }

    [Fact]
    public async Task A_file_of_which_nothing_is_known_is_left_alone()
    {
        _ = await PutAsync(RecordingId.Of("elsewhere", "x.wav"));

        await ApplyAsync();

        _vault.Files.Should().HaveCount(1);
    }

    [Fact]
    public async Task When_records_lose_their_numbers_recordings_lose_their_names()
    {
        var (kept, _) = await KeptAsync("20260302-0612345678.wav");
        _ = await AppendAsync("never-fetched-0612345678.wav");
        await _lab.Service<CallRecordRetention>().SetAsync("paris", new CallRecordKeeping(null, null, AnonymiseAfterDays: 10), Ct);

        await PassDaysAsync(11);
        _ = await _lab.Service<CallRecordRetention>().ApplyAsync(_clock.GetUtcNow(), Ct);
        _ = await AppendAsync("20260302-0612345678.wav");

        var row = (await Catalogue.FindAsync(kept, Ct))!;
        (row.State, row.Name).Should().Be((RecordingState.Ready, null));
        _vault.Files.Should().Equal(kept);
        var pending = (await Catalogue.FindAsync(RecordingId.Of("paris", "never-fetched-0612345678.wav"), Ct))!;
        (pending.State, pending.Name, pending.Reason, pending.NextTryAt).Should().Be((RecordingState.Absent, null, RecordingReason.NeverFetched, null));
    }

    [Fact]
    public async Task Tombstones_and_listenings_go_with_the_records()
    {
        var (id, _) = await KeptAsync("a.wav");
        _ = await _lab.Service<RecordingListenings>().BeginAsync(new ListeningRow(0, id, "key", null, "10.0.0.1", _clock.GetUtcNow(), null, null), Ct);
        await PassDaysAsync(181);
        await PassDaysAsync(900);
        (await Catalogue.FindAsync(id, Ct)).Should().NotBeNull();

        await PassDaysAsync(20);

        (await Catalogue.FindAsync(id, Ct)).Should().BeNull();
        (await _lab.Service<RecordingListenings>().ListAsync(id, after: null, 10, Ct)).Should().BeEmpty();
    }

    private async Task<(string Id, FetchedRecording File)> KeptAsync(string name)
    {
        _ = await AppendAsync(name);
        var id = RecordingId.Of("paris", name);
        var file = await PutAsync(id);
        (await Catalogue.ReadyAsync(id, file, _clock.GetUtcNow(), Ct)).Should().BeTrue();
        return (id, file);
    }

    private async Task<FetchedRecording> PutAsync(string id)
    {
        using var content = new MemoryStream(SampleAudio.Wav(100));
        var receipt = await _vault.PutAsync(id, content, Ct);
        return new FetchedRecording(receipt.Bytes, receipt.Sha256, "audio/wav", null);
    }

    private Task<LedgerOutcome> AppendAsync(string name) => _lab.Service<CallRecordLedger>().AppendAsync(
        new CallRecordRow
        {
            SiteId = "paris",
            CallId = "1.1",
            Identity = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)),
            StartWallClock = new DateTime(2026, 3, 2, 10, 0, 0),
            StartedAt = new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero),
            Recording = name,
            Source = RecordedSource.Push,
            SeenAt = _clock.GetUtcNow(),
        },
        Ct);

    private Task PassDaysAsync(int days)
    {
        _clock.Advance(TimeSpan.FromDays(days));
        return ApplyAsync();
    }

    private Task ApplyAsync() =>
        new RecordingUpkeep(_lab.Service<RecordingRetention>(), _clock, NullLogger<RecordingUpkeep>.Instance, _vault).ApplyAsync(compare: true, Ct);
}
