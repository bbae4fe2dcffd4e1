using PbxGrains.Storage.Sites;
using PbxGrains.Storage.Tests.Sites;
using PbxGrains.Storage.Webhooks;

namespace PbxGrains.Storage.Tests.Webhooks;

public sealed class WebhookSecretsTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>, IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 7, 1, 14, 0, 0, TimeSpan.FromHours(2));
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly SiteRegistry _registry = new(database.Data);
    private readonly WebhookSecrets _secrets = new(database.Data);
    private readonly string _id = SampleSites.NewId();

    private static CancellationToken Ct => MigratedDatabase.Ct;

    public async ValueTask InitializeAsync() => await _registry.SaveAsync(SampleSites.Plain(_id), SiteSaveMode.Create, Ct);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_first_secret_counts_without_end()
    {
        var made = await _secrets.RotateAsync(_id, [1], [2], Noon, Hour, Ct);

        made.Should().BeEquivalentTo(new WebhookSecretRow(made.Id, _id, [1], [2], Noon, null));
        (await _secrets.ListLiveAsync(_id, Noon.AddYears(10), Ct)).Should().ContainSingle().Which.Should().BeEquivalentTo(made);
    }

    [Fact]
    public async Task A_rotated_secret_counts_until_the_overlap_is_over()
    {
        var old = await _secrets.RotateAsync(_id, [1], [1], Noon, Hour, Ct);
        var current = await _secrets.RotateAsync(_id, [2], [2], Noon.AddDays(1), Hour, Ct);

        var during = await _secrets.ListLiveAsync(_id, Noon.AddDays(1) + Hour - TimeSpan.FromSeconds(1), Ct);
        var after = await _secrets.ListLiveAsync(_id, Noon.AddDays(1) + Hour, Ct);

        during.Select(secret => secret.Id).Should().Equal(current.Id, old.Id);
        after.Select(secret => secret.Id).Should().Equal(current.Id);
    }

    [Fact]
    public async Task A_second_rotation_does_not_lengthen_the_life_of_the_first_secret()
    {
        var first = await _secrets.RotateAsync(_id, [1], [1], Noon, Hour, Ct);
        await _secrets.RotateAsync(_id, [2], [2], Noon, Hour, Ct);
        await _secrets.RotateAsync(_id, [3], [3], Noon.AddMinutes(30), Hour, Ct);

        (await _secrets.ListLiveAsync(_id, Noon.AddMinutes(59), Ct)).Should().Contain(secret => secret.Id == first.Id);
        (await _secrets.ListLiveAsync(_id, Noon.AddMinutes(61), Ct)).Should().HaveCount(2).And.NotContain(secret => secret.Id == first.Id);
    }

    [Fact]
    public async Task A_rotation_without_overlap_ends_the_old_secret_at_once()
    {
        await _secrets.RotateAsync(_id, [1], [1], Noon, Hour, Ct);
        await _secrets.RotateAsync(_id, [2], [2], Noon, Hour, Ct);

        var current = await _secrets.RotateAsync(_id, [3], [3], Noon.AddMinutes(1), TimeSpan.Zero, Ct);

        (await _secrets.ListLiveAsync(_id, Noon.AddMinutes(1), Ct)).Should().ContainSingle().Which.Id.Should().Be(current.Id);
    }

    [Fact]
    public async Task A_rotation_gives_the_site_a_new_version_but_no_new_credentials()
    {
        var before = (await _registry.FindAsync(_id, Ct))!;

        await _secrets.RotateAsync(_id, [1], [1], Noon, Hour, Ct);

        var after = (await _registry.FindAsync(_id, Ct))!;
        after.RowVersion.Should().BeGreaterThan(before.RowVersion);
        after.CredentialsVersion.Should().Be(before.CredentialsVersion);
    }

    [Fact]
    public async Task Rotations_that_meet_leave_one_secret_without_end()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(n => _secrets.RotateAsync(_id, [(byte)n], [1], Noon, Hour, Ct)));

        (await _secrets.ListLiveAsync(_id, Noon.AddMinutes(1), Ct)).Should().HaveCount(8).And.ContainSingle(secret => secret.ExpiresAt == null);
    }

    [Fact]
    public async Task Secrets_of_all_sites_are_listed_together_and_go_with_their_site()
    {
        var other = SampleSites.NewId();
        await _registry.SaveAsync(SampleSites.Plain(other), SiteSaveMode.Create, Ct);
        await _secrets.RotateAsync(_id, [1], [1], Noon, Hour, Ct);
        await _secrets.RotateAsync(other, [2], [2], Noon, Hour, Ct);

        (await _secrets.ListLiveAsync(Noon, Ct)).Select(secret => secret.SiteId).Should().Contain([_id, other]);
        await _registry.DeleteAsync(other, Ct);
        (await _secrets.ListLiveAsync(Noon, Ct)).Select(secret => secret.SiteId).Should().Contain(_id).And.NotContain(other);
    }

    [Fact]
    public async Task An_unknown_site_has_no_secrets()
    {
        await _secrets.Awaiting(secrets => secrets.RotateAsync("no-such-site", [1], [1], Noon, Hour, Ct)).Should().ThrowAsync<KeyNotFoundException>();

        (await _secrets.ListLiveAsync("no-such-site", Noon, Ct)).Should().BeEmpty();
    }
}
