using Microsoft.Extensions.Logging.Abstractions;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Tests.Sites;
using static PbxGrains.Storage.Tests.Cdrs.SampleRecords;

namespace PbxGrains.Storage.Tests.Cdrs;

public sealed class CallRecordEventTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>, IAsyncDisposable
{
    private readonly CallRecordLedger _ledger = new(database.Data, TimeProvider.System, NullLogger<CallRecordLedger>.Instance);
    private readonly CallRecordReader _reader = new(database.Data);
    private readonly string _site = SampleSites.NewId();

    private static CancellationToken Ct => MigratedDatabase.Ct;

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    [Fact]
    public async Task A_new_record_is_told_once_however_often_it_comes()
    {
        var record = Inbound(_site) with { AgentId = "jana" };

        _ = await _ledger.AppendAsync([record, record], Ct);
        _ = await _ledger.AppendAsync(record, Ct);

        var recordId = (await _reader.FindByCallAsync(_site, record.CallId, Ct)).Should().ContainSingle().Which.RecordId;
        (await ToldAsync("format('%s %s %s %s %s', type, subject, call_id, agent_id, extensions)"))
            .Should().Be($"pbx.cdr.recorded cdrs/{recordId} {record.CallId} jana {{4002}}");
        (await ToldAsync("format('%s %s %s %s', data->'record'->>'recordId', data->'record'->>'talkSeconds', data->'record'->'recording'->>'name', data->'record'->>'source')"))
            .Should().Be($"{recordId} 42 0.wav push");
        (await ToldAsync("(data->'record' ? 'ringSeconds')::text || (data->'record' ? 'raw')::text")).Should().Be("truefalse");
    }

    [Fact]
    public async Task A_record_that_says_something_else_now_is_told_as_revised()
    {
        _ = await _ledger.AppendAsync(Inbound(_site) with { TalkSeconds = 99 }, Ct);

        _ = await _ledger.AppendAsync(Inbound(_site, source: RecordedSource.CatchUp), Ct);

        (await ToldAsync("format('%s %s %s', type, data->'record'->>'talkSeconds', data->'record'->>'revision')"))
            .Should().Be("pbx.cdr.recorded 99 0|pbx.cdr.revised 42 1");
    }

    [Fact]
    public async Task Versions_of_one_record_in_one_commit_are_told_step_by_step()
    {
        _ = await _ledger.AppendAsync([Inbound(_site) with { TalkSeconds = 99 }, Inbound(_site, source: RecordedSource.CatchUp)], Ct);

        (await ToldAsync("format('%s %s', type, data->'record'->>'talkSeconds')")).Should().Be("pbx.cdr.recorded 99|pbx.cdr.revised 42");
    }

    [Fact]
    public async Task An_import_of_history_is_no_news()
    {
        _ = await _ledger.AppendAsync(Inbound(_site) with { TalkSeconds = 99 }, Ct);
        _ = await _ledger.AppendAsync([Inbound(_site, minute: 1, source: RecordedSource.Import), Inbound(_site, source: RecordedSource.Import)], Ct);

        (await _reader.FindByCallAsync(_site, "1782900000.1", Ct)).Should().ContainSingle();
        (await ToldAsync("type")).Should().Be("pbx.cdr.recorded");
    }

    private async Task<object?> ToldAsync(string what) =>
        await database.SqlAsync($"SELECT string_agg({what}, '|' ORDER BY position) FROM pbx.event WHERE site_id = '{_site}'");
}
