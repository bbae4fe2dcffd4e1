using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using PbxGrains.Contracts.Recordings;
using PbxGrains.Contracts.Sites;
using PbxGrains.Grains.Recordings;
using PbxGrains.Grains.Tests.Recordings;
using PbxGrains.Simulator;
using PbxGrains.Storage.Recordings;
using PbxGrains.Testing;

namespace PbxGrains.Grains.Tests.Cluster;

/// <summary>From the call whose record names a recording to the file in the vault.</summary>
public sealed class RecordingTests
{
    private const string Site = "paris";

    [Theory]
    [InlineData(FleetOptions.NewFirmware)]
    [InlineData(FleetOptions.OldFirmware)]
    public async Task A_recording_comes_into_the_vault_after_its_call(string firmware)
    {
        await using var lab = await OnlineAsync(firmware: firmware);

        var named = await CallAsync(lab);
        var ready = await StateAsync(lab, named, RecordingState.Ready);

        var file = await FileAsync(lab, ready);
        file.AsSpan().StartsWith("RIFF"u8).Should().BeTrue();
        (ready.Bytes, ready.ContentType, ready.DurationSeconds).Should().Be((file.Length, "audio/wav", 5.0));
        ready.Sha256.Should().Equal(SHA256.HashData(file));
        (ready.Name, ready.Reason, ready.NextTryAt).Should().Be((named.Name, null, null));
    }

