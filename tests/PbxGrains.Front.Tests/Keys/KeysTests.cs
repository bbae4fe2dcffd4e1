using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PbxGrains.Front.Keys;
using PbxGrains.Front.Tests.Lab;
using PbxGrains.Storage.Keys;

namespace PbxGrains.Front.Tests.Keys;

public sealed class KeysTests : IAsyncLifetime
{
    private FrontLab _front = null!;

    public async ValueTask InitializeAsync() => _front = await FrontLab.StartAsync();

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    [Theory]
    [InlineData(null)]
    [InlineData("nonsense")]
    [InlineData("pbx_0123456789abcdef_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Without_a_valid_key_nothing_is_told(string? key)
    {
        (string, string)[] headers = key is null ? [] : [("X-Api-Key", key)];

        var response = await _front.Anonymous.SendAsync(HttpMethod.Get, "/api/pbx/sites", null, headers);

        response.Headers.WwwAuthenticate.Should().ContainSingle(h => h.Scheme == "Bearer");
        await response.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task A_scope_opens_what_it_contains_and_nothing_more()
    {
        await _front.RegisterAsync("paris");
        using var read = await ClientAsync("read");
        using var operate = await ClientAsync("operate");

        (await read.SendAsync(HttpMethod.Get, "/api/pbx/sites")).StatusCode.Should().Be(HttpStatusCode.OK);
        await (await read.SendAsync(HttpMethod.Post, "/api/pbx/sites/paris/suspend", new { })).ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        (await operate.SendAsync(HttpMethod.Post, "/api/pbx/sites/paris/suspend", new { })).StatusCode.Should().Be(HttpStatusCode.OK);
        await (await operate.SendAsync(HttpMethod.Delete, "/api/pbx/sites/paris")).ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        await (await operate.SendAsync(HttpMethod.Get, "/api/pbx/keys")).ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        (await _front.Admin.SendAsync(HttpMethod.Delete, "/api/pbx/sites/paris")).StatusCode.Should().Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_route_open_to_everybody_works_without_the_database_whatever_key_is_sent()
    {
        await using (var connection = new Npgsql.NpgsqlConnection(_front.ConnectionString))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var hide = new Npgsql.NpgsqlCommand("ALTER TABLE pbx.api_key RENAME TO api_key_away", connection);
            await hide.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        (string, string) unseen = ("X-Api-Key", "pbx_0123456789abcdef_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        (await _front.Anonymous.SendAsync(HttpMethod.Get, "/health/live", null, unseen)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await _front.Anonymous.SendAsync(HttpMethod.Get, "/openapi/v1.json", null, unseen)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_revoked_key_opens_nothing_at_once()
    {
        using var read = await ClientAsync("read");
        (await read.SendAsync(HttpMethod.Get, "/api/pbx/sites")).StatusCode.Should().Be(HttpStatusCode.OK);

        var keyId = read.DefaultRequestHeaders.Authorization!.Parameter!.Split('_')[1];
        (await _front.Admin.SendAsync(HttpMethod.Delete, $"/api/pbx/keys/{keyId}")).StatusCode.Should().Be(HttpStatusCode.NoContent);

        (await read.SendAsync(HttpMethod.Get, "/api/pbx/sites")).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_last_admin_key_cannot_be_revoked()
    {
        var keyId = _front.Admin.DefaultRequestHeaders.Authorization!.Parameter!.Split('_')[1];

        await (await _front.Admin.SendAsync(HttpMethod.Delete, $"/api/pbx/keys/{keyId}")).ProblemAsync(HttpStatusCode.Conflict, "last-admin-key");

        using var second = await ClientAsync("admin");
        (await second.SendAsync(HttpMethod.Delete, $"/api/pbx/keys/{keyId}")).StatusCode.Should().Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Keys_are_stored_as_hashes_and_listed_without_their_text()
    {
        using var read = await ClientAsync("read");
        var secret = read.DefaultRequestHeaders.Authorization!.Parameter!;

        var list = await (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/keys")).JsonAsync();

        list.GetArrayLength().Should().Be(2);
        list.ToString().Should().NotContain(secret.Split('_', 3)[2]).And.NotContain("hash");
        ApiKey.TryParse(secret, out var key).Should().BeTrue();
        (await _front.Service<ApiKeys>().FindAsync(key.Id, TestContext.Current.CancellationToken))!.Hash.Should().Equal(key.Hash());
        _front.Logs.Text.Should().NotContain(secret);
    }

    [Fact]
    public async Task A_key_needs_a_name_and_a_scope()
    {
        var problem = await (await _front.Admin.SendAsync(HttpMethod.Post, "/api/pbx/keys", new { scope = "root" })).ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");

        problem.GetProperty("errors").EnumerateObject().Select(e => e.Name).Should().BeEquivalentTo("name", "scope");
    }

    [Fact]
    public async Task The_first_admin_key_lies_in_its_file_for_its_owner_only_and_is_made_once()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(_front.KeyFile).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        await MakeAsync(_front.KeyFile);

        (await _front.Service<ApiKeys>().ListAsync(TestContext.Current.CancellationToken)).Should().ContainSingle();
    }

    [Fact]
    public async Task Fronts_that_start_together_make_one_admin_key()
    {
        var file = _front.KeyFile + ".shared";

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => MakeAsync(file)));

        (await _front.Service<ApiKeys>().ListAsync(TestContext.Current.CancellationToken)).Should().HaveCount(2, "one was there before");
    }

    [Fact]
    public async Task A_file_whose_key_was_revoked_gets_a_new_one()
    {
        ApiKey.TryParse((await File.ReadAllTextAsync(_front.KeyFile, TestContext.Current.CancellationToken)).Trim(), out var old).Should().BeTrue();
        await _front.Service<ApiKeys>().RevokeAsync(old.Id, TimeProvider.System.GetUtcNow(), TestContext.Current.CancellationToken);

        await MakeAsync(_front.KeyFile);

        ApiKey.TryParse((await File.ReadAllTextAsync(_front.KeyFile, TestContext.Current.CancellationToken)).Trim(), out var made).Should().BeTrue();
        (await new KnownKeys(_front.Service<ApiKeys>(), TimeProvider.System).JudgeAsync(made, TestContext.Current.CancellationToken))!.Scope.Should().Be("admin");
    }

    private Task MakeAsync(string file) => new FirstAdminKey(
        Options.Create(new FrontSettings { AdminKeyFile = file }),
        _front.Service<ApiKeys>(),
        new KnownKeys(_front.Service<ApiKeys>(), TimeProvider.System),
        TimeProvider.System,
        NullLogger<FirstAdminKey>.Instance).StartAsync(TestContext.Current.CancellationToken);

    private async Task<HttpClient> ClientAsync(string scope)
    {
        var made = await (await _front.Admin.SendAsync(HttpMethod.Post, "/api/pbx/keys", new { name = "test", scope })).JsonAsync(HttpStatusCode.Created);
        var client = new HttpClient { BaseAddress = _front.Anonymous.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", made.Text("key"));
        return client;
    }
}
