using CsCheck;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Grains.Agents;
using PbxGrains.Storage.Agents;

namespace PbxGrains.Grains.Tests.Agents;

public sealed class AgentComparisonTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(ExtensionStatus.Idle, AgentFindingCode.Ok)]
    [InlineData(ExtensionStatus.Busy, AgentFindingCode.Ok)]
    [InlineData(ExtensionStatus.Ringing, AgentFindingCode.Ok)]
    [InlineData(ExtensionStatus.OnHold, AgentFindingCode.Ok)]
    [InlineData(ExtensionStatus.Unregistered, AgentFindingCode.Unregistered)]
    [InlineData(ExtensionStatus.Fault, AgentFindingCode.RegistrationUnknown)]
    [InlineData(ExtensionStatus.Unknown, AgentFindingCode.RegistrationUnknown)]
    public void What_was_observed_of_the_phone_decides(ExtensionStatus status, AgentFindingCode code)
    {
        var finding = AgentComparison.Compare([Agent("a", "1001")], Paris(View("1001", status))).Single();

        finding.Code.Should().Be(code);
        finding.Seen!.Status.Should().Be(status);
    }

    [Fact]
    public void A_stale_list_concludes_nothing_not_even_that_an_extension_is_missing_or_free()
    {
        var dark = Listing(View("1001", ExtensionStatus.Idle)) with { Fresh = false };

        var findings = AgentComparison.Compare([Agent("a", "1001"), Agent("b", "7777")], Sites(new SiteSide(Suspended: false, dark)));

        findings.Select(finding => finding.Code).Should().Equal(AgentFindingCode.KnowledgeStale, AgentFindingCode.KnowledgeStale);
        findings.Should().OnlyContain(finding => finding.Seen == null);
    }

    [Fact]
    public void Sites_that_are_unknown_silent_or_switched_off_say_so()
    {
        AgentComparison.Compare([Agent("a", "1001")], new Dictionary<string, SiteSide>()).Single().Code.Should().Be(AgentFindingCode.SiteUnknown);
        AgentComparison.Compare([Agent("a", "1001")], Sites(new SiteSide(Suspended: true, Listing: null))).Single().Code.Should().Be(AgentFindingCode.SiteSuspended);
        AgentComparison.Compare([Agent("a", "1001")], Sites(new SiteSide(Suspended: false, Listing: null))).Single().Code.Should().Be(AgentFindingCode.KnowledgeStale);
    }

    [Fact]
    public void Of_numbers_that_look_alike_the_likeliest_comes_first()
    {
        var findings = AgentComparison.Compare([Agent("a", "1O")], Paris(View("0010", ExtensionStatus.Idle), View("10", ExtensionStatus.Idle), View("11", ExtensionStatus.Idle)));

        var finding = findings.Single(found => found.Agent is not null);
        finding.Code.Should().Be(AgentFindingCode.LookAlike);
        finding.LookAlikes.Select(alike => alike.Number).Should().Equal("10", "0010");
        findings.Where(found => found.Code == AgentFindingCode.NoAgent).ToDictionary(found => found.Extension, found => found.Others.Count)
            .Should().BeEquivalentTo(new Dictionary<string, int> { ["0010"] = 1, ["10"] = 1, ["11"] = 0 });
    }

    [Fact]
    public void Two_agents_on_one_extension_name_each_other_whatever_else_is_wrong()
    {
        var findings = AgentComparison.Compare([Agent("a", "1001"), Agent("b", "1001"), Agent("c", "1001 ")], Paris(View("1001", ExtensionStatus.Unregistered)));

        findings.Where(finding => finding.Code == AgentFindingCode.Duplicate).Select(finding => (finding.Agent!.AgentId, string.Join(',', finding.Others))).Should().Equal(("a", "b"), ("b", "a"));
        findings.Count(finding => finding.Code == AgentFindingCode.Unregistered).Should().Be(2);
        findings.Single(finding => finding.Agent?.AgentId == "c").Code.Should().Be(AgentFindingCode.LookAlike);
    }

    [Fact]
    public void Every_agent_and_every_extension_is_accounted_for_and_only_identical_numbers_are_ok()
    {
        string[] numbers = ["1", "01", "10", "2", "1 ", "1O", "002"];
        var number = Gen.Int[0, numbers.Length - 1].Select(i => numbers[i]);
        var pbxNumber = Gen.Int[0, 3].Select(i => numbers[i]);
        Gen.Select(number.Array[0, 6], pbxNumber.Array[0, 4]).Sample((crm, pbx) =>
        {
            var agents = crm.Select((text, i) => Agent($"a{i}", text)).ToList();
            var extensions = pbx.Distinct().Select(text => View(text, ExtensionStatus.Idle)).ToArray();

            var findings = AgentComparison.Compare(agents, Paris(extensions));

            foreach (var agent in agents)
            {
                var main = findings.Single(finding => ReferenceEquals(finding.Agent, agent) && finding.Code != AgentFindingCode.Duplicate);
                (main.Code == AgentFindingCode.Ok).Should().Be(pbx.Contains(agent.Extension));
                findings.Any(finding => ReferenceEquals(finding.Agent, agent) && finding.Code == AgentFindingCode.Duplicate).Should().Be(crm.Count(text => text == agent.Extension) > 1);
                (main.Code == AgentFindingCode.LookAlike).Should().Be(main.LookAlikes.Count > 0);
            }

            foreach (var extension in extensions)
            {
                findings.Count(finding => finding.Code == AgentFindingCode.NoAgent && finding.Extension == extension.Number.Value).Should().Be(crm.Contains(extension.Number.Value) ? 0 : 1);
            }
        });
    }

    private static AgentRow Agent(string id, string extension) => new(id, null, "paris", extension, null);

    private static ExtensionView View(string number, ExtensionStatus status) => new() { Site = SiteId.Parse("paris"), Number = ExtensionNumber.Parse(number), Status = status, AsOf = Now };

    private static ExtensionListing Listing(params ExtensionView[] views) => new() { Site = SiteId.Parse("paris"), Extensions = views, ListedAt = Now, Fresh = true, AsOf = Now };

    private static Dictionary<string, SiteSide> Paris(params ExtensionView[] views) => Sites(new SiteSide(Suspended: false, Listing(views)));

    private static Dictionary<string, SiteSide> Sites(SiteSide side) => new() { ["paris"] = side };
}