    [Theory]
    [InlineData(FleetOptions.NewFirmware)]
    [InlineData(FleetOptions.OldFirmware)]
    public async Task A_recording_that_is_not_saved_yet_is_asked_for_again(string firmware)
    {
        await using var lab = await OnlineAsync(firmware: firmware);
        lab.Fleet.Pbxs[0].Faults.RecordingsLate = TimeSpan.FromMinutes(3);

        var named = await CallAsync(lab);
        await lab.PassUntilAsync(async () => await FindAsync(lab, named) is { Refusals: >= 2, State: RecordingState.Pending, Reason: RecordingReason.NotYetSaved }, "the PBX says not yet", TimeSpan.FromSeconds(1));
        var ready = await StateAsync(lab, named, RecordingState.Ready);

        (ready.FetchedAt - named.FirstNamedAt).Should().BeGreaterThan(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task A_recording_that_was_deleted_long_ago_is_absent_after_a_few_tries()
    {
        await using var lab = await SiteLab.StartAsync();
        var pbx = lab.Fleet.Pbxs[0];
        pbx.Faults.Recordings = RecordingFault.Deleted;
        await TalkAsync(lab);
        lab.Clock.Advance(TimeSpan.FromHours(23));
        await OnlineAsync(lab, "paris");
        var named = await NamedAsync(lab);

        var absent = await TriedUntilAsync(lab, named, RecordingState.Absent);

        (absent.Reason, absent.NextTryAt).Should().Be((RecordingReason.DeletedOnPbx, null));
        absent.Refusals.Should().BeInRange(RecordingSetbacks.RefusalsOfOld, RecordingSetbacks.RefusalsOfRecent);
        absent.Detail.Should().Contain("20014");
    }

    [Fact]
    public async Task A_PBX_that_does_not_hand_out_recordings_is_asked_rarely_and_shows_a_warning()
    {
        await using var lab = await OnlineAsync();
        var pbx = lab.Fleet.Pbxs[0];
        pbx.Faults.RevokedEndpoints = ["recording/"];

        var named = await CallAsync(lab);
        var absent = await StateAsync(lab, named, RecordingState.Absent);
        absent.Reason.Should().Be(RecordingReason.PermissionMissing);
        absent.NextTryAt.Should().BeAfter(lab.Clock.GetUtcNow().AddHours(5));
        (await lab.Site(Site).GetStatus()).Warnings.Should().Contain(warning => warning.Code == RecordingTry.NotPermitted);

        pbx.Faults.RevokedEndpoints = [];
        _ = await TriedUntilAsync(lab, named, RecordingState.Ready);
        (await lab.Site(Site).GetStatus()).Warnings.Should().NotContain(warning => warning.Code == RecordingTry.NotPermitted);
    }

    [Fact]
    public async Task While_the_site_is_down_its_recordings_wait_and_say_so()
    {
        await using var lab = await OnlineAsync();
        var pbx = lab.Fleet.Pbxs[0];
        pbx.Faults.RecordingsLate = TimeSpan.FromSeconds(30);
        var named = await CallAsync(lab);

        pbx.Faults.Down = true;
        await lab.PassUntilAsync(async () => await FindAsync(lab, named) is { State: RecordingState.Pending, Reason: RecordingReason.SiteDown }, "the recording says that the site is down", TimeSpan.FromSeconds(5));

        pbx.Faults.Down = false;
        _ = await StateAsync(lab, named, RecordingState.Ready, TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData(RecordingFault.Page)]
    [InlineData(RecordingFault.Empty)]
    [InlineData(RecordingFault.Truncated)]
    [InlineData(RecordingFault.Cut)]
    public async Task What_is_no_whole_recording_is_not_kept(RecordingFault fault)
    {
        await using var lab = await OnlineAsync();
        lab.Fleet.Pbxs[0].Faults.Recordings = fault;

        var named = await CallAsync(lab);
        await lab.PassUntilAsync(async () => await FindAsync(lab, named) is { Tries: >= 2, State: RecordingState.Pending, Reason: RecordingReason.Damaged or RecordingReason.SiteDown }, "the file is refused", TimeSpan.FromSeconds(1));
        (await lab.Service<IRecordingVault>().OpenAsync(named.RecordingId, 0, CancellationToken.None)).Should().BeNull();

        lab.Fleet.Pbxs[0].Faults.Recordings = RecordingFault.None;
        _ = await StateAsync(lab, named, RecordingState.Ready, TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData(RecordingFormat.Gsm, "audio/vnd.wave; codec=31")]
    [InlineData(RecordingFormat.Yswav, "audio/x-yswav")]
    public async Task Each_format_has_its_media_type(RecordingFormat format, string type)
    {
        await using var lab = await OnlineAsync();
        lab.Fleet.Pbxs[0].Faults.RecordingFormat = format;

        var ready = await StateAsync(lab, await CallAsync(lab), RecordingState.Ready);

        ready.ContentType.Should().Be(type);
    }

    [Fact]
    public async Task While_the_vault_is_full_recordings_wait_and_nothing_else_suffers()
    {
        var vault = new SwitchableVault { Fault = VaultFault.Full };
        await using var lab = await OnlineAsync(vault: vault);

        var named = await CallAsync(lab);
        await lab.PassUntilAsync(async () => await FindAsync(lab, named) is { State: RecordingState.Pending, Reason: RecordingReason.VaultUnavailable }, "the recording waits", TimeSpan.FromSeconds(1));
        var status = await lab.Site(Site).GetStatus();
        status.Health.Should().Be(SiteHealth.Online);
        status.Warnings.Should().Contain(warning => warning.Code == RecordingTry.VaultWarning);
        await lab.PassUntilAsync(async () => (await lab.Site(Site).GetStatus()).PollRounds > status.PollRounds + 2, "polls go on", TimeSpan.FromSeconds(1));
        var second = await CallAsync(lab, calls: 2);

        vault.Fault = null;
        _ = await StateAsync(lab, named, RecordingState.Ready, TimeSpan.FromSeconds(2));
        _ = await StateAsync(lab, second, RecordingState.Ready, TimeSpan.FromSeconds(2));
        (await lab.Site(Site).GetStatus()).Warnings.Should().NotContain(warning => warning.Code == RecordingTry.VaultWarning);
    }

    [Fact]
    public async Task A_long_download_keeps_no_poll_waiting_and_no_second_one_beside_it()
    {
        var vault = new SwitchableVault { Held = new TaskCompletionSource() };
        await using var lab = await OnlineAsync(vault: vault);
        var first = await CallAsync(lab);
        await lab.PassUntilAsync(() => Task.FromResult(vault.Puts == 1), "a download is under way", TimeSpan.FromSeconds(1));
        var rounds = (await lab.Site(Site).GetStatus()).PollRounds;

        var second = await CallAsync(lab, calls: 2);
        var listener = lab.Site(Site).FetchRecording(second.RecordingId);
        await lab.PassUntilAsync(async () => (await lab.Site(Site).GetStatus()).PollRounds > rounds + 5, "polls go on", TimeSpan.FromSeconds(1));
        await lab.PassUntilAsync(() => Task.FromResult(listener.IsCompleted), "the listener is told to come back", TimeSpan.FromSeconds(1));
        (await listener).State.Should().Be(RecordingFetchState.Pending);
        vault.Puts.Should().Be(1);

        vault.Held.SetResult();
        _ = await StateAsync(lab, first, RecordingState.Ready);
        _ = await StateAsync(lab, second, RecordingState.Ready);
    }

    [Fact]
    public async Task Listeners_get_it_at_once_and_share_one_download()
    {
        await using var lab = await OnlineAsync();
        var pbx = lab.Fleet.Pbxs[0];
        pbx.Faults.RecordingsLate = TimeSpan.FromHours(12);
        var named = await CallAsync(lab);

        // None is under way, which the listeners would share.
        await lab.PassUntilAsync(
            async () => await FindAsync(lab, named) is { Refusals: >= 2 } row && !IsUnderWay(lab, row) && row.NextTryAt > lab.Clock.GetUtcNow().AddSeconds(20),
            "the next try is a while away",
            TimeSpan.FromSeconds(1));
        pbx.Faults.RecordingsLate = TimeSpan.Zero;

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => lab.Site(Site).FetchRecording(named.RecordingId)));

        answers.Should().OnlyContain(answer => answer.State == RecordingFetchState.Ready);
        pbx.Counters.Requests.Where(request => request.Key.EndsWith("recording/download", StringComparison.Ordinal)).Sum(request => request.Value).Should().Be(1);
        (await lab.Site(Site).FetchRecording(RecordingId.Of(Site, "nobody named this.wav"))).State.Should().Be(RecordingFetchState.Unknown);
    }

    [Fact]
    public async Task What_a_killed_process_left_in_the_vault_is_found_there_though_the_PBX_lost_it()
    {
        await using var lab = await OnlineAsync();
        lab.Fleet.Pbxs[0].Faults.Recordings = RecordingFault.Deleted;
        var named = await CallAsync(lab);
        await lab.PassUntilAsync(async () => await FindAsync(lab, named) is { Tries: >= 1, State: RecordingState.Pending, Reason: not null }, "it was tried", TimeSpan.FromSeconds(1));
        using var left = new MemoryStream(SampleAudio.Wav(bytesOfSound: 800));
        var receipt = await lab.Service<IRecordingVault>().PutAsync(named.RecordingId, left, CancellationToken.None);

        var ready = await StateAsync(lab, named, RecordingState.Ready, TimeSpan.FromSeconds(2));

        (ready.Bytes, ready.ContentType).Should().Be((receipt.Bytes, "audio/wav"));
        ready.Sha256.Should().Equal(receipt.Sha256);
    }

    private static async Task<SiteLab> OnlineAsync(string firmware = FleetOptions.NewFirmware, SwitchableVault? vault = null)
    {
        var lab = await SiteLab.StartAsync(
            new FleetOptions { Sites = 1, Extensions = 5, Firmware = firmware },
            vault is null ? null : silo => silo.Services.AddSingleton<IRecordingVault>(vault));
        await OnlineAsync(lab, Site);
        return lab;
    }

    private static async Task OnlineAsync(SiteLab lab, string id)
    {
        _ = await lab.RegisterAsync(id, lab.Fleet.Pbxs[0]);
        _ = await lab.StatusAsync(id, s => s.Health == SiteHealth.Online, "the site comes online");
    }

    /// <summary>A recorded call from its start until its record is in the ledger.</summary>
    private static async Task<RecordingRow> CallAsync(SiteLab lab, int calls = 1)
    {
        await TalkAsync(lab, calls);
        return await NamedAsync(lab, calls);
    }

    private static async Task TalkAsync(SiteLab lab, int calls = 1)
    {
        var pbx = lab.Fleet.Pbxs[0];
        _ = await pbx.PlaceInboundCallAsync("0612345678", "1001", new CallPlan { Ring = TimeSpan.FromSeconds(1), Talk = TimeSpan.FromSeconds(5), Recorded = true });
        await lab.PassUntilAsync(() => Task.FromResult(pbx.Cdrs.Count >= calls), "the call ends", TimeSpan.FromSeconds(1));
    }

    private static async Task<RecordingRow> NamedAsync(SiteLab lab, int calls = 1)
    {
        RecordingRow? row = null;
        var name = lab.Fleet.Pbxs[0].Cdrs[calls - 1].Recording;
        await lab.PassUntilAsync(
            async () => (row = (await lab.Service<RecordingCatalogue>().ListByNamesAsync(Site, [name], CancellationToken.None)).SingleOrDefault()) is not null,
            "the record is in the ledger");
        return row!;
    }

    private static async Task<RecordingRow> StateAsync(SiteLab lab, RecordingRow named, string state, TimeSpan? step = null)
    {
        RecordingRow? row = null;
        await lab.PassUntilAsync(async () => (row = await FindAsync(lab, named))!.State == state, $"the recording is {state}", step ?? TimeSpan.FromMilliseconds(500));
        return row!;
    }

    /// <summary>From try to try: the clock jumps while none is under way, and runs slowly while one is.</summary>
    private static async Task<RecordingRow> TriedUntilAsync(SiteLab lab, RecordingRow named, string state)
    {
        var slowly = TimeSpan.FromMilliseconds(500);
        RecordingRow? row = null;
        _ = await Eventually.Holds(
            async () =>
            {
                row = await FindAsync(lab, named);
                var pause = row!.NextTryAt - lab.Clock.GetUtcNow() ?? TimeSpan.Zero;
                lab.Clock.Advance(IsUnderWay(lab, row) || pause < slowly ? slowly : pause);
                return row.State == state;
            },
            $"the recording is {state}");
        return row!;
    }

    /// <summary>A try says when it counts as over; no pause between tries is about as long.</summary>
    private static bool IsUnderWay(SiteLab lab, RecordingRow row) =>
        row.NextTryAt - lab.Clock.GetUtcNow() is { } left && left <= RecordingSetbacks.LongestTry && left > RecordingSetbacks.LongestTry - TimeSpan.FromMinutes(5);

    private static Task<RecordingRow?> FindAsync(SiteLab lab, RecordingRow named) => lab.Service<RecordingCatalogue>().FindAsync(named.RecordingId, CancellationToken.None);

    private static async Task<byte[]> FileAsync(SiteLab lab, RecordingRow row)
    {
        await using var stream = await lab.Service<IRecordingVault>().OpenAsync(row.RecordingId, 0, CancellationToken.None);
        using var bytes = new MemoryStream();
        await stream!.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
