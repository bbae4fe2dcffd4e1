using Npgsql;
using PbxGrains.Storage.Sites;

namespace PbxGrains.Storage.Tests.Sites;

public sealed class SiteRegistryTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>
{
    private readonly SiteRegistry _registry = new(database.Data);
    private readonly string _id = SampleSites.NewId();

    private static CancellationToken Ct => MigratedDatabase.Ct;

    [Fact]
    public async Task A_site_reads_as_it_was_saved()
    {
        var site = SampleSites.Full(_id);

        (await _registry.SaveAsync(site, SiteSaveMode.Create, Ct)).Should().Be(SiteSaveResult.Created);

        var read = await _registry.FindAsync(_id, Ct);
        read.Should().BeEquivalentTo(site, options => options
            .Excluding(row => row.RowVersion).Excluding(row => row.CredentialsVersion).Excluding(row => row.CreatedAt).Excluding(row => row.UpdatedAt));
        read!.RowVersion.Should().BePositive();
        read.CredentialsVersion.Should().Be(read.RowVersion);
        read.CreatedAt.Offset.Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_site_that_says_only_what_is_required_gets_the_defaults()
    {
        await _registry.SaveAsync(SampleSites.Plain(_id), SiteSaveMode.Create, Ct);

        var read = (await _registry.FindAsync(_id, Ct))!;

        read.Name.Should().Be(_id);
        read.Polling.Should().Be(new SitePolling());
        read.CertificatePins.Should().BeEmpty();
        read.Country.Should().BeNull();
        read.Suspended.Should().BeFalse();
    }

    [Fact]
    public async Task Creating_a_site_that_is_there_changes_nothing()
    {
        await _registry.SaveAsync(SampleSites.Plain(_id), SiteSaveMode.Create, Ct);
        var before = await _registry.FindAsync(_id, Ct);

        (await _registry.SaveAsync(SampleSites.Full(_id), SiteSaveMode.Create, Ct)).Should().Be(SiteSaveResult.AlreadyExists);

        (await _registry.FindAsync(_id, Ct)).Should().BeEquivalentTo(before);
    }

    [Fact]
    public async Task Updating_a_site_that_is_not_there_creates_none()
    {
        (await _registry.SaveAsync(SampleSites.Full(_id), SiteSaveMode.Update, Ct)).Should().Be(SiteSaveResult.NotFound);

        (await _registry.FindAsync(_id, Ct)).Should().BeNull();
    }

    [Fact]
    public async Task Credentials_are_replaced_only_where_they_are_those_that_were_read()
    {
        await _registry.SaveAsync(SampleSites.Full(_id), SiteSaveMode.Create, Ct);
        var read = (await _registry.FindAsync(_id, Ct))!;

        (await _registry.SetCredentialsAsync(_id, "api2", [1, 2], read.CredentialsVersion, Ct)).Should().BeTrue();
        (await _registry.SetCredentialsAsync(_id, "api3", [3], read.CredentialsVersion, Ct)).Should().BeFalse("they are others by now");
        (await _registry.SetCredentialsAsync(SampleSites.NewId(), "api2", [1, 2], read.CredentialsVersion, Ct)).Should().BeFalse("there is no such site");

        var changed = (await _registry.FindAsync(_id, Ct))!;
        changed.Should().BeEquivalentTo(
            read with { UserName = "api2", PasswordCipher = [1, 2] },
            options => options.Excluding(row => row.RowVersion).Excluding(row => row.CredentialsVersion).Excluding(row => row.UpdatedAt));
        changed.CredentialsVersion.Should().BeGreaterThan(read.CredentialsVersion);
    }

    [Fact]
    public async Task Saving_either_way_creates_first_and_updates_then()
    {
        (await _registry.SaveAsync(SampleSites.Plain(_id), SiteSaveMode.CreateOrUpdate, Ct)).Should().Be(SiteSaveResult.Created);
        (await _registry.SaveAsync(SampleSites.Full(_id), SiteSaveMode.CreateOrUpdate, Ct)).Should().Be(SiteSaveResult.Updated);

        (await _registry.FindAsync(_id, Ct))!.Name.Should().Be(SampleSites.Full(_id).Name);
    }

    [Fact]
    public async Task Of_many_that_create_one_site_at_once_exactly_one_does()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _registry.SaveAsync(SampleSites.Full(_id), SiteSaveMode.CreateOrUpdate, Ct)));

        results.Should().ContainSingle(result => result == SiteSaveResult.Created);
        results.Where(result => result == SiteSaveResult.Updated).Should().HaveCount(9);
    }

    [Fact]
    public async Task Saving_leaves_what_was_learnt()
    {
        await _registry.SaveAsync(SampleSites.Plain(_id), SiteSaveMode.Create, Ct);
        await _registry.RecordDeviceAsync(_id, "v2", "30.15", "369A", Ct);

        await _registry.SaveAsync(SampleSites.Full(_id), SiteSaveMode.Update, Ct);

        var read = (await _registry.FindAsync(_id, Ct))!;
        (read.Dialect, read.Firmware, read.SerialNumber).Should().Be(("v2", "30.15", "369A"));
    }

    [Fact]
    public async Task What_was_learnt_changes_no_version_and_null_leaves_it()
    {
        await _registry.SaveAsync(SampleSites.Full(_id), SiteSaveMode.Create, Ct);
        var before = (await _registry.FindAsync(_id, Ct))!;

        await _registry.RecordDeviceAsync(_id, "v1", "30.14", null, Ct);
        await _registry.RecordDeviceAsync(_id, null, "30.15", "369A", Ct);

        (await _registry.FindAsync(_id, Ct)).Should().BeEquivalentTo(before with { Dialect = "v1", Firmware = "30.15", SerialNumber = "369A" });
    }

    [Fact]
    public async Task A_suspended_site_says_why_and_forgets_it_when_resumed()
    {
        await _registry.SaveAsync(SampleSites.Plain(_id), SiteSaveMode.Create, Ct);

        var off = (await _registry.SetSuspendedAsync(_id, suspended: true, "moving house", Ct))!;
        var on = (await _registry.SetSuspendedAsync(_id, suspended: false, "ignored", Ct))!;

        (off.Suspended, off.SuspendedReason).Should().Be((true, "moving house"));
        (on.Suspended, on.SuspendedReason).Should().Be((false, null));
        on.RowVersion.Should().BeGreaterThan(off.RowVersion);
        on.CredentialsVersion.Should().Be(off.CredentialsVersion);
        (await _registry.SetSuspendedAsync("no-such-site", suspended: true, null, Ct)).Should().BeNull();
    }

    [Fact]
    public async Task A_deleted_site_is_gone()
    {
        await _registry.SaveAsync(SampleSites.Full(_id), SiteSaveMode.Create, Ct);

        (await _registry.DeleteAsync(_id, Ct)).Should().BeTrue();

        (await _registry.DeleteAsync(_id, Ct)).Should().BeFalse();
        (await _registry.FindAsync(_id, Ct)).Should().BeNull();
    }

    [Fact]
    public async Task Lists_hold_every_site_by_id()
    {
        string[] ids = [SampleSites.NewId(), SampleSites.NewId()];
        foreach (var id in ids)
        {
            await _registry.SaveAsync(SampleSites.Full(id), SiteSaveMode.Create, Ct);
        }

        var sites = await _registry.ListAsync(Ct);
        var versions = await _registry.ListVersionsAsync(Ct);

        sites.Select(site => site.SiteId).Should().Contain(ids).And.BeInAscendingOrder(StringComparer.Ordinal);
        versions.Should().Equal(sites.Select(site => new SiteRowVersion(site.SiteId, site.RowVersion)));
    }

    [Fact]
    public async Task Every_polling_setting_comes_back()
    {
        var polling = new SitePolling
        {
            Busy = TimeSpan.FromSeconds(1),
            PushSilent = TimeSpan.FromSeconds(2),
            PushProven = TimeSpan.FromSeconds(3),
            BackoffFirst = TimeSpan.FromSeconds(4),
            BackoffLast = TimeSpan.FromMinutes(5),
            StaleAfter = TimeSpan.FromMilliseconds(6),
            Heartbeat = TimeSpan.FromMinutes(7),
            ConnectTimeout = TimeSpan.FromMilliseconds(800),
            AnswerTimeout = TimeSpan.FromDays(7),
        };

        await _registry.SaveAsync(SampleSites.Plain(_id) with { Polling = polling }, SiteSaveMode.Create, Ct);

        (await _registry.FindAsync(_id, Ct))!.Polling.Should().Be(polling);
    }

    [Theory]
    [InlineData("site_id = 'Upper'", "site_id_is_lower_case_letters_digits_hyphens")]
    [InlineData("site_id = '-a'", "site_id_is_lower_case_letters_digits_hyphens")]
    [InlineData("address = 'two words'", "site_address_has_no_blanks")]
    [InlineData("user_name = ' '", "site_user_name_is_not_blank")]
    [InlineData("time_zone = '+02:00'", "site_time_zone_is_an_iana_name")]
    [InlineData("country = 'fr'", "site_country_is_two_capital_letters")]
    [InlineData("certificate_pins = '{NULL}'", "site_certificate_pins_are_not_null")]
    [InlineData("source_addresses = '{NULL}'", "site_source_addresses_are_networks")]
    [InlineData("report_address = ''", "site_report_address_has_no_blanks")]
    [InlineData("polling = '[]'", "site_polling_is_seconds")]
    [InlineData("polling = '{\"busy\": 0}'", "site_polling_is_seconds")]
    [InlineData("polling = '{\"busy\": 1e9}'", "site_polling_is_seconds")]
    [InlineData("polling = '{\"busy\": \"2s\"}'", "site_polling_is_seconds")]
    public async Task What_would_break_the_product_is_refused_by_name(string change, string constraint)
    {
        await _registry.SaveAsync(SampleSites.Plain(_id), SiteSaveMode.Create, Ct);

        var refused = await database.Awaiting(sql => sql.SqlAsync($"UPDATE pbx.site SET {change} WHERE site_id = '{_id}'")).Should().ThrowAsync<PostgresException>();

        refused.Which.ConstraintName.Should().Be(constraint);
    }

    [Fact]
    public async Task A_source_address_that_is_none_is_refused()
    {
        var site = SampleSites.Plain(_id) with { SourceAddresses = ["10.1.0.254", "not-an-address"] };

        var refused = await _registry.Awaiting(registry => registry.SaveAsync(site, SiteSaveMode.Create, Ct)).Should().ThrowAsync<PostgresException>();

        refused.Which.SqlState.Should().Be(PostgresErrorCodes.InvalidTextRepresentation);
    }
}
