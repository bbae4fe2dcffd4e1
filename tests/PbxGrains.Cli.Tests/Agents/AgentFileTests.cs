using PbxGrains.Cli.Agents;

namespace PbxGrains.Cli.Tests.Agents;

public sealed class AgentFileTests
{
    [Theory]
    [InlineData(',')]
    [InlineData(';')]
    [InlineData('\t')]
    public void Columns_are_found_by_heading_whatever_separates_them(char separator)
    {
        string[] lines = [.. new[] { "\uFEFFName,ID,Extension,Site", "\"Anne\",a1,0010,paris", "", ",a2,1002,paris" }.Select(line => line.Replace(',', separator))];

        var (agents, complaints) = AgentFile.Read(lines);

        complaints.Should().BeEmpty();
        agents.Should().HaveCount(2);
        agents[0].Name.Should().Be("Anne");
        agents[0].Extension.Should().Be("0010");
        agents[1].Name.Should().BeNull();
    }

    [Fact]
    public void Missing_columns_are_named()
    {
        var (_, complaints) = AgentFile.Read(["id,name"]);

        complaints.Should().ContainSingle().Which.Should().Contain("site, extension");
    }

    [Fact]
    public void Lines_that_cannot_be_used_are_named_by_their_number()
    {
        var (_, complaints) = AgentFile.Read(["id,site,extension", "a1,paris,1001", "a2,paris", "a1,lyon,1001"]);

        complaints.Should().HaveCount(2);
        complaints[0].Should().Contain("3");
        complaints[1].Should().Contain("4").And.Contain("a1");
    }
}
