using PbxGrains.Contracts.Sites;
using PbxGrains.Grains.Sites;

namespace PbxGrains.Grains.Tests.Sites;

public sealed class PushProofTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly PushProof _proof = new();

    [Fact]
    public void Nothing_is_proven_before_a_report_arrived() =>
        _proof.StateAt(Noon).Should().Be(PushState.Silent);

    [Fact]
    public void A_report_proves_the_way_for_a_quarter_of_an_hour()
    {
        _proof.ReportArrived(Noon);

        _proof.StateAt(Noon.AddMinutes(15)).Should().Be(PushState.Proven);
        _proof.StateAt(Noon.AddMinutes(15).AddSeconds(1)).Should().Be(PushState.Silent);
    }

    [Fact]
    public void A_change_only_a_poll_found_disproves_it_until_a_later_report()
    {
        _proof.ReportArrived(Noon);
        _proof.MissedByPush(Noon.AddSeconds(10));

        _proof.StateAt(Noon.AddSeconds(11)).Should().Be(PushState.Silent);
        _proof.ReportArrived(Noon.AddSeconds(30));
        _proof.StateAt(Noon.AddSeconds(31)).Should().Be(PushState.Proven);
    }
}
