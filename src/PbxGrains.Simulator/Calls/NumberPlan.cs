namespace PbxGrains.Simulator.Calls;

/// <summary>Where a dialled number leads.</summary>
internal abstract record Destination(string Number)
{
    /// <summary>One telephone.</summary>
    public sealed record Telephone(SimulatedExtension Extension) : Destination(Extension.Number);

    /// <summary>Several telephones that ring together.</summary>
    public sealed record RingGroup(string Number, IReadOnlyList<SimulatedExtension> Members) : Destination(Number);

    /// <summary>Agents who are rung one after the other.</summary>
    public sealed record Queue(string Number, IReadOnlyList<SimulatedExtension> Agents) : Destination(Number);

    /// <summary>A menu that answers and then rings one telephone.</summary>
    public sealed record Ivr(string Number, SimulatedExtension Behind) : Destination(Number);

    /// <summary>A number in the public network.</summary>
    public sealed record Outside(string Number) : Destination(Number);

    /// <summary>No such number inside.</summary>
    public sealed record Unknown(string Number) : Destination(Number);

    /// <summary>Not a number that can be dialled.</summary>
    public sealed record NotDialable(string Number) : Destination(Number);
}

/// <summary>The numbers of one PBX besides its telephones, which are the same on every PBX.</summary>
internal sealed class NumberPlan(SimulatedPbx pbx)
{
    /// <summary>Rings the first three telephones together.</summary>
    public const string RingGroup = "6200";

    /// <summary>Queue of the next three telephones.</summary>
    public const string Queue = "6700";

    /// <summary>Menu in front of the first telephone.</summary>
    public const string Ivr = "6500";

    /// <summary>The SIP trunk all outside calls use.</summary>
    public const string Trunk = "siptrunk";

    private const int GroupSize = 3;
    private const int LongestInside = 4;

    /// <summary>Telephones of the ring group.</summary>
    public IReadOnlyList<SimulatedExtension> GroupMembers { get; } = [.. pbx.Extensions.Take(GroupSize)];

    /// <summary>Agents of the queue.</summary>
    public IReadOnlyList<SimulatedExtension> Agents { get; } = [.. pbx.Extensions.Skip(GroupSize).Take(GroupSize)];

    /// <summary>The number outside callers dial for a telephone: the fleet's prefix and the extension number.</summary>
    public static string DidOf(string number) => "3161" + number;

    /// <summary>Where a number dialled inside leads.</summary>
    public Destination Resolve(string number)
    {
        if (pbx.FindExtension(number) is { } extension)
        {
            return new Destination.Telephone(extension);
        }

        return number switch
        {
            RingGroup when GroupMembers.Count > 0 => new Destination.RingGroup(number, GroupMembers),
            Queue when Agents.Count > 0 => new Destination.Queue(number, Agents),
            Ivr when GroupMembers.Count > 0 => new Destination.Ivr(number, GroupMembers[0]),
            "" => new Destination.NotDialable(number),
            _ when !number.All(static sign => char.IsAsciiDigit(sign) || sign is '+' or '*' or '#') => new Destination.NotDialable(number),
            _ when number.Length <= LongestInside => new Destination.Unknown(number),
            _ => new Destination.Outside(number),
        };
    }

    /// <summary>Where an outside caller arrives: a number inside, the telephone whose DID was dialled, or the ring group.</summary>
    public Destination ResolveInbound(string number) => Resolve(number) switch
    {
        Destination.Outside outside when pbx.Extensions.FirstOrDefault(extension => outside.Number == DidOf(extension.Number)) is { } extension =>
            new Destination.Telephone(extension),
        Destination.Outside or Destination.Unknown or Destination.NotDialable => new Destination.RingGroup(RingGroup, GroupMembers),
        var inside => inside,
    };

    /// <summary>Outside numbers tell by their last digits what becomes of the call, so that anybody can try each case.</summary>
    public static CallOutcome OutcomeOf(string outside) => outside switch
    {
        _ when outside.EndsWith("486", StringComparison.Ordinal) => CallOutcome.Busy,
        _ when outside.EndsWith("603", StringComparison.Ordinal) => CallOutcome.Refused,
        _ when outside.EndsWith("404", StringComparison.Ordinal) => CallOutcome.NotFound,
        _ when outside.EndsWith("480", StringComparison.Ordinal) => CallOutcome.Unreachable,
        _ when outside.EndsWith("408", StringComparison.Ordinal) => CallOutcome.NoAnswer,
        _ => CallOutcome.Answered,
    };
}
