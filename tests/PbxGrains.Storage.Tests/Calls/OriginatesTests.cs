using PbxGrains.Storage.Calls;
using PbxGrains.Storage.Tests.Sites;

namespace PbxGrains.Storage.Tests.Calls;

public sealed class OriginatesTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>
{
    private static readonly DateTimeOffset Noon = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Originates _originates = new(database.Data);
    private readonly string _site = SampleSites.NewId();

    private static CancellationToken Ct => MigratedDatabase.Ct;

    [Fact]
    public async Task An_originate_reads_as_it_was_begun()
    {
        var row = Dial("key") with { Reference = "deal 4711" };

        (await _originates.BeginAsync(row, Ct)).Should().BeNull();

        (await _originates.FindAsync(_site, row.OriginateId, Ct)).Should().BeEquivalentTo(row);
        (await _originates.FindAsync(SampleSites.NewId(), row.OriginateId, Ct)).Should().BeNull();
    }

    [Fact]
    public async Task Without_a_key_every_wish_is_a_call()
    {
        (await _originates.BeginAsync(Dial(key: null), Ct)).Should().BeNull();
        (await _originates.BeginAsync(Dial(key: null), Ct)).Should().BeNull();

        (await _originates.ListOpenAsync(_site, Ct)).Should().HaveCount(2);
    }

    [Fact]
    public async Task A_repeated_key_gives_the_earlier_originate_and_writes_nothing()
    {
        var first = Dial("key");
        await _originates.BeginAsync(first, Ct);
        await _originates.CompleteAsync(first.OriginateId, OriginateRowState.Accepted, "1.2", null, null, null, Noon, Ct);

        var earlier = await _originates.BeginAsync(Dial("key") with { CreatedAt = Noon.AddHours(24).AddSeconds(-1), RequestHash = [9] }, Ct);

        earlier.Should().BeEquivalentTo(first with { State = OriginateRowState.Accepted, CallId = "1.2", ResolvedAt = Noon });
        (await database.SqlAsync($"SELECT count(*) FROM pbx.originate WHERE site_id = '{_site}'")).Should().Be(1L);
    }

    [Fact]
    public async Task A_key_is_free_again_after_a_day()
    {
        await _originates.BeginAsync(Dial("key"), Ct);
        var next = Dial("key") with { CreatedAt = Noon.AddHours(24) };

        (await _originates.BeginAsync(next, Ct)).Should().BeNull();

        (await _originates.BeginAsync(Dial("key") with { CreatedAt = Noon.AddHours(25) }, Ct)).Should().BeEquivalentTo(next);
    }

    [Fact]
    public async Task A_key_stands_for_one_call_of_its_own_site()
    {
        await _originates.BeginAsync(Dial("key"), Ct);

        (await _originates.BeginAsync(Dial("key") with { SiteId = SampleSites.NewId() }, Ct)).Should().BeNull();
        (await _originates.BeginAsync(Dial("KEY"), Ct)).Should().BeNull();
    }

    [Fact]
    public async Task Of_many_wishes_with_one_key_at_once_exactly_one_is_written()
    {
        OriginateRow[] wishes = [.. Enumerable.Range(0, 20).Select(_ => Dial("key"))];

        var earlier = await Task.WhenAll(wishes.Select(wish => _originates.BeginAsync(wish, Ct)));

        var winner = wishes[Array.IndexOf(earlier, null)];
        earlier.Where(row => row is not null).Should().HaveCount(19).And.OnlyContain(row => row!.OriginateId == winner.OriginateId);
    }

    [Fact]
    public async Task Of_many_wishes_with_a_key_of_yesterday_exactly_one_is_written()
    {
        await _originates.BeginAsync(Dial("key") with { CreatedAt = Noon.AddDays(-2) }, Ct);
        OriginateRow[] wishes = [.. Enumerable.Range(0, 20).Select(_ => Dial("key"))];

        var earlier = await Task.WhenAll(wishes.Select(wish => _originates.BeginAsync(wish, Ct)));

        earlier.Should().ContainSingle(row => row == null);
        (await database.SqlAsync($"SELECT count(*) FROM pbx.originate WHERE site_id = '{_site}'")).Should().Be(2L);
    }

