using Microsoft.Extensions.Logging.Abstractions;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Recordings;
using PbxGrains.Storage.Tests.Sites;
using static PbxGrains.Storage.Tests.Cdrs.SampleRecords;

namespace PbxGrains.Storage.Tests.Recordings;

public sealed class RecordingEventTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>, IAsyncLifetime
{
    private static readonly RecordingSetback NotYet = new(RecordingState.Pending, RecordingReason.NotYetSaved, "Not yet.", Noon.AddHours(1), Refused: true);
    private static readonly RecordingSetback Deleted = new(RecordingState.Absent, RecordingReason.DeletedOnPbx, "Gone.", NextTryAt: null, Refused: true);

    private readonly string _site = SampleSites.NewId();
    private readonly RecordingCatalogue _catalogue = new(database.Data);
    private readonly RecordingRetention _retention = new(database.Data);
    private CallRecordLedger _ledger = null!;

    private static CancellationToken Ct => MigratedDatabase.Ct;

    private string Id => RecordingId.Of(_site, "0.wav");

    public async ValueTask InitializeAsync()
    {
        _ledger = new CallRecordLedger(database.Data, TimeProvider.System, NullLogger<CallRecordLedger>.Instance);
        _ = await _ledger.AppendAsync(Inbound(_site), Ct);
        (await _catalogue.BeginAsync(Id, Noon.AddMinutes(5), Noon.AddHours(1), Ct)).Should().BeTrue();
    }

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    [Fact]
    public async Task A_recording_in_the_vault_is_told_as_ready_and_its_end_as_expired()
    {
        (await _catalogue.ReadyAsync(Id, new FetchedRecording(44, new byte[32], "audio/wav", 3.5), Noon.AddMinutes(6), Ct)).Should().BeTrue();
        (await _retention.ExpireAsync(Noon.AddDays(200), Ct)).Should().BePositive();

        (await ToldAsync("format('%s %s %s %s %s', type, subject, call_id, data->>'callId', data->'recording'->>'state')"))
            .Should().Be($"pbx.recording.ready recordings/{Id} 1782900000.0 1782900000.0 ready|pbx.recording.expired recordings/{Id} 1782900000.0 1782900000.0 expired");
        (await ToldAsync("data->'recording'->>'url'")).Should().Be($"/api/pbx/recordings/{Id}|/api/pbx/recordings/{Id}");
    }

    [Fact]
    public async Task A_recording_that_will_not_come_is_told_once_and_a_delay_never()
    {
        await _catalogue.SetBackAsync(Id, NotYet, Ct);
        await _catalogue.SetBackAsync(Id, Deleted, Ct);
        await _catalogue.SetBackAsync(Id, Deleted, Ct);

        (await ToldAsync("format('%s %s', type, data->'recording'->>'reason')")).Should().Be("pbx.recording.absent deletedOnPbx");
    }

    [Fact]
    public async Task What_holds_all_up_is_told_of_each_that_will_not_come_for_it()
    {
        await _catalogue.HoldUpAsync(_site, Deleted with { Reason = RecordingReason.PermissionMissing, NextTryAt = Noon.AddDays(1), Refused = false }, Noon.AddHours(2), Ct);

        (await ToldAsync("format('%s %s', type, data->'recording'->>'reason')")).Should().Be("pbx.recording.absent permissionMissing");
    }

    [Fact]
    public async Task It_is_told_for_whom_the_call_was()
    {
        await database.SqlAsync($"UPDATE pbx.call_record SET agent_id = 'jana' WHERE site_id = '{_site}'");
        _ = await _catalogue.ReadyAsync(Id, new FetchedRecording(44, new byte[32], "audio/wav", 3.5), Noon.AddMinutes(6), Ct);
        _ = await _retention.ExpireAsync(Noon.AddDays(200), Ct);

        var extensions = await database.SqlAsync($"SELECT array_to_string(extensions, ' ') FROM pbx.call_record WHERE site_id = '{_site}'");
        (await ToldAsync("format('%s %s', agent_id, array_to_string(extensions, ' '))")).Should().Be($"jana {extensions}|jana {extensions}");
    }

    private async Task<object?> ToldAsync(string what) =>
        await database.SqlAsync($"SELECT string_agg({what}, '|' ORDER BY position) FROM pbx.event WHERE site_id = '{_site}' AND type LIKE 'pbx.recording.%'");
}
