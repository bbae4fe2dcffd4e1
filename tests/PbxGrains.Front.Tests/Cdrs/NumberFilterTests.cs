using PbxGrains.Contracts;
using PbxGrains.Front.Cdrs;
using PbxGrains.Front.Tests.Lab;
using static PbxGrains.Front.Tests.Cdrs.Ledger;

namespace PbxGrains.Front.Tests.Cdrs;

/// <summary>One number, however it is written, at sites of two countries and at one whose country nobody told.</summary>
public sealed class NumberFilterTests : IAsyncLifetime
{
    private FrontLab _front = null!;

    public async ValueTask InitializeAsync()
    {
        _front = await FrontLab.StartAsync();
        await _front.RegisterAsync("paris", Site("Europe/Paris", "FR"));
        await _front.RegisterAsync("berlin", Site("Europe/Berlin", "DE"));
        await _front.RegisterAsync("bare", Site("Europe/Paris", country: null));
        await _front.RecordAsync(
            Inbound("paris", "known"),
            Inbound("paris", "not-known", minute: 1) with { CallerE164 = null, Caller = "33612345678" },
            Outbound("paris", "with-prefix", "0,0612345678", "+33612345678", minute: 2),
            Outbound("berlin", "abroad", "0033612345678", "+33612345678", minute: 3),
            Inbound("bare", "bare", minute: 4) with { CallerE164 = null, Caller = "06 12 34 56 78" },
            Inbound("berlin", "another", minute: 5) with { CallerE164 = "+49612345678", Caller = "0612345678" },
            Named("paris", "internal", minute: 6) with { Direction = "internal", Caller = "1001", Callee = "1002", Extensions = ["1001", "1002"] },
            Inbound("paris", "other", minute: 7) with { Caller = "0612345679", CallerE164 = "+33612345679" });
    }

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    [Theory]
    [InlineData("%2B33612345678")]
    [InlineData("+33 6 12 34 56 78")]
    [InlineData("%2B33 (0)6 12.34.56.78")]
    [InlineData("0033612345678")]
    [InlineData("00 33 6 12 34 56 78")]
    public async Task A_number_is_found_at_every_site_however_it_was_dialled(string number) =>
        (await FoundAsync(number)).Should().Equal("bare", "abroad", "with-prefix", "not-known", "known");

    [Theory]
    [InlineData("0612345678")]
    [InlineData("06 12 34 56 78")]
    [InlineData("06.12.34.56.78")]
    public async Task A_national_number_is_read_in_the_countries_of_the_sites_asked(string number)
    {
        (await FoundAsync(number, "paris")).Should().Equal("with-prefix", "not-known", "known");
        (await FoundAsync(number, "berlin")).Should().Equal("another");
        (await FoundAsync(number, "paris", "berlin")).Should().Equal("another", "abroad", "with-prefix", "not-known", "known");
    }

    [Fact]
    public async Task A_site_of_no_known_country_still_finds_what_stands_there()
    {
        (await FoundAsync("06 12 34 56 78", "bare")).Should().Equal("bare");
        (await FoundAsync("%2B33612345678", "bare")).Should().BeEmpty("nothing says that its national numbers are French");
    }

    [Fact]
    public async Task Extensions_are_numbers_as_well()
    {
        (await FoundAsync("1001")).Should().Equal("internal");
        (await FoundAsync("4002", "berlin")).Should().Equal("another", "abroad");
        (await FoundAsync("10010")).Should().BeEmpty();
    }

    [Fact]
    public void Notations_of_a_number_that_is_none_are_only_itself()
    {
        foreach (var odd in new[] { "*97", "anonymous", "1001", "000", "0000000000000000000000000" })
        {
            NumberNotations.Of(odd, ["FR", "DE", "US"]).Should().BeEquivalentTo(new NumberNotations([odd], []));
        }
    }

    [Fact]
    public void An_American_number_is_found_under_the_codes_of_its_own_continent_and_of_ours()
    {
        var notations = NumberNotations.Of("(212) 555-0123", ["US", "FR"]);

        notations.Certain.Should().Contain(["(212) 555-0123", "2125550123", "+12125550123"]);
        notations.Ambiguous.Should().Contain(["12125550123", "0012125550123", "+1 212-555-0123"]).And.NotContain("+12125550123");
        NumberNotations.Of("+12125550123", ["US", "FR"]).Ambiguous.Should().Contain("2125550123");
        NumberNotations.Of("+33612345678", ["US"]).Ambiguous.Should().Contain("01133612345678");
    }

    private static object Site(string zone, string? country) => new { name = "A site", address = "10.1.0.254", userName = "api", password = "hush-password", timeZone = zone, country };

    private async Task<IEnumerable<string>> FoundAsync(string number, params string[] sites)
    {
        var query = string.Concat(sites.Select(site => $"&site={SiteId.Parse(site)}"));
        return (await _front.GetAsync($"/api/pbx/cdrs?number={number.Replace(" ", "%20", StringComparison.Ordinal).Replace("+", "%2B", StringComparison.Ordinal)}{query}")).Calls();
    }
}
