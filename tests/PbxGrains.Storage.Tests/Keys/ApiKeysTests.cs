using Npgsql;
using PbxGrains.Storage.Keys;

namespace PbxGrains.Storage.Tests.Keys;

public sealed class ApiKeysTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>
{
    private static readonly DateTimeOffset Noon = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly ApiKeys _keys = new(database.Data);
    private readonly ApiKeyRow _key = new($"{Guid.NewGuid():n}", "board in the hall", [1, 2], "read", Noon, null);

    private static CancellationToken Ct => MigratedDatabase.Ct;

    [Fact]
    public async Task A_key_is_found_as_it_was_added()
    {
        await _keys.AddAsync(_key, Ct);

        (await _keys.FindAsync(_key.KeyId, Ct)).Should().BeEquivalentTo(_key);
        (await _keys.FindAsync("no-such-key", Ct)).Should().BeNull();
    }

    [Fact]
    public async Task A_revoked_key_is_still_found_and_says_so()
    {
        await _keys.AddAsync(_key, Ct);

        (await _keys.RevokeAsync(_key.KeyId, Noon.AddHours(1), Ct)).Should().BeTrue();

        (await _keys.RevokeAsync(_key.KeyId, Noon.AddHours(2), Ct)).Should().BeFalse();
        (await _keys.FindAsync(_key.KeyId, Ct))!.RevokedAt.Should().Be(Noon.AddHours(1));
        (await _keys.RevokeAsync("no-such-key", Noon, Ct)).Should().BeFalse();
    }

    [Fact]
    public async Task Keys_are_listed_oldest_first()
    {
        var older = _key with { KeyId = $"{Guid.NewGuid():n}", CreatedAt = Noon.AddDays(-1) };
        await _keys.AddAsync(_key, Ct);
        await _keys.AddAsync(older, Ct);

        var listed = (await _keys.ListAsync(Ct)).Select(key => key.KeyId).ToList();

        listed.Should().ContainInOrder(older.KeyId, _key.KeyId);
    }

    [Fact]
    public async Task An_id_can_be_used_once()
    {
        await _keys.AddAsync(_key, Ct);

        var refused = await _keys.Awaiting(keys => keys.AddAsync(_key, Ct)).Should().ThrowAsync<PostgresException>();

        refused.Which.SqlState.Should().Be(PostgresErrorCodes.UniqueViolation);
    }

    [Fact]
    public async Task A_scope_that_nobody_knows_is_refused()
    {
        var refused = await _keys.Awaiting(keys => keys.AddAsync(_key with { Scope = "root" }, Ct)).Should().ThrowAsync<PostgresException>();

        refused.Which.ConstraintName.Should().Be("api_key_scope_is_known");
    }
}
