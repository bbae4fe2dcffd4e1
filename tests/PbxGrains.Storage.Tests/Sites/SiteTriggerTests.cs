using PbxGrains.Storage.Sites;

namespace PbxGrains.Storage.Tests.Sites;

/// <summary>What others do to the table in plain SQL.</summary>
public sealed class SiteTriggerTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>
{
    private readonly SiteRegistry _registry = new(database.Data);
    private readonly string _id = SampleSites.NewId();

    [Fact]
    public async Task A_plain_insert_needs_three_columns()
    {
        var site = await InsertAsync();

        site.Name.Should().Be(_id);
        site.TimeZone.Should().Be("UTC");
        site.PasswordCipher.Should().BeEmpty();
        site.RowVersion.Should().BePositive();
        site.CredentialsVersion.Should().Be(site.RowVersion);
    }

    [Theory]
    [InlineData("name = 'New name'", false)]
    [InlineData("time_zone = 'Africa/Nairobi'", false)]
    [InlineData("polling = '{\"busy\": 3}'", false)]
    [InlineData("source_addresses = '{10.0.0.1}'", false)]
    [InlineData("suspended = true", false)]
    [InlineData("address = '10.9.0.254'", true)]
    [InlineData("user_name = 'other'", true)]
    [InlineData("password_cipher = 'x'", true)]
    public async Task A_change_of_configuration_gives_new_versions(string change, bool credentials)
    {
        var before = await InsertAsync();

        var after = await UpdateAsync(change);

        after.RowVersion.Should().BeGreaterThan(before.RowVersion);
        after.CredentialsVersion.Should().Be(credentials ? after.RowVersion : before.CredentialsVersion);
        after.UpdatedAt.Should().BeAfter(before.UpdatedAt);
        after.CreatedAt.Should().Be(before.CreatedAt);
    }

    [Theory]
    [InlineData("name = name")]
    [InlineData("dialect = 'v2'")]
    [InlineData("firmware = '30.15'")]
    [InlineData("serial_number = '369A'")]
    [InlineData("credentials_version = 0")]
    public async Task What_is_no_change_of_configuration_gives_none(string change)
    {
        var before = await InsertAsync();

        var after = await UpdateAsync(change);

        (after.RowVersion, after.CredentialsVersion, after.UpdatedAt).Should().Be((before.RowVersion, before.CredentialsVersion, before.UpdatedAt));
    }

    [Fact]
    public async Task A_version_cannot_be_set_only_asked_for()
    {
        var before = await InsertAsync();

        var after = await UpdateAsync("row_version = 0");

        after.RowVersion.Should().BeGreaterThan(before.RowVersion);
        after.CredentialsVersion.Should().Be(before.CredentialsVersion);
    }

    [Fact]
    public async Task A_site_registered_anew_never_repeats_a_version()
    {
        var before = await InsertAsync();
        before = await UpdateAsync("name = 'x'");
        await database.SqlAsync($"DELETE FROM pbx.site WHERE site_id = '{_id}'");

        var after = await InsertAsync();

        after.RowVersion.Should().BeGreaterThan(before.RowVersion);
        after.CredentialsVersion.Should().BeGreaterThan(before.RowVersion);
    }

    private async Task<SiteRow> InsertAsync()
    {
        await database.SqlAsync($"INSERT INTO pbx.site (site_id, address, user_name) VALUES ('{_id}', '10.1.0.254', 'api')");
        return (await _registry.FindAsync(_id, MigratedDatabase.Ct))!;
    }

    private async Task<SiteRow> UpdateAsync(string change)
    {
        await database.SqlAsync($"UPDATE pbx.site SET {change} WHERE site_id = '{_id}'");
        return (await _registry.FindAsync(_id, MigratedDatabase.Ct))!;
    }
}
