using System.Globalization;
using PbxGrains.Simulator;

namespace PbxGrains.EndToEnd.Tests.Faults;

/// <summary>A call that somebody makes.</summary>
/// <param name="At">When, after the start.</param>
/// <param name="Site">The PBX.</param>
/// <param name="From">An extension, or an outside number for a call from outside.</param>
/// <param name="To">Whom.</param>
/// <param name="FromOutside">Whether it comes in by the trunk.</param>
/// <param name="Plan">How it goes.</param>
internal sealed record PlannedCall(TimeSpan At, int Site, string From, string To, bool FromOutside, CallPlan Plan);

/// <summary>All that is going to happen, drawn from one seed before it starts. Pure.</summary>
/// <param name="Calls">By time.</param>
/// <param name="Faults">By time.</param>
internal sealed record FaultPlan(IReadOnlyList<PlannedCall> Calls, IReadOnlyList<Fault> Faults)
{
    /// <summary>Telephones per PBX.</summary>
    public const int Extensions = 20;

    /// <summary>Of these, the first ones people call with; the others dial by the API alone, so that it is told apart.</summary>
    public const int Telephones = 10;

    private const int FirstExtension = 1001;
    private const double QuietShare = 0.1;

    /// <summary>One fault of a lane in this time, in runs that are long enough.</summary>
    private static readonly TimeSpan UsualSlot = TimeSpan.FromSeconds(35);

    private static readonly string[] Groups = ["6200", "6700", "6500"];

    private static readonly CallOutcome[] Outcomes =
    [
        CallOutcome.Answered, CallOutcome.Answered, CallOutcome.Answered, CallOutcome.Answered, CallOutcome.Answered, CallOutcome.Answered,
        CallOutcome.NoAnswer, CallOutcome.NoAnswer, CallOutcome.Busy, CallOutcome.Refused, CallOutcome.Unreachable, CallOutcome.Voicemail,
    ];

    /// <summary>Draws a plan.</summary>
    public static FaultPlan Draw(FaultOptions options)
    {
        // A seed shall give the same plan whatever the framework's unseeded generator becomes.
        var random = new Random(options.Seed);
        var calls = Enumerable.Range(0, (int)(options.Duration.TotalSeconds * options.CallsPerSecond))
            .Select(_ => Call(random, options))
            .OrderBy(call => call.At)
            .ToList();
        return new FaultPlan(calls, [.. AllFaults(random, options).OrderBy(fault => fault.At)]);
    }

    private static IEnumerable<Fault> AllFaults(Random random, FaultOptions options) =>
    [
        .. PbxFaults(random, options),
        .. ClusterFaults(random, options, FaultKind.HalfSilent, FaultKind.DatabasePartitioned),
        .. ClusterFaults(random, options, FaultKind.WorkerKilled, FaultKind.SiloClockStepped),
        .. ClusterFaults(random, options, FaultKind.DatabaseRestarted, FaultKind.DiskSlow),
    ];

    private static PlannedCall Call(Random random, FaultOptions options)
    {
        var fromOutside = random.Next(2) == 0;
        var from = fromOutside ? Outside(random) : Telephone(random);
        var to = random.Next(4) switch
        {
            0 => Groups[random.Next(Groups.Length)],
            1 when !fromOutside => Outside(random),
            _ => Telephone(random, except: from),
        };
        var plan = new CallPlan
        {
            Outcome = Outcomes[random.Next(Outcomes.Length)],
            Ring = TimeSpan.FromMilliseconds(random.Next(100, 900)),
            Talk = TimeSpan.FromMilliseconds(random.Next(200, 4000)),
            Recorded = random.Next(2) == 0,
            TransferTo = random.Next(8) == 0 ? Telephone(random, except: to) : null,
            ForwardTo = random.Next(12) == 0 ? Telephone(random, except: to) : null,
            Keys = random.Next(10) == 0 ? "12#" : "",
        };
        return new PlannedCall(options.Duration * random.NextDouble(), random.Next(options.Sites), from, to, fromOutside, plan);
    }

    /// <summary>Each PBX has every kind of trouble in turn, over and over, with pauses between; not all begin with the same.</summary>
    private static IEnumerable<Fault> PbxFaults(Random random, FaultOptions options)
    {
        var kinds = Enum.GetValues<FaultKind>().Where(kind => kind < FaultKind.HalfSilent).ToArray();
        random.Shuffle(kinds);
        for (var site = 0; site < options.Sites; site++)
        {
            var at = TimeSpan.FromSeconds(random.NextDouble() * 3);
            for (var turn = 0; at < options.Duration * (1 - QuietShare); turn++)
            {
                var length = TimeSpan.FromSeconds(1 + (random.NextDouble() * (options.LongestFault.TotalSeconds - 1)));
                yield return new Fault(at, kinds[((site * kinds.Length / options.Sites) + turn) % kinds.Length], site, length);
                at += length + (options.LongestFault * (0.3 + random.NextDouble()));
            }
        }
    }

    /// <summary>
    /// At least one of each; in longer runs again and again. One of these at a time, with time to recover before the next; at
    /// any distance of other lanes' faults.
    /// </summary>
    private static IEnumerable<Fault> ClusterFaults(Random random, FaultOptions options, FaultKind first, FaultKind last)
    {
        var kinds = Enum.GetValues<FaultKind>().Where(kind => kind >= first && kind <= last).ToArray();
        var rounds = Math.Max(1, (int)(options.Duration / (UsualSlot * kinds.Length)));
        List<(FaultKind Kind, TimeSpan Length)> faults = [];
        for (var round = 0; round < rounds; round++)
        {
            random.Shuffle(kinds);
            faults.AddRange(kinds.Select(kind => (kind, Length(random, options, kind))));
        }

        var pause = ((options.Duration * (1 - QuietShare)) - faults.Aggregate(TimeSpan.Zero, (sum, fault) => sum + fault.Length)) / faults.Count;
        var slot = TimeSpan.Zero;
        foreach (var (kind, length) in faults)
        {
            yield return new Fault(slot + (pause * random.NextDouble() * 0.4), kind, random.Next(), length);
            slot += length + pause;
        }
    }

    private static TimeSpan Length(Random random, FaultOptions options, FaultKind kind) => kind switch
    {
        FaultKind.DatabaseOutage => options.Outage,
        FaultKind.HalfSilent or FaultKind.HalfVanished => options.HalfGone,
        FaultKind.DatabaseRestarted => TimeSpan.Zero,
        _ => options.LongestFault * (0.3 + (random.NextDouble() * 0.7)),
    };

    private static string Telephone(Random random, string? except = null)
    {
        string number;
        do
        {
            number = (FirstExtension + random.Next(Telephones)).ToString(CultureInfo.InvariantCulture);
        }
        while (number == except);

        return number;
    }

    private static string Outside(Random random) => "70055501" + random.Next(10, 40).ToString(CultureInfo.InvariantCulture);
}
