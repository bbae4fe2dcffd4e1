using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Checklists;
using PbxGrains.Grains.Checklists;

namespace PbxGrains.Grains.Tests.Checklists;

public sealed class ChecklistWireTests
{
    [Fact]
    public void What_a_run_found_crosses_the_cluster_and_the_database_whole()
    {
        var at = new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
        var measured = NetworkFindings.PortRefused.With(("port", 8088), ("host", "10.1.0.254"), ("answered", 0), ("medianMs", null));
        var item = new ChecklistItem
        {
            Id = NetworkChecks.Tcp,
            Section = ChecklistSection.Network,
            Verdict = measured.Finding.Verdict,
            Finding = measured.Finding.Code,
            Facts = measured.Facts,
            MeasuredAt = at,
            Took = TimeSpan.FromMilliseconds(12),
            SkippedBecause = "network.address",
        };
        var run = new ChecklistRun { RunId = Guid.NewGuid(), Site = SiteId.Parse("paris"), Trigger = ChecklistTrigger.Nightly, StartedAt = at, FinishedAt = at.AddSeconds(3), Items = [item] };
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();

        var over = serializer.Deserialize<ChecklistProgress>(serializer.SerializeToArray(new ChecklistProgress([item], run)));

        over!.Items.Single().Should().BeEquivalentTo(item);
        over.Run.Should().BeEquivalentTo(run);
        over.Items.Single().Facts.Should().Equal(new Dictionary<string, string>(StringComparer.Ordinal) { ["answered"] = "0", ["host"] = "10.1.0.254", ["port"] = "8088" });
        ChecklistRows.Read(ChecklistRows.Of(run)).Should().BeEquivalentTo(run);
    }
}
