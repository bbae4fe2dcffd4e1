using System.Globalization;
using PbxGrains.Simulator.Calls;
using PbxGrains.Simulator.Fleet;

namespace PbxGrains.Simulator.Traffic;

/// <summary>
/// Calls nobody asked for: mixed kinds at random moments, as many a minute as wanted. The last two telephones of a PBX
/// are left to whoever tries the API. Used under the PBX's gate.
/// </summary>
internal sealed class TrafficGenerator(SimulatedPbx pbx)
{
    private const int LotForTraffic = 3;

    private const int LeftAlone = 2;

    private readonly Random _random = Lot.For(pbx.Options.Seed, pbx.Index, LotForTraffic);
    private readonly SimulatedExtension[] _telephones = [.. pbx.Extensions.Take(Math.Max(2, pbx.Extensions.Count - LeftAlone))];

    /// <summary>Plans the first call, and after each call the next.</summary>
    public void Start()
    {
        if (pbx.Options.CallsPerMinute <= 0)
        {
            return;
        }

        // Waits between calls of a Poisson stream.
        var wait = TimeSpan.FromMinutes(-Math.Log(1 - _random.NextDouble()) / pbx.Options.CallsPerMinute);
        _ = pbx.Timeline.After(wait, () =>
        {
            Call();
            Start();
        });
    }

    private void Call()
    {
        var kind = _random.NextDouble();
        var plan = Plan();
        var caller = Free();
        var outside = "7005550" + _random.Next(100, 400).ToString(CultureInfo.InvariantCulture);
        var board = pbx.Switchboard;
        if (kind < 0.45)
        {
            var dialled = kind switch
            {
                < 0.25 => AnyTelephone(),
                < 0.33 => NumberPlan.RingGroup,
                < 0.41 => NumberPlan.Queue,
                _ => NumberPlan.Ivr,
            };
            _ = pbx.CallFlow.FromTrunk(outside, dialled, plan);
        }
        else if (caller is not null)
        {
            var destination = kind < 0.75 ? outside : AnyTelephone();
            if (destination != caller.Number)
            {
                _ = pbx.CallFlow.FromExtension(caller, board.Numbers.Resolve(destination), plan, isFromApi: false, autoAnswer: false);
            }
        }
    }

    private CallPlan Plan()
    {
        var lot = _random.NextDouble();
        var transferTo = _random.NextDouble() < 0.05 ? AnyTelephone() : null;
        return new CallPlan
        {
            Outcome = lot switch
            {
                < 0.72 => CallOutcome.Answered,
                < 0.84 => CallOutcome.NoAnswer,
                < 0.91 => CallOutcome.Busy,
                < 0.95 => CallOutcome.Refused,
                < 0.97 => CallOutcome.Unreachable,
                _ => CallOutcome.Voicemail,
            },
            TransferTo = transferTo,
        };
    }

    private string AnyTelephone() => _telephones[_random.Next(_telephones.Length)].Number;

    private SimulatedExtension? Free()
    {
        var free = _telephones.Where(extension => extension.IsFree).ToList();
        return free.Count == 0 ? null : free[_random.Next(free.Count)];
    }
}
