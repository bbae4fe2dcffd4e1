using System.Globalization;

namespace PbxGrains.Benchmarks.Figures;

/// <summary>What is to be measured.</summary>
/// <param name="Name">Only figures whose name contains this; null for all.</param>
/// <param name="Rounds">How often each is measured.</param>
/// <param name="JsonFile">Where the result goes.</param>
internal sealed record FigureOptions(string? Name, int Rounds, string? JsonFile)
{
    /// <summary>Reads <c>--figure</c>, <c>--rounds</c> and <c>--json</c>.</summary>
    public static FigureOptions Read(IReadOnlyList<string> arguments) => new(
        Value(arguments, "--figure"),
        int.Parse(Value(arguments, "--rounds") ?? "1", NumberStyles.None, CultureInfo.InvariantCulture),
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
