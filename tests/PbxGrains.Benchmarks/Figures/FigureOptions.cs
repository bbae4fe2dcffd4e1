using System.Globalization;

namespace PbxGrains.Benchmarks.Figures;

/// <summary>What is to be measured.</summary>
/// <param name="Name">Only figures whose name contains this; null for all.</param>
/// <param name="Rounds">How often each is measured; null for three times, once when it must be quick.</param>
/// <param name="Quick">Short, to see that it works.</param>
/// <param name="JsonFile">Where the result goes; the plots go beside it. Null for nowhere.</param>
internal sealed record FigureOptions(string? Name, int? Rounds, bool Quick, string? JsonFile)
{
    /// <summary>Reads <c>--figure</c>, <c>--rounds</c>, <c>--quick</c> and <c>--json</c>.</summary>
    public static FigureOptions Read(IReadOnlyList<string> arguments) => new(
        Value(arguments, "--figure"),
        Value(arguments, "--rounds") is { } rounds ? int.Parse(rounds, NumberStyles.None, CultureInfo.InvariantCulture) : null,
        arguments.Contains("--quick", StringComparer.Ordinal),
        Value(arguments, "--json"));

    private static string? Value(IReadOnlyList<string> arguments, string option)
    {
        for (var i = 0; i + 1 < arguments.Count; i++)
        {
            if (arguments[i] == option)
            {
                return arguments[i + 1];
            }
        }

        return null;
    }
}
