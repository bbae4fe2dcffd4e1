namespace PbxGrains.EndToEnd.Tests.Soak;

/// <summary>
/// No record is lost, doubled or altered whatever breaks. The long form: <c>scripts/soak.sh</c>.
/// </summary>
public sealed class SoakTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_ledger_holds_exactly_the_records_of_all_PBXs_whatever_broke_meanwhile()
    {
        var options = SoakOptions.FromEnvironment();

        var wrong = await new SoakRun(options, Say, output.WriteLine).RunAsync(TestContext.Current.CancellationToken);

        wrong.Should().BeEmpty("seed {0}", options.Seed);

        void Say(string line)
        {
            output.WriteLine(line);
            if (options.ProgressFile is { } file)
            {
                File.AppendAllText(file, line + "\n");
            }
        }
    }

    [Fact]
    public void A_seed_always_gives_the_same_plan()
    {
        var options = new SoakOptions { Seed = 7 };

        var (plan, again, other) = (SoakPlan.Draw(options), SoakPlan.Draw(options), SoakPlan.Draw(options with { Seed = 8 }));

        plan.Calls.Should().Equal(again.Calls);
        plan.Disturbances.Should().Equal(again.Disturbances).And.NotEqual(other.Disturbances);
        plan.Disturbances.Select(disturbance => disturbance.Kind).Distinct().Should().HaveCount(Enum.GetValues<DisturbanceKind>().Length);
    }
}
