using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace PbxGrains.Storage.Migrations;

/// <summary>One numbered step of the schema, an embedded file <c>0001_name.sql</c>.</summary>
/// <param name="Version">Its number; the first is 1 and there are no gaps.</param>
/// <param name="Name">What the file name says after the number.</param>
/// <param name="Text">The SQL, with line feeds as line ends.</param>
internal sealed record Migration(int Version, string Name, string Text)
{
    private const string Folder = "PbxGrains.Storage.Migrations.";
    private const string Breaking = "breaking_";

    /// <summary>Every migration of this binary, in order.</summary>
    public static IReadOnlyList<Migration> All { get; } = Load(typeof(Migration).Assembly);

    /// <summary>
    /// True for a step with which programs that do not know it cannot go on, <c>0001_breaking_name.sql</c>. All others only
    /// add: in an upgrade that rolls, a silo of the version before may start again on the new schema.
    /// </summary>
    /// <param name="name">A migration's name.</param>
    public static bool IsBreaking(string name) => name.StartsWith(Breaking, StringComparison.Ordinal);

    /// <summary>SHA-256 of the text, lower-case hex.</summary>
    public string Checksum => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));

    private static Migration[] Load(Assembly assembly) =>
        [.. assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(Folder, StringComparison.Ordinal) && resource.EndsWith(".sql", StringComparison.Ordinal))
            .Select(resource => Read(assembly, resource))
            .OrderBy(migration => migration.Version)];

    private static Migration Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
        var file = resource[Folder.Length..^".sql".Length];
        var number = file.IndexOf('_', StringComparison.Ordinal);
        return new Migration(
            int.Parse(file.AsSpan(0, number), NumberStyles.None, CultureInfo.InvariantCulture),
            file[(number + 1)..],
            reader.ReadToEnd().ReplaceLineEndings("\n"));
    }
}
