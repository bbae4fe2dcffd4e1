using System.Text;
using PbxGrains.Cli.Agents;

namespace PbxGrains.Cli.Tests.Agents;

public sealed class AgentFileTests
{
    [Theory]
    [InlineData(',')]
    [InlineData(';')]
    [InlineData('\t')]
    public void Columns_are_found_by_heading_in_any_order_and_case_whatever_separates_them(char separator)
    {
        var content = AgentFile.Read("\uFEFFName,ID,EXTENSION,Site\r\n\"Anne\",a1,0010,paris\r\n\r\n,a2,1002,paris\r\n".Replace(',', separator));

        content.Complaints.Should().BeEmpty();
        content.Agents.Select(agent => $"{agent.Id} {agent.Name} {agent.Site} {agent.Extension}").Should().Equal("a1 Anne paris 0010", "a2  paris 1002");
    }

    [Fact]
    public void A_value_may_hold_the_separator_a_quotation_mark_or_be_empty()
    {
        var content = AgentFile.Read("id,name,site,extension,mobile\na1,\"Martin, \"\"Jo\"\"\",paris,1001,\n");

        content.Agents.Single().Name.Should().Be("Martin, \"Jo\"");
        content.Agents.Single().Mobile.Should().BeNull();
    }

    [Theory]
    [InlineData("0010")]
    [InlineData(" 1001")]
    [InlineData("1001\u00A0")]
    [InlineData("\u200B1001")]
    [InlineData("１００１")]
    [InlineData("1OO1")]
    public void The_extension_stays_exactly_as_it_is_written(string extension) =>
        AgentFile.Read($"id,site,extension\na1 , paris ,{extension}\n").Agents.Single().Should().BeEquivalentTo(new { Id = "a1", Site = "paris", Extension = extension });

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\u200B")]
    public void An_extension_nobody_can_see_is_none(string extension) =>
        AgentFile.Read($"id,site,extension\na1,paris,{extension}\n").Complaints.Single().Should().StartWith("Line 2");

    [Fact]
    public void Missing_columns_are_named_and_unknown_ones_are_told()
    {
        AgentFile.Read("id,name\na1,Anne").Complaints.Single().Should().Contain("site, extension");
        AgentFile.Read("").Complaints.Single().Should().Contain("id, site, extension");
        AgentFile.Read("id,site,extension,ID\n").Complaints.Single().Should().Contain("id");
        AgentFile.Read("id,site,extension,mobil\na1,paris,1001,06").Ignored.Should().Equal("mobil");
    }

    [Fact]
    public void Lines_that_cannot_be_used_are_named_by_the_number_an_editor_shows()
    {
        var complaints = AgentFile.Read("id,name,site,extension\na1,\"two\r\nlines\",paris,1001\n\na2,,paris\na3,Anne, Marie,paris,1003\na4,,Paris 9,1004\nok,,paris,1005\nok,,paris,1006\n").Complaints;

        complaints.Select(complaint => complaint.Split(':')[0]).Should().Equal("Line 2", "Line 5", "Line 6", "Line 7", "Line 9");
        complaints[2].Should().Contain("5 values for 4 columns");
        complaints[^1].Should().Contain("ok").And.Contain("8");
    }

    [Theory]
    [InlineData("id,site,extension\na1,paris,1001\na2,\"paris,1002\n")]
    [InlineData("id,site,extension\na1,paris,1001\na2,\"paris\"x,1002\n")]
    public void A_quotation_mark_out_of_place_is_named_by_its_line(string text) =>
        AgentFile.Read(text).Complaints.Single().Should().StartWith("Line 3");

    [Fact]
    public void Other_encodings_are_read_when_they_say_so_and_refused_otherwise()
    {
        const string Table = "id\tname\tsite\textension\na1\tÉlise\tparis\t0010\n";

        Read(Encoding.Unicode.GetPreamble(), Encoding.Unicode.GetBytes(Table)).Agents.Single().Name.Should().Be("Élise");
        Read(Encoding.UTF8.GetPreamble(), Encoding.UTF8.GetBytes(Table)).Agents.Single().Name.Should().Be("Élise");
        Read([], Encoding.Latin1.GetBytes(Table)).Complaints.Single().Should().Contain("UTF-8");

        static AgentFileContent Read(byte[] mark, byte[] text)
        {
            using var file = new MemoryStream([.. mark, .. text]);
            return AgentFile.Read(file);
        }
    }
}
