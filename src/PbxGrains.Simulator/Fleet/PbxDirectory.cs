using System.Globalization;

namespace PbxGrains.Simulator.Fleet;

/// <summary>Who sits at which telephone, and which numbers lead to several of them.</summary>
internal static class PbxDirectory
{
    private static readonly string[] FirstNames = ["Jana", "José", "Amélie", "Nils", "Zoë", "Paul", "Inès", "Lars", "Chloé", "Tomáš", "Léa", "Marek"];
    private static readonly string[] LastNames = ["Dvořáková", "Martin", "Lefèvre", "Nowak", "García", "Müller", "Petit", "Novák", "Rossi", "Bernard"];

    public static IReadOnlyList<SimulatedExtension> Extensions(int index, FleetOptions options)
    {
        var random = Lot.For(options.Seed, index, purpose: 1);
        var extensions = new SimulatedExtension[options.Extensions];
        for (var i = 0; i < extensions.Length; i++)
        {
            var name = $"{FirstNames[random.Next(FirstNames.Length)]} {LastNames[random.Next(LastNames.Length)]}";
            var number = (options.FirstExtension + i).ToString(CultureInfo.InvariantCulture);
            var isFxs = i >= extensions.Length - options.FxsExtensions;
            extensions[i] = new SimulatedExtension(number, name, isFxs, 1 + (i % 16), $"192.168.{1 + (index % 250)}.{10 + (i % 240)}");
        }

        return extensions;
    }
}
