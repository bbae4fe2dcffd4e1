using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using PbxGrains.Contracts.Recordings;
using PbxGrains.Front.Tests.Lab;
using PbxGrains.Storage.Recordings;
using PbxGrains.Testing;

namespace PbxGrains.Front.Tests.Recordings;

public sealed class RecordingsApiTests : IAsyncLifetime
{
    private static readonly byte[] Audio = [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i * 7 % 251))];

    private FrontLab _lab = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private RecordingCatalogue Catalogue => _lab.Service<RecordingCatalogue>();

    public async ValueTask InitializeAsync()
    {
        _lab = await FrontLab.StartAsync();
        _ = await _lab.RegisterAsync("paris");
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_recording_is_played_whole_with_type_length_hash_and_a_name_of_our_own()
    {
        var id = await ReadyAsync("../../20260701-1001.wav");

        using var response = await _lab.Admin.GetAsync(Url(id), Ct);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        (await response.Content.ReadAsByteArrayAsync(Ct)).Should().Equal(Audio);
        var headers = response.Content.Headers;
        (headers.ContentType!.ToString(), headers.ContentLength, headers.ContentDisposition!.ToString()).Should().Be(("audio/wav", Audio.Length, $"inline; filename=recording-{id}.wav"));
        response.Headers.ETag!.Tag.Should().Be($"\"{Convert.ToHexStringLower(SHA256.HashData(Audio))}\"");
        response.Headers.AcceptRanges.Should().Equal("bytes");
        headers.LastModified.Should().NotBeNull();
    }

    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=100000-", 100_000, 100_000)]
    [InlineData("bytes=-5", 199_995, 5)]
    [InlineData("bytes=199990-999999", 199_990, 10)]
    public async Task A_part_is_played_as_asked(string range, int from, int length)
    {
        var id = await ReadyAsync("x.wav");

        using var response = await AskAsync(id, ("Range", range));

        response.StatusCode.Should().Be(HttpStatusCode.PartialContent);
        response.Content.Headers.ContentRange!.ToString().Should().Be($"bytes {from}-{from + length - 1}/{Audio.Length}");
        (await response.Content.ReadAsByteArrayAsync(Ct)).Should().Equal(Audio[from..(from + length)]);
    }

    [Fact]
    public async Task A_part_beyond_the_end_is_refused_and_nobody_listened()
    {
        var id = await ReadyAsync("x.wav");

        using var response = await AskAsync(id, ("Range", "bytes=200000-"));

        response.StatusCode.Should().Be(HttpStatusCode.RequestedRangeNotSatisfiable);
        response.Content.Headers.ContentRange!.ToString().Should().Be($"bytes */{Audio.Length}");
        (await ListeningsAsync(id)).Should().BeEmpty();
    }

    [Fact]
    public async Task Who_has_it_already_is_told_so_and_If_Range_decides_between_part_and_whole()
    {
        var id = await ReadyAsync("x.wav");
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(Audio))}\"";

        using var unchanged = await AskAsync(id, ("If-None-Match", tag));
        using var part = await AskAsync(id, ("Range", "bytes=0-9"), ("If-Range", tag));
        using var whole = await AskAsync(id, ("Range", "bytes=0-9"), ("If-Range", "\"another\""));

        unchanged.StatusCode.Should().Be(HttpStatusCode.NotModified);
        part.StatusCode.Should().Be(HttpStatusCode.PartialContent);
        whole.StatusCode.Should().Be(HttpStatusCode.OK);
        (await ListeningsAsync(id)).Should().HaveCount(2);
    }

    [Fact]
    public async Task Head_tells_everything_but_the_audio_and_counts_as_no_listening()
    {
        var id = await ReadyAsync("x.wav");
        using var request = new HttpRequestMessage(HttpMethod.Head, Url(id));

        using var response = await _lab.Admin.SendAsync(request, Ct);

        (response.StatusCode, response.Content.Headers.ContentLength, response.Content.Headers.ContentType!.ToString()).Should().Be((HttpStatusCode.OK, Audio.Length, "audio/wav"));
        (await ListeningsAsync(id)).Should().BeEmpty();
    }

    [Fact]
    public async Task Every_listening_leaves_who_when_from_where_and_how_much()
    {
        var id = await ReadyAsync("x.wav");
        var before = DateTimeOffset.UtcNow.AddSeconds(-5);

        using var whole = await AskAsync(id);
        using var part = await AskAsync(id, ("Range", "bytes=10-19"));
        _ = await whole.Content.ReadAsByteArrayAsync(Ct);
        _ = await part.Content.ReadAsByteArrayAsync(Ct);

        _ = await Eventually.Holds(async () => (await ListeningsAsync(id)).All(l => l.GetProperty("bytes").ValueKind == JsonValueKind.Number), "both were counted");
        var listenings = await ListeningsAsync(id);
        listenings.Select(l => (l.GetProperty("range").GetString(), l.GetProperty("bytes").GetInt64())).Should().Equal(("bytes=10-19", 10), (null, Audio.Length));
        listenings.Should().OnlyContain(l => l.GetProperty("address").GetString() == "127.0.0.1" && l.GetProperty("at").GetDateTimeOffset() > before);
        var key = (await File.ReadAllTextAsync(_lab.KeyFile, Ct)).Split('_')[1];
        listenings.Should().OnlyContain(l => l.GetProperty("keyId").GetString() == key && l.GetProperty("keyName").GetString()!.Length > 0);
    }

    [Fact]
    public async Task Listenings_come_in_pages_and_for_administrators_only()
    {
        var id = await ReadyAsync("x.wav");
        for (var i = 0; i < 3; i++)
        {
            using var _ = await AskAsync(id, ("Range", $"bytes={i}-{i}"));
        }

        var first = await _lab.Admin.GetFromJsonAsync<JsonElement>($"{Url(id)}/listenings?limit=2", Ct);
        var second = await _lab.Admin.GetFromJsonAsync<JsonElement>($"{Url(id)}/listenings?limit=2&after={first.GetProperty("next").GetString()}", Ct);

        Ranges(first).Should().Equal("bytes=2-2", "bytes=1-1");
        Ranges(second).Should().Equal("bytes=0-0");
        second.GetProperty("next").ValueKind.Should().Be(JsonValueKind.Null);
        using var reader = await ReaderAsync();
        (await reader.GetAsync(Url(id), Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await reader.GetAsync($"{Url(id)}/listenings", Ct)).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await _lab.Anonymous.GetAsync(Url(id), Ct)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await _lab.Admin.GetAsync($"{Url(id)}/listenings?after=x", Ct)).StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await _lab.Admin.GetAsync($"{Url(id)}/listenings?limit=0", Ct)).StatusCode.Should().Be(HttpStatusCode.BadRequest);

        static IEnumerable<string?> Ranges(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(l => l.GetProperty("range").GetString());
    }

    [Fact]
    public async Task A_recording_only_the_PBX_has_is_fetched_for_the_listener()
    {
        var id = await NameAsync("x.wav");
        _lab.Site("paris").Fetch = async _ =>
        {
            await FetchedAsync(id);
            return new RecordingFetch(RecordingFetchState.Ready);
        };

        using var response = await AskAsync(id);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        (await response.Content.ReadAsByteArrayAsync(Ct)).Should().Equal(Audio);
        _lab.Site("paris").Fetches.Should().Equal(id);
    }

    [Fact]
    public async Task A_recording_the_PBX_does_not_hand_out_yet_says_why_and_when_to_come_back()
    {
        var id = await NameAsync("x.wav");
        await Catalogue.SetBackAsync(id, new RecordingSetback(RecordingState.Pending, RecordingReason.NotYetSaved, "The PBX says not yet.", DateTimeOffset.UtcNow.AddSeconds(90), Refused: true), Ct);

        using var response = await AskAsync(id);

        response.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter!.Delta.Should().BeCloseTo(TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(60));
        await AssertProblemAsync(response, "recording-pending", RecordingReason.NotYetSaved);
    }

    [Fact]
    public async Task Absent_expired_and_unknown_recordings_each_have_their_answer()
    {
        var expired = await ReadyAsync("expired.wav");
        _ = await _lab.Service<RecordingRetention>().ExpireAsync(DateTimeOffset.UtcNow.AddDays(200), Ct);
        var absent = await NameAsync("absent.wav");
        await Catalogue.SetBackAsync(absent, new RecordingSetback(RecordingState.Absent, RecordingReason.DeletedOnPbx, "Gone.", NextTryAt: null, Refused: true), Ct);

        using var gone = await AskAsync(absent);
        using var over = await AskAsync(expired);
        using var unknown = await AskAsync(RecordingId.Of("paris", "never named.wav"));
        using var garbage = await AskAsync("..%2f..%2fetc%2fpasswd");

        (gone.StatusCode, over.StatusCode, unknown.StatusCode, garbage.StatusCode).Should().Be((HttpStatusCode.NotFound, HttpStatusCode.Gone, HttpStatusCode.NotFound, HttpStatusCode.NotFound));
        await AssertProblemAsync(gone, "recording-absent", RecordingReason.DeletedOnPbx);
        (await AssertProblemAsync(over, "recording-expired", reason: null)).GetProperty("sha256").GetString().Should().Be(Convert.ToHexStringLower(SHA256.HashData(Audio)));
        await AssertProblemAsync(unknown, "recording-unknown");
        await AssertProblemAsync(garbage, "recording-unknown");
    }

    [Fact]
    public async Task A_pending_recording_of_a_removed_site_is_not_to_be_had()
    {
        var id = await NameAsync("x.wav", site: "removed");

        using var response = await AskAsync(id);

        response.StatusCode.Should().Be(HttpStatusCode.NotFound);
        await AssertProblemAsync(response, "recording-absent", "siteRemoved");
    }

    [Fact]
    public async Task A_file_somebody_removed_from_the_vault_is_asked_for_again()
    {
        var id = await ReadyAsync("x.wav");
        await _lab.Service<IRecordingVault>().DeleteAsync(id, Ct);

        using var response = await AskAsync(id);

        response.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        await AssertProblemAsync(response, "recording-pending", RecordingReason.VaultUnavailable);
        (await Catalogue.FindAsync(id, Ct))!.State.Should().Be(RecordingState.Pending);
    }

    [Fact]
    public async Task Info_tells_how_a_recording_stands()
    {
        var id = await ReadyAsync("x.wav");

        var info = await _lab.Admin.GetFromJsonAsync<JsonElement>($"{Url(id)}/info", Ct);

        (info.GetProperty("id").GetString(), info.GetProperty("site").GetString(), info.GetProperty("callId").GetString(), info.GetProperty("name").GetString()).Should().Be((id, "paris", "1.1", "x.wav"));
        (info.GetProperty("state").GetString(), info.GetProperty("bytes").GetInt64(), info.GetProperty("url").GetString()).Should().Be(("ready", Audio.Length, Url(id)));
        info.GetProperty("sha256").GetString().Should().Be(Convert.ToHexStringLower(SHA256.HashData(Audio)));
        info.GetProperty("reason").ValueKind.Should().Be(JsonValueKind.Null);
        (await _lab.Admin.GetAsync($"{Url(RecordingId.Of("paris", "other"))}/info", Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    private static string Url(string id) => $"/api/pbx/recordings/{id}";

    private async Task<HttpResponseMessage> AskAsync(string id, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Url(id));
        foreach (var (name, value) in headers)
        {
            _ = request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _lab.Admin.SendAsync(request, Ct);
    }

    private async Task<List<JsonElement>> ListeningsAsync(string id) =>
        [.. (await _lab.Admin.GetFromJsonAsync<JsonElement>($"{Url(id)}/listenings", Ct)).GetProperty("items").EnumerateArray()];

    private static async Task<JsonElement> AssertProblemAsync(HttpResponseMessage response, string code, string? reason = null)
    {
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Ct);
        problem.GetProperty("code").GetString().Should().Be(code);
        if (reason is not null)
        {
            problem.GetProperty("reason").GetString().Should().Be(reason);
        }

        return problem;
    }

    private async Task<HttpClient> ReaderAsync()
    {
        using var made = await _lab.Admin.PostAsJsonAsync("/api/pbx/keys", new { name = "reader", scope = "read" }, Ct);
        var key = (await made.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("key").GetString()!;
        return new HttpClient { BaseAddress = _lab.Admin.BaseAddress, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };
    }

    private async Task<string> ReadyAsync(string name)
    {
        var id = await NameAsync(name);
        await FetchedAsync(id);
        return id;
    }

    private async Task FetchedAsync(string id)
    {
        using var content = new MemoryStream(Audio);
        var receipt = await _lab.Service<IRecordingVault>().PutAsync(id, content, CancellationToken.None);
        _ = await Catalogue.ReadyAsync(id, new FetchedRecording(receipt.Bytes, receipt.Sha256, "audio/wav", 12.5), DateTimeOffset.UtcNow, CancellationToken.None);
    }

    /// <summary>A record of the ledger names it.</summary>
    private async Task<string> NameAsync(string name, string site = "paris")
    {
        await using var command = _lab.Service<NpgsqlDataSource>().CreateCommand("""
            INSERT INTO pbx.call_record (site_id, call_id, identity, start_wall_clock, started_at, direction, disposition, recording, extensions, pushed_at, exact_fields)
            VALUES ($1, '1.1', sha256(convert_to($2, 'UTF8')), now()::timestamp, now(), 'inbound', 'answered', $2, ARRAY[]::text[], now(), 0)
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = site });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        _ = await command.ExecuteNonQueryAsync(Ct);
        return RecordingId.Of(site, name);
    }
}
