using System.Globalization;
using PbxGrains.Simulator;

namespace PbxGrains.EndToEnd.Tests.Soak;

/// <summary>What may go wrong.</summary>
internal enum DisturbanceKind
{
    /// <summary>A PBX does not send its reports.</summary>
    ReportsDropped,

    /// <summary>A PBX sends each report twice.</summary>
    ReportsDoubled,

    /// <summary>Neighbouring reports of a PBX change places.</summary>
    ReportsSwapped,

    /// <summary>Reports of a PBX are late.</summary>
    ReportsLate,

    /// <summary>Reports are taken, but their 200 is lost on the way back.</summary>
    AnswersLost,

    /// <summary>Reports are taken, but their 200 comes after the PBX has given up waiting.</summary>
    AnswersLate,

    /// <summary>A PBX restarts: sessions end, running calls vanish, unsent reports are lost.</summary>
    Reboot,

    /// <summary>A PBX refuses connections.</summary>
    Down,

    /// <summary>A PBX accepts connections and never answers.</summary>
    BlackHole,

    /// <summary>Answers and files of a PBX break off in the middle.</summary>
    BodiesCut,

    /// <summary>A PBX answers everything with 504.</summary>
    ServerErrors,

    /// <summary>A worker silo is killed right after a record was acknowledged, and started again after a while.</summary>
    SiloKilled,

    /// <summary>PostgreSQL is stopped right after a record was acknowledged, ending all sessions, and started again.</summary>
    DatabaseStopped,

    /// <summary>PostgreSQL is stopped without writing anything down (SIGQUIT) right after a record was acknowledged.</summary>
    DatabaseCrashed,
}

/// <summary>Something that goes wrong for a while.</summary>
/// <param name="At">When it begins, after the start of the calls.</param>
/// <param name="Kind">What.</param>
/// <param name="Site">The PBX, or the silo; 0 where there is but one.</param>
/// <param name="Length">How long.</param>
internal sealed record Disturbance(TimeSpan At, DisturbanceKind Kind, int Site, TimeSpan Length)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At.TotalSeconds,7:0.0} s  {Kind} {Site} for {Length.TotalSeconds:0.0} s");
}

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
/// <param name="Disturbances">By time.</param>
internal sealed record SoakPlan(IReadOnlyList<PlannedCall> Calls, IReadOnlyList<Disturbance> Disturbances)
{
    /// <summary>Telephones per PBX.</summary>
    public const int Extensions = 20;

    private const int FirstExtension = 1001;
    private const double QuietShare = 0.1;

    private static readonly string[] Groups = ["6200", "6700", "6500"];

    private static readonly CallOutcome[] Outcomes =
    [
        CallOutcome.Answered, CallOutcome.Answered, CallOutcome.Answered, CallOutcome.Answered, CallOutcome.Answered, CallOutcome.Answered,
        CallOutcome.NoAnswer, CallOutcome.NoAnswer, CallOutcome.Busy, CallOutcome.Refused, CallOutcome.Unreachable, CallOutcome.Voicemail,
    ];

    /// <summary>Draws a plan.</summary>
    public static SoakPlan Draw(SoakOptions options)
    {
        // A seed shall give the same plan whatever the framework's unseeded generator becomes.
        var random = new Random(options.Seed);
        var calls = Enumerable.Range(0, (int)(options.Duration.TotalSeconds * options.CallsPerSecond))
            .Select(_ => Call(random, options))
            .OrderBy(call => call.At)
            .ToList();
        return new SoakPlan(calls, [.. SiteTrouble(random, options).Concat(ClusterTrouble(random, options)).OrderBy(disturbance => disturbance.At)]);
    }

    private static PlannedCall Call(Random random, SoakOptions options)
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

    /// <summary>Each PBX has every kind of trouble in turn, over and over, with pauses between.</summary>
    private static IEnumerable<Disturbance> SiteTrouble(Random random, SoakOptions options)
    {
        for (var site = 0; site < options.Sites; site++)
        {
            var kinds = Enum.GetValues<DisturbanceKind>().Where(kind => kind < DisturbanceKind.SiloKilled).ToArray();
            random.Shuffle(kinds);
            var at = TimeSpan.FromSeconds(random.NextDouble() * 3);
            for (var turn = 0; at < options.Duration * (1 - QuietShare); turn++)
            {
                var kind = kinds[turn % kinds.Length];
                var length = TimeSpan.FromSeconds(1 + (random.NextDouble() * 4));
                yield return new Disturbance(at, kind, site, length);
                at += length + TimeSpan.FromSeconds(random.NextDouble() * 2);
            }
        }
    }

    /// <summary>At least one of each; in longer runs again and again, at any distance of each other.</summary>
    private static IEnumerable<Disturbance> ClusterTrouble(Random random, SoakOptions options)
    {
        var usual = TimeSpan.FromMinutes(1);
        var rounds = Math.Max(1, (int)(options.Duration / usual));
        var round = options.Duration / rounds;
        for (var i = 0; i < rounds; i++)
        {
            DisturbanceKind[] kinds = [DisturbanceKind.SiloKilled, DisturbanceKind.DatabaseStopped, DisturbanceKind.DatabaseCrashed];
            random.Shuffle(kinds);
            for (var turn = 0; turn < kinds.Length; turn++)
            {
                var share = (turn + (random.NextDouble() * 0.7)) / kinds.Length;
                yield return new Disturbance((i * round) + (round * share), kinds[turn], random.Next(SoakInstallation.SiloCount), TimeSpan.FromSeconds(random.NextDouble() * 4));
            }
        }
    }

    private static string Telephone(Random random, string? except = null)
    {
        string number;
        do
        {
            number = (FirstExtension + random.Next(Extensions)).ToString(CultureInfo.InvariantCulture);
        }
        while (number == except);

        return number;
    }

    private static string Outside(Random random) => "70055501" + random.Next(10, 40).ToString(CultureInfo.InvariantCulture);
}
