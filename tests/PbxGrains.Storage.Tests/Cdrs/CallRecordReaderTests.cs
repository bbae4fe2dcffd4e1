using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Tests.Sites;
using static PbxGrains.Storage.Tests.Cdrs.SampleRecords;

namespace PbxGrains.Storage.Tests.Cdrs;

public sealed class CallRecordReaderTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>, IAsyncDisposable
{
    private readonly CallRecordLedger _ledger = new(database.Data, TimeProvider.System, NullLogger<CallRecordLedger>.Instance);
    private readonly CallRecordReader _reader = new(database.Data);
    private readonly string _site = SampleSites.NewId();

    private static CancellationToken Ct => MigratedDatabase.Ct;

    private CallRecordFilter Site => new() { SiteIds = [_site] };

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    [Fact]
    public async Task Pages_follow_each_other_newest_first_whatever_is_recorded_meanwhile()
    {
        // Three records a minute, so that pages end between records of the same start.
        _ = await _ledger.AppendAsync([.. Enumerable.Range(0, 30).Select(i => Named(_site, "1.1", minute: i / 3, leg: $"{i}"))], Ct);
        var whole = await _reader.ListAsync(Site, after: null, 100, Ct);

        var read = new List<CallRecordRow>();
        for (var page = await _reader.ListAsync(Site, after: null, 7, Ct); page.Count > 0; page = await _reader.ListAsync(Site, CallRecordCursor.After(read[^1]), 7, Ct))
        {
            read.AddRange(page);
            _ = await _ledger.AppendAsync(Named(_site, "2.2", minute: 100 + read.Count), Ct);
        }

        read.Select(record => record.RecordId).Should().Equal(whole.Select(record => record.RecordId)).And.HaveCount(30);
        whole.Should().BeInDescendingOrder(record => record.StartedAt);
    }

    [Fact]
    public async Task The_page_before_holds_the_nearest_newer_records()
    {
        _ = await _ledger.AppendAsync([.. Enumerable.Range(0, 9).Select(i => Named(_site, "1.1", minute: i / 3, leg: $"{i}"))], Ct);
        var whole = (await _reader.ListAsync(Site, after: null, 100, Ct)).Select(record => record.RecordId).ToList();
        var fifth = (await _reader.ListAsync(Site, after: null, 100, Ct))[5];

        (await _reader.ListNewerAsync(Site, CallRecordCursor.After(fifth), 3, Ct)).Select(record => record.RecordId).Should().Equal(whole[2..5]);
        (await _reader.ListNewerAsync(Site, CallRecordCursor.After(fifth), 100, Ct)).Select(record => record.RecordId).Should().Equal(whole[..5]);
    }

    [Fact]
    public async Task Everything_is_streamed_page_by_page_in_constant_memory()
    {
        await database.SqlAsync($"""
            INSERT INTO pbx.call_record (site_id, call_id, identity, start_wall_clock, started_at, direction, disposition, extensions, raw, pushed_at, exact_fields)
            SELECT '{_site}', i::text, sha256(('{_site}' || i)::bytea), '2026-07-01'::timestamp + i * interval '1 second', '2026-07-01Z'::timestamptz + i * interval '1 second',
                'inbound', 'answered', '{"{}"}', repeat('x', 500), now(), 0
            FROM generate_series(1, 50000) AS i
            """);

        var (count, most, first) = (0, 0L, 0L);
        await foreach (var record in _reader.StreamAsync(Site, Ct))
        {
            first = first == 0 ? record.RecordId : first;
            if (++count % 5000 == 0)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
            }
        }

