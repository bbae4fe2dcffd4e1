namespace PbxGrains.EndToEnd.Tests.Faults;

/// <summary>What must hold holds whatever breaks. The long form: <c>scripts/faults.sh</c>.</summary>
public sealed class FaultTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Nothing_is_lost_doubled_or_told_wrong_whatever_breaks()
    {
        var options = FaultOptions.FromEnvironment();

        var wrong = await new FaultRun(options, Say, Note).RunAsync(TestContext.Current.CancellationToken);

        wrong.Should().BeEmpty("the faults above were withstood; again with: {0}", options.Command);

        void Say(string line)
        {
            Note(line);
            if (options.ProgressFile is { } file)
            {
                File.AppendAllText(file, line + "\n");
            }
        }

        void Note(string line)
        {
            output.WriteLine(line);
            if (options.ReportFile is { } file)
            {
                File.AppendAllText(file + ".history", line + "\n");
            }
        }
    }

    [Fact]
    public void A_seed_always_gives_the_same_plan_with_every_kind_of_fault_in_it()
    {
        var options = new FaultOptions { Seed = 7 };

        var (plan, again, other) = (FaultPlan.Draw(options), FaultPlan.Draw(options), FaultPlan.Draw(options with { Seed = 8 }));

        plan.Calls.Should().Equal(again.Calls);
        plan.Faults.Should().Equal(again.Faults).And.NotEqual(other.Faults);
        plan.Faults.Select(fault => fault.Kind).Distinct().Should().HaveCount(Enum.GetValues<FaultKind>().Length);
    }

    [Fact]
    public void Before_the_database_breaks_again_there_is_time_to_recover()
    {
        var options = new FaultOptions { Seed = 7, Duration = TimeSpan.FromMinutes(30) };

        var broken = FaultPlan.Draw(options).Faults.Where(fault => fault.Kind >= FaultKind.DatabaseRestarted).ToList();

        broken.Should().HaveCountGreaterThan(40);
        broken.Zip(broken.Skip(1), (one, next) => next.At - one.At - one.Length).Should().OnlyContain(pause => pause > TimeSpan.FromSeconds(5));
        broken[^1].At.Should().BeLessThan(options.Duration * 0.9);
    }
}
