using System.Text.Encodings.Web;
using System.Text.Json;

using CsCheck;

using PbxGrains.Yeastar.Client;

namespace PbxGrains.Yeastar.Tests.Reports;

/// <summary>A well-formed report of any shape, and the parties it names in order.</summary>
/// <param name="Body">The JSON.</param>
/// <param name="Parties">As <see cref="ReportAssertions.Parties"/> writes them.</param>
internal sealed record GeneratedReport(string Body, IReadOnlyList<string> Parties)
{
    private static readonly JsonSerializerOptions AsIs = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Texts with all that may confuse a reader: quotes of any sort, brackets, escapes, control characters.</summary>
    private static readonly Gen<string> Text = Gen.OneOf('a', 'é', '"', '”', '“', '\'', '\\', '{', '}', '[', ']', ',', ':', '/', '*', ' ', '\n', '\0').Array[0, 8]
        .Select(chars => JsonSerializer.Serialize(new string(chars), AsIs));

    private static readonly Gen<string> Noise = Gen.OneOf(
        Text,
        Gen.OneOf("null", "true", "-1.5e3", "{}", "[]", """{"ext":{"extid":"999"},"a":[1,{"members":[2]}]}""", """[{"ext":{"extid":"999"}}]"""));

    private static readonly Gen<string> NoiseField = Gen.Select(Gen.OneOf("x", "news", "pin_code", "recording", "y:\\\""), Noise, (name, value) => $"\"{name}\":{value}");

    private static readonly Gen<(string Party, string Field)> Extension =
        from number in Gen.Int[100, 99999]
        from name in Gen.OneOf("extid", "number", "extension", "extnumber", "ext_id", "ExtID")
        from value in Gen.OneOf($"\"{number}\"", $"{number}", $"\" {number} \"", $"[\"{number}\"]", $"[{number},{number}]")
        from noise in NoiseField.Array[0, 2]
        from form in Gen.OneOf(
            $$"""{{{string.Join(',', [.. noise, $"\"{name}\":{value}"])}}}""",
            $$"""{{{string.Join(',', [$"\"{name}\":{value}", .. noise])}}}""",
            $"\"{number}\"",
            $$"""[{"{{name}}":{{value}}}]""")
        from key in Gen.OneOf("ext", "Ext")
        select ($"{PbxLegKind.Extension}:{number}", $"\"{key}\":{form}");

    private static readonly Gen<(string Party, string Field)> TrunkLeg =
        from kind in Gen.OneOf(PbxLegKind.Inbound, PbxLegKind.Outbound)
        from counter in Gen.Int[1, 9999]
        from name in Gen.OneOf($"{kind}id", "channelid")
        from value in Gen.OneOf($"\"1571898400.{counter}0\"", $"1571898400.{counter}0")
        from others in Gen.Shuffle((string[])["\"from\":\"5550142\"", "\"to\":1023", "\"trunk\":\"a\"", "\"trunkname\":\"\"", "\"memberstatus\":\"BYE\"", $"\"{name}\":{value}"])
        select ($"{kind}:1571898400.{counter}0", $$"""
            "{{(kind == PbxLegKind.Inbound ? "inbound" : "outbound")}}":{ {{string.Join(" , ", others)}} }
            """);

    /// <summary>Reports that name parties, in all layouts, spellings and orders.</summary>
    public static Gen<GeneratedReport> Any { get; } =
        from parties in Gen.OneOf(Extension, TrunkLeg).Array[1, 6]
        from layout in Gen.OneOf("root", "call", "members")
        from starts in Gen.Bool.Array[parties.Length]
        from discriminator in Gen.OneOf("action", "event", "Event")
        from word in Gen.OneOf("RING", "bye", "CallStatus", "Tranfer", "CallFailed", "DTMF event", "PlayPromptEnd", "NeverSeen")
        from callId in Gen.OneOf("\"1571898400.14\"", "1571898400.14")
        from noise in NoiseField.Array[0, 3]
        from others in Gen.Shuffle((string[])[$"\"{discriminator}\":\"{word}\"", $"\"callid\":{callId}", "\"sn\":\"1\"", .. noise])
        from places in Gen.Int[0, others.Length].Array[layout == "root" ? parties.Length : 1]
        from space in Gen.OneOf("", " ", "\r\n  ")
        let fields = layout == "root" ? parties.Select(party => party.Field) : [$"\"{layout}\":[{string.Join(',', Elements(parties, starts))}]"]
        select new GeneratedReport(
            $"{{{space}{string.Join("," + space, Spread(fields, others, places))}{space}}}",
            [.. parties.Select(party => party.Party)]);

    /// <summary>Objects of one or several parties.</summary>
    private static IEnumerable<string> Elements((string Party, string Field)[] parties, bool[] starts)
    {
        var open = new List<string>();
        for (var i = 0; i < parties.Length; i++)
        {
            if (starts[i] && open.Count > 0)
            {
                yield return $"{{{string.Join(',', open)}}}";
                open.Clear();
            }

            open.Add(parties[i].Field);
        }

        yield return $"{{{string.Join(',', open)}}}";
    }

    /// <summary>Puts the fields among the others, keeping their order.</summary>
    private static List<string> Spread(IEnumerable<string> fields, string[] others, int[] places)
    {
        var all = others.ToList();
        var before = 0;
        foreach (var (field, place) in fields.Zip(places.Order()))
        {
            all.Insert(place + before++, field);
        }

        return all;
    }
}
