using Microsoft.Extensions.Logging.Abstractions;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Tests.Sites;
using static PbxGrains.Storage.Tests.Cdrs.SampleRecords;

namespace PbxGrains.Storage.Tests.Cdrs;

public sealed class CallRecordLedgerTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>, IAsyncDisposable
{
    private readonly CallRecordLedger _ledger = new(database.Data, TimeProvider.System, NullLogger<CallRecordLedger>.Instance);
    private readonly CallRecordReader _reader = new(database.Data);
    private readonly string _site = SampleSites.NewId();

    private static CancellationToken Ct => MigratedDatabase.Ct;

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    [Fact]
    public async Task A_record_is_read_as_it_was_appended()
    {
        var record = Inbound(_site) with { RingSeconds = 8, DestinationTrunk = "out", AgentId = "a1", Reference = "ref", Extensions = ["4002", "1001"], CalleeE164 = "+49306200" };

        (await _ledger.AppendAsync(record, Ct)).Should().Be(LedgerOutcome.Recorded);

        var read = (await ListAsync()).Should().ContainSingle().Which;
        read.RecordId.Should().BePositive();
        read.Should().BeEquivalentTo(record with { Extensions = ["1001", "4002"], RecordId = read.RecordId, PushedAt = record.SeenAt });
        (read.FirstSource, read.FirstSeenAt, read.LastSeenAt, read.Revision).Should().Be((RecordedSource.Push, record.SeenAt, record.SeenAt, 0));
    }

    [Fact]
    public async Task A_repeated_record_changes_nothing()
    {
        _ = await _ledger.AppendAsync(Inbound(_site), Ct);

        (await _ledger.AppendAsync(Inbound(_site) with { SeenAt = Noon.AddHours(1) }, Ct)).Should().Be(LedgerOutcome.Known);

        (await ListAsync()).Should().ContainSingle().Which.Should().Match<CallRecordRow>(record => record.Revision == 0 && record.LastSeenAt == Noon.AddMinutes(1));
    }

    [Fact]
    public async Task What_catch_up_knows_better_revises_the_record_and_how_it_was_is_kept()
    {
        _ = await _ledger.AppendAsync(Inbound(_site) with { TalkSeconds = 99, RingSeconds = 5 }, Ct);

        var caughtUp = Inbound(_site, source: RecordedSource.CatchUp) with { TalkSeconds = 42, SeenAt = Noon.AddHours(1) };
        (await _ledger.AppendAsync(caughtUp, Ct)).Should().Be(LedgerOutcome.Revised);

        var record = (await ListAsync()).Should().ContainSingle().Which;
        (record.TalkSeconds, record.RingSeconds, record.Revision).Should().Be((42, 5, 1));
        (record.FirstSource, record.Source, record.PushedAt, record.CaughtUpAt).Should().Be((RecordedSource.Push, RecordedSource.CatchUp, Noon.AddMinutes(1), Noon.AddHours(1)));
        (await database.SqlAsync($"SELECT format('%s %s %s', revision, source, before->>'talkSeconds') FROM pbx.call_record_revision WHERE record_id = {record.RecordId}"))
            .Should().Be("1 catchUp 99");
    }

    [Fact]
    public async Task Versions_of_one_record_in_one_batch_become_one_record_with_its_history()
    {
        CallRecordRow[] told =
        [
            Inbound(_site) with { TalkSeconds = 1 },
            Inbound(_site, minute: 1),
            Inbound(_site) with { TalkSeconds = 1 },
            Inbound(_site, source: RecordedSource.CatchUp) with { TalkSeconds = 2 },
            Inbound(_site) with { TalkSeconds = 3 },
        ];

        var outcomes = await new CallRecordWriter(database.Data, TimeProvider.System).WriteAsync([.. told.Select(CallRecordMerge.Canonical)], told: [], Ct);

        outcomes.Should().Equal(LedgerOutcome.Recorded, LedgerOutcome.Recorded, LedgerOutcome.Known, LedgerOutcome.Revised, LedgerOutcome.Known);
        (await ListAsync()).Select(record => (record.TalkSeconds, record.Revision)).Should().Equal((42, 0), (2, 1));
    }

    [Fact]
    public async Task A_record_of_a_call_that_was_dialled_here_says_for_whom()
    {
        _ = await database.SqlAsync($"""
            INSERT INTO pbx.originate (originate_id, site_id, extension, destination, request_hash, state, call_id, agent_id, reference, created_at)
            VALUES (gen_random_uuid(), '{_site}', '4002', '6200', '', 'accepted', '7.1', 'earlier', 'r0', '2026-07-01 10:00Z'),
                (gen_random_uuid(), '{_site}', '4002', '6200', '', 'accepted', '7.1', 'jana', 'r1', '2026-07-01 11:00Z'),
                (gen_random_uuid(), 'another-site', '4002', '6200', '', 'accepted', '7.2', 'tom', 'r2', '2026-07-01 11:00Z')
            """);

        _ = await _ledger.AppendAsync([Inbound(_site, callId: "7.1"), Inbound(_site, minute: 1, callId: "7.2"), Inbound(_site, minute: 2, callId: "7.1") with { AgentId = "own" }], Ct);

        (await ListAsync()).OrderBy(record => record.StartedAt).Select(record => (record.AgentId, record.Reference))
            .Should().Equal(("jana", "r1"), (null, null), ("own", "r1"));
    }

    [Fact]
    public async Task A_record_the_database_refuses_fails_alone()
    {
        var bad = Inbound(_site, minute: 1) with { TalkSeconds = -1 };

        var appends = Task.WhenAll(
            _ledger.AppendAsync(Inbound(_site), Ct),
            _ledger.AppendAsync(Inbound(_site, minute: 2), Ct));
        var refusal = await FluentActions.Awaiting(() => _ledger.AppendAsync([Inbound(_site, minute: 3), bad, Inbound(_site, minute: 4)], Ct)).Should().ThrowAsync<CallRecordRejectedException>();

        refusal.Which.Message.Should().Contain("call_record_seconds_are_not_negative").And.NotContain("0301234567");
        (await appends).Should().AllBeEquivalentTo(LedgerOutcome.Recorded);
        (await ListAsync()).Select(record => record.StartedAt).Should().Equal(Noon.AddMinutes(4), Noon.AddMinutes(3), Noon.AddMinutes(2), Noon);
    }

    private Task<IReadOnlyList<CallRecordRow>> ListAsync() => _reader.ListAsync(new CallRecordFilter { SiteIds = [_site] }, after: null, 100, Ct);
}
