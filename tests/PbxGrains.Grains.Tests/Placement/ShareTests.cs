using System.Net;
using PbxGrains.Grains.Placement;

namespace PbxGrains.Grains.Tests.Placement;

public sealed class ShareTests
{
    private static readonly string[] Thousand = [.. Enumerable.Range(0, 1000).Select(i => $"site-{i}")];

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(10)]
    public void No_silo_has_one_site_more_than_its_part(int silos)
    {
        var share = Share.Of(Thousand, Silos(silos));

        share.Counts.Sum().Should().Be(1000);
        share.Counts.Max().Should().Be((1000 + silos - 1) / silos);
        share.Imbalance.Should().BeLessThan(1.01);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(9)]
    public void A_silo_that_comes_or_goes_moves_little_more_than_its_own_part(int before)
    {
        var (less, more) = (Share.Of(Thousand, Silos(before)), Share.Of(Thousand, Silos(before + 1)));

        var moved = Thousand.Count(site => !Equals(less.OwnerOf(site), more.OwnerOf(site)));

        moved.Should().BeInRange(1000 / (before + 1), (1000 / (before + 1)) + 100);
    }

    [Fact]
    public void The_order_in_which_sites_and_silos_are_known_does_not_matter()
    {
        var (one, other) = (Share.Of(Thousand, Silos(5)), Share.Of([.. Thousand.Reverse()], Silos(5).Reverse()));

        Thousand.Should().OnlyContain(site => one.OwnerOf(site)!.Equals(other.OwnerOf(site)));
    }

    [Fact]
    public void A_silo_that_is_started_again_gets_what_it_had()
    {
        var before = Share.Of(Thousand, Silos(4));

        var after = Share.Of(Thousand, Silos(4).Select(s => SiloAddress.New(s.Endpoint, s.Generation + 1)));

        Thousand.Should().OnlyContain(site => before.OwnerOf(site)!.Endpoint.Equals(after.OwnerOf(site)!.Endpoint));
    }

    [Fact]
    public void A_site_that_is_not_listed_has_a_place_all_the_same()
    {
        Share.Of(Thousand, Silos(3)).OwnerOf("new").Should().NotBeNull();
        Share.Of([], Silos(3)).OwnerOf("new").Should().NotBeNull();
        Share.None.OwnerOf("new").Should().BeNull();
    }

    private static IEnumerable<SiloAddress> Silos(int count) =>
        Enumerable.Range(1, count).Select(i => SiloAddress.New(new IPEndPoint(IPAddress.Parse($"10.20.0.{i}"), 11111), 7));
}