        count.Should().Be(50_000);
        // All of them at once would be more than 70 MB.
        most.Should().BeLessThan(50_000_000);
    }

    [Fact]
    public async Task Filters_find_what_they_say()
    {
        var other = SampleSites.NewId();
        _ = await _ledger.AppendAsync(
            [
                Inbound(_site, minute: 0, callId: "one") with { AgentId = "agent" },
                Inbound(_site, minute: 1, callId: "two") with { Direction = RecordedDirection.Outbound, Caller = "4001", CallerE164 = null, Callee = "0309", CalleeE164 = "+49309", Extensions = ["4001"], SourceTrunk = null, DestinationTrunk = "sip", TalkSeconds = 60, Recording = null },
                Named(_site, "three", minute: 2) with { Disposition = RecordedDisposition.Busy },
                Inbound(other, minute: 3, callId: "one") with { CallerE164 = "+491" },
            ], Ct);

        (await FoundAsync(Site)).Should().Equal("three", "two", "one");
        (await FoundAsync(Site with { SiteIds = [_site, other] })).Should().Equal("one", "three", "two", "one");
        (await FoundAsync(Site with { SiteIds = [] })).Should().BeEmpty();
        (await FoundAsync(Site with { From = Noon.AddMinutes(1), To = Noon.AddMinutes(2) })).Should().Equal("two");
        (await FoundAsync(Site with { Extension = "4001" })).Should().Equal("two");
        (await FoundAsync(Site with { AgentId = "agent" })).Should().Equal("one");
        (await FoundAsync(Site with { Numbers = ["+49301234567", "0301234567"] })).Should().Equal("one");
        (await FoundAsync(Site with { Numbers = ["0309"] })).Should().Equal("two");
        (await FoundAsync(Site with { Direction = RecordedDirection.Inbound })).Should().Equal("one");
        (await FoundAsync(Site with { Disposition = RecordedDisposition.Busy })).Should().Equal("three");
        (await FoundAsync(Site with { Trunk = "sip" })).Should().Equal("two");
        (await FoundAsync(Site with { Trunk = "carrier" })).Should().Equal("one");
        (await FoundAsync(Site with { MinimumTalkSeconds = 42 })).Should().Equal("two", "one");
        (await FoundAsync(Site with { HasRecording = true })).Should().Equal("one");
        (await FoundAsync(Site with { HasRecording = false, CallId = "two" })).Should().Equal("two");
        (await FoundAsync(Site with { CallId = "\0'; DROP TABLE pbx.call_record; --" })).Should().BeEmpty();
    }

    [Fact]
    public async Task A_stream_goes_on_behind_a_record_and_stops_where_it_shall()
    {
        await database.SqlAsync($"""
            INSERT INTO pbx.call_record (site_id, call_id, identity, start_wall_clock, started_at, direction, disposition, extensions, pushed_at, exact_fields)
            SELECT '{_site}', i::text, sha256(('{_site}' || i)::bytea), '2026-07-01'::timestamp + i * interval '1 second', '2026-07-01Z'::timestamptz + i * interval '1 second',
                'inbound', 'answered', '{"{}"}', now(), 0
            FROM generate_series(1, 3000) AS i
            """);
        var first = await _reader.ListAsync(Site, after: null, 10, Ct);

        foreach (var limit in new[] { 0, 1, 999, 1000, 1001, 2000, 2990, 5000 })
        {
            var read = await _reader.StreamAsync(Site, CallRecordCursor.After(first[^1]), limit, Ct).Select(record => int.Parse(record.CallId, CultureInfo.InvariantCulture)).ToListAsync(Ct);

            read.Should().Equal(Enumerable.Range(1, 2990).Reverse().Take(limit));
        }
    }

    [Fact]
    public async Task A_record_is_found_by_its_number_with_how_it_changed()
    {
        _ = await _ledger.AppendAsync([Inbound(_site) with { TalkSeconds = 1 }, Inbound(_site, source: RecordedSource.CatchUp), Named(_site, "other", minute: 7)], Ct);
        var id = (await _reader.ListAsync(Site with { HasRecording = true }, after: null, 1, Ct)).Single().RecordId;

        var record = await _reader.FindAsync(id, Ct);
        var revision = (await _reader.ListRevisionsAsync([id, id + 1_000_000], Ct)).Single();

        record!.TalkSeconds.Should().Be(42);
        (revision.RecordId, revision.Revision, revision.Source).Should().Be((id, 1, RecordedSource.CatchUp));
        revision.Before.Should().BeEquivalentTo(
            record with { TalkSeconds = 1 }, options => options.Including(r => r.TalkSeconds).Including(r => r.Caller).Including(r => r.Extensions).Including(r => r.Raw).Including(r => r.StartedAt));
        (await _reader.FindAsync(long.MaxValue, Ct)).Should().BeNull();
    }

    [Fact]
    public async Task An_ambiguous_notation_fits_only_where_the_record_knows_no_better()
    {
        _ = await _ledger.AppendAsync(
            [
                Inbound(_site, minute: 0, callId: "known") with { Caller = "0309", CallerE164 = "+49309" },
                Inbound(_site, minute: 1, callId: "not-known") with { Caller = "0309", CallerE164 = null },
                Inbound(_site, minute: 2, callId: "otherwise") with { Caller = "0309", CallerE164 = "+43309" },
                Inbound(_site, minute: 3, callId: "called") with { Caller = "1", CallerE164 = null, Callee = "0309", CalleeE164 = null },
            ], Ct);

        (await FoundAsync(Site with { Numbers = ["+49309"], AmbiguousNumbers = ["0309"] })).Should().Equal("called", "not-known", "known");
        (await FoundAsync(Site with { Numbers = ["+49309", "0309"] })).Should().Equal("called", "otherwise", "not-known", "known");
        (await FoundAsync(Site with { Numbers = ["4002"] })).Should().HaveCount(4, "who answered is a number as well");
    }

    [Fact]
    public async Task The_records_of_a_call_are_found_oldest_first()
    {
        var call = SampleSites.NewId();
        _ = await _ledger.AppendAsync([Named(_site, call, minute: 1), Named(_site, call), Named(SampleSites.NewId(), call, minute: 2), Named(_site, call + "0")], Ct);

        (await _reader.FindByCallAsync(_site, call, Ct)).Select(record => record.StartedAt).Should().Equal(Noon, Noon.AddMinutes(1));
        (await _reader.FindByCallAsync(siteId: null, call, Ct)).Should().HaveCount(3);
    }

    [Fact]
    public async Task A_missed_call_is_listed_until_somebody_spoke_with_the_number()
    {
        var number = $"+49{Random.Shared.NextInt64(1_000_000_000, 9_999_999_999)}";
        _ = await _ledger.AppendAsync([Missed("a", 0, number), Missed("a", 0, number, leg: "2"), Missed("b", 1, number)], Ct);
        (await MissedAsync(Site)).Should().Equal("b", "a");
        (await MissedAsync(Site with { Extension = "4002" })).Should().Equal("b", "a");
        (await MissedAsync(Site with { Extension = "4009" })).Should().BeEmpty();

        // In vain, before it, inside the house, or another number: none of these makes it good.
        _ = await _ledger.AppendAsync(
            [
                CalledBack("c", 2, number) with { Disposition = RecordedDisposition.NoAnswer },
                CalledBack("d", -5, number),
                CalledBack("e", 2, number) with { Direction = RecordedDirection.Internal },
                CalledBack("f", 2, number + "0"),
            ], Ct);
        (await MissedAsync(Site)).Should().Equal("b", "a");

        _ = await _ledger.AppendAsync(CalledBack("g", 3, number) with { SiteId = SampleSites.NewId() }, Ct);
        (await MissedAsync(Site)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_call_that_another_record_says_was_answered_was_not_missed()
    {
        _ = await _ledger.AppendAsync([Missed("a", 0, "+4911"), Inbound(_site, minute: 1, callId: "a") with { CallerE164 = "+4922" }], Ct);

        (await MissedAsync(Site)).Should().BeEmpty();
    }

    [Fact]
    public async Task Who_calls_again_and_is_answered_is_not_missed_and_digits_alone_count_only_at_the_same_site()
    {
        var elsewhere = SampleSites.NewId();
        _ = await _ledger.AppendAsync([Missed("a", 0, "5551") with { CallerE164 = null }, Inbound(elsewhere, minute: 1, callId: "x") with { Caller = "5551", CallerE164 = null }], Ct);
        (await MissedAsync(Site)).Should().Equal("a");

        _ = await _ledger.AppendAsync(Inbound(_site, minute: 1, callId: "y") with { Caller = "5551", CallerE164 = null }, Ct);
        (await MissedAsync(Site)).Should().BeEmpty();
    }

    private CallRecordRow Missed(string callId, int minute, string number, string leg = "") => Named(_site, callId, minute, leg) with
    {
        Direction = RecordedDirection.Inbound,
        Disposition = RecordedDisposition.NoAnswer,
        Caller = number,
        CallerE164 = number,
        Callee = "6200",
        Extensions = [leg.Length > 0 ? "4003" : "4002"],
    };

    private CallRecordRow CalledBack(string callId, int minute, string number) => Named(_site, callId, minute) with
    {
        Direction = RecordedDirection.Outbound,
        Disposition = RecordedDisposition.Answered,
        Caller = "4002",
        Callee = "0" + number,
        CalleeE164 = number,
    };

    private async Task<IEnumerable<string>> FoundAsync(CallRecordFilter filter) => (await _reader.ListAsync(filter, after: null, 100, Ct)).Select(record => record.CallId);

    private async Task<IEnumerable<string>> MissedAsync(CallRecordFilter filter) => (await _reader.MissedAsync(filter, after: null, 100, Ct)).Select(record => record.CallId);
}