    [Fact]
    public async Task What_became_of_it_is_written_down()
    {
        var row = Dial("key");
        await _originates.BeginAsync(row, Ct);

        await _originates.CompleteAsync(row.OriginateId, OriginateRowState.Refused, null, "ExtensionBusy", "The extension is in a call.", "20013", Noon.AddSeconds(1), Ct);

        (await _originates.FindAsync(_site, row.OriginateId, Ct)).Should().BeEquivalentTo(row with
        {
            State = OriginateRowState.Refused,
            Refusal = "ExtensionBusy",
            Message = "The extension is in a call.",
            PbxErrorCode = "20013",
            ResolvedAt = Noon.AddSeconds(1),
        });
    }

    [Fact]
    public async Task A_call_id_once_known_is_not_forgotten()
    {
        var row = Dial("key");
        await _originates.BeginAsync(row, Ct);
        await _originates.CompleteAsync(row.OriginateId, OriginateRowState.Accepted, "1.2", null, null, null, Noon, Ct);

        await _originates.CompleteAsync(row.OriginateId, OriginateRowState.Accepted, null, null, "ended", null, Noon, Ct);

        (await _originates.FindByCallAsync(_site, "1.2", Ct))!.OriginateId.Should().Be(row.OriginateId);
        (await _originates.FindByCallAsync(SampleSites.NewId(), "1.2", Ct)).Should().BeNull();
    }

    [Fact]
    public async Task A_call_id_that_a_PBX_used_again_finds_the_newer_call()
    {
        var older = Dial(null) with { State = OriginateRowState.Accepted, CallId = "1.2" };
        var newer = Dial(null) with { State = OriginateRowState.Accepted, CallId = "1.2", CreatedAt = Noon.AddDays(1) };
        await _originates.BeginAsync(newer, Ct);
        await _originates.BeginAsync(older, Ct);

        (await _originates.FindByCallAsync(_site, "1.2", Ct))!.OriginateId.Should().Be(newer.OriginateId);
    }

    [Fact]
    public async Task One_that_was_given_up_stays_unknown_and_is_no_longer_open()
    {
        var row = Dial(null);
        await _originates.BeginAsync(row, Ct);

        await _originates.CompleteAsync(row.OriginateId, OriginateRowState.Unknown, null, null, null, null, Noon, Ct);

        (await _originates.ListOpenAsync(_site, Ct)).Should().BeEmpty();
        (await _originates.FindAsync(_site, row.OriginateId, Ct))!.State.Should().Be(OriginateRowState.Unknown);
    }

    [Fact]
    public async Task Open_are_those_being_dialled_and_those_whose_answer_was_lost()
    {
        var states = Enum.GetValues<OriginateRowState>();
        foreach (var (index, state) in states.Index())
        {
            var row = Dial(null) with { CreatedAt = Noon.AddSeconds(-index) };
            await _originates.BeginAsync(row, Ct);
            await _originates.CompleteAsync(row.OriginateId, state, null, null, null, null, null, Ct);
        }

        (await _originates.ListOpenAsync(_site, Ct)).Select(row => row.State).Should().Equal(OriginateRowState.Unknown, OriginateRowState.Dialling);
    }

    [Fact]
    public async Task A_key_finds_its_originate_for_a_day()
    {
        var row = Dial("key");
        await _originates.BeginAsync(row, Ct);

        (await _originates.FindByKeyAsync(_site, "key", Noon.AddHours(23), Ct))!.OriginateId.Should().Be(row.OriginateId);
        (await _originates.FindByKeyAsync(_site, "key", Noon.AddHours(24), Ct)).Should().BeNull();
        (await _originates.FindByKeyAsync(_site, "other", Noon, Ct)).Should().BeNull();
    }

    private OriginateRow Dial(string? key) => new()
    {
        OriginateId = Guid.NewGuid(),
        SiteId = _site,
        Extension = "100",
        Destination = "0612345678",
        IdempotencyKey = key,
        RequestHash = [1, 2, 3],
        State = OriginateRowState.Dialling,
        CreatedAt = Noon,
    };
}
