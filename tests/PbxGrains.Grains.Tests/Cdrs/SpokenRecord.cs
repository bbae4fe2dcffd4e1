using System.Globalization;
using System.Text;
using CsCheck;
using PbxGrains.Storage.Cdrs;

namespace PbxGrains.Grains.Tests.Cdrs;

/// <summary>The ways a record travels, each with its own spelling (fact sheet S-Series §4.9, §7.5, §7.6, §8.3).</summary>
internal enum Spelling
{
    /// <summary>Pushed in dialect 2: all keys, empty where there is nothing to say.</summary>
    V2,

    /// <summary>Pushed in dialect 1: absent keys where there is nothing to say.</summary>
    V1,

    /// <summary>Pushed as the first guide says: numbers as numbers, and the third name of the trunk.</summary>
    V100,

    /// <summary>The action of dialect 1 with the keys of dialect 2.</summary>
    Mixed,

    /// <summary>A line of the file that catch-up downloads.</summary>
    Listed,

    /// <summary>A line of the file that an import downloads.</summary>
    Imported,
}

/// <summary>One record told once.</summary>
/// <param name="Record">The record.</param>
/// <param name="Spelling">How.</param>
/// <param name="SeenAt">When it arrived.</param>
/// <param name="Dress">Draws what does not matter: order of keys, blanks in numbers, line ends, quotes.</param>
internal sealed record Telling(SpokenRecord Record, Spelling Spelling, DateTimeOffset SeenAt, int Dress)
{
    public bool IsPushed => Spelling is not (Spelling.Listed or Spelling.Imported);

    public string Source => Spelling switch { Spelling.Listed => RecordedSource.CatchUp, Spelling.Imported => RecordedSource.Import, _ => RecordedSource.Push };

    /// <summary>The bytes on the wire.</summary>
    public byte[] Wire() => Encoding.UTF8.GetBytes(IsPushed ? Json() : Csv());

    private string Json()
    {
        var random = new Random(Dress);
        var (all, numbers) = (Spelling is Spelling.V2 or Spelling.Mixed, Spelling is Spelling.V100);
        var members = Record.Members(random, outcome: Spelling switch { Spelling.V2 => 1, Spelling.Mixed => 2, _ => 0 })
            .Append((Spelling switch { Spelling.V1 => "desttrunkname", Spelling.V100 => "dstrunkname", _ => "dsttrcunkname" }, Record.DestinationTrunk))
            .Append((Spelling is Spelling.V2 ? "event" : "action", "NewCdr"))
            .Append(("agentringtime", Record.RingSeconds is > 0 and var rang ? rang.ToString(CultureInfo.InvariantCulture) : all ? "0" : ""))
            .Append(("pincode", ""))
            .Append(("sn", "369362000001"))
            .Where(member => all || member.Item2.Length > 0)
            .ToArray();
        random.Shuffle(members);
        return "{" + string.Join(",", members.Select(member => numbers && member.Item1.EndsWith("duraction", StringComparison.Ordinal)
            ? $"\"{member.Item1}\":{member.Item2}"
            : $"\"{member.Item1}\":\"{member.Item2}\"")) + "}";
    }

    private string Csv()
    {
        const string Header = "callid,timestart,callfrom,callto,callduraction,talkduraction,srctrunkname,dsttrunkname,status,type,pincode,recording,didnumber,sn";
        var random = new Random(Dress);
        var (end, quoted, headed, marked) = (random.Next(2) == 0 ? "\n" : "\r\n", random.Next(2) == 0, random.Next(4) > 0, random.Next(2) == 0);
        var told = Record.Members(random, outcome: 0).ToDictionary(StringComparer.Ordinal);
        string[] cells =
        [
            told["callid"], told["timestart"], told["callfrom"], told["callto"], told["callduraction"], told["talkduraction"], told["srctrunkname"], Record.DestinationTrunk,
            told["status"], told["type"], "", told["recording"], told["didnumber"], "369362000001",
        ];
        return (marked ? "\uFEFF" : "") + (headed ? Header + end : "") + string.Join(",", cells.Select(cell => quoted || cell.Contains(',', StringComparison.Ordinal) ? $"\"{cell}\"" : cell)) + end;
    }
}

/// <summary>A call record as a PBX has it, before it is spelled one way or another. Texts are empty where there is nothing to say.</summary>
internal sealed record SpokenRecord(
    string CallId, DateTime Start, string From, string To, int TotalSeconds, int TalkSeconds, string SourceTrunk, string DestinationTrunk,
    string Status, string Type, string Recording, string Did, int RingSeconds)
{
    private static readonly DateTime Noon = new(2026, 1, 15, 12, 0, 0);

    private static readonly Dictionary<string, string[]> Outcomes = new(StringComparer.Ordinal)
    {
        ["ANSWERED"] = ["ANSWERED", "ANSWERD", "ANSWERED"],
        ["NO ANSWER"] = ["NO ANSWER", "NO ANSWERED", "NO ANSWER"],
    };

    /// <summary>What tells this record from others, in the model's own terms.</summary>
    public string Key => string.Join('|', CallId, Start.ToString("s", CultureInfo.InvariantCulture), From, To, Type, Status);

    /// <summary>Records that are alike in much, as the legs of one call are.</summary>
    public static Gen<SpokenRecord> Any { get; } =
        from second in Gen.Int[0, 2]
        from counter in Gen.Int[1, 2]
        from strange in Gen.Int[0, 9]
        from parties in Gen.Select(OneOf("1001", "1002", "0142685300", "+33142685300", ""), OneOf("1002", "6200(1002)", "6200", "0142685300", "22#7"))
        from seconds in Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 2])
        from trunks in Gen.Select(OneOf("", "", "SPS-6-36"), OneOf("", "", "GSM 1, Büro"))
        from words in Gen.Select(OneOf("ANSWERED", "NO ANSWER", "BUSY", "FAILED", "VOICEMAIL", "WEIRD"), OneOf("Inbound", "Outbound", "Internal", "Transfer", "Callback"))
        from names in Gen.Select(OneOf("", "20260115120000-x.wav", "../../x"), OneOf("", "31612340"))
        let start = Noon.AddSeconds(second)
        select new SpokenRecord(
            strange == 0 ? $"odd-{counter}" : $"{new DateTimeOffset(start, TimeSpan.FromHours(1)).ToUnixTimeSeconds()}.{counter}",
            start, parties.Item1, parties.Item2, seconds.Item1, seconds.Item2, trunks.Item1, trunks.Item2, words.Item1, words.Item2, names.Item1, names.Item2, seconds.Item3);

    /// <summary>Several different records, each told at least once, in any order and at any time.</summary>
    public static Gen<Telling[]> Told { get; } =
        from records in Any.Array[1, 4]
        from tellings in Gen.Select(Gen.Int[0, records.Length - 1], Gen.Int[0, 5], Gen.Int[0, 4], Gen.Int[0, 1000]).Array[1, 10]
        let different = records.DistinctBy(record => record.Key).ToArray()
        select tellings.Select(told => new Telling(different[told.Item1 % different.Length], (Spelling)told.Item2, new DateTimeOffset(2026, 1, 15, 12, told.Item3, 0, TimeSpan.Zero), told.Item4)).ToArray();

    /// <summary>The members all spellings share.</summary>
    /// <param name="random">Draws blanks in numbers, which mean nothing.</param>
    /// <param name="outcome">Which spelling of the outcome.</param>
    public IEnumerable<(string Name, string Value)> Members(Random random, int outcome) =>
    [
        ("callid", CallId),
        ("timestart", Start.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)),
        ("callfrom", Blanks(From, random)),
        ("callto", Blanks(To, random)),
        ("callduraction", TotalSeconds.ToString(CultureInfo.InvariantCulture)),
        ("talkduraction", TalkSeconds.ToString(CultureInfo.InvariantCulture)),
        ("srctrunkname", SourceTrunk),
        ("status", Outcomes.TryGetValue(Status, out var spellings) ? spellings[outcome] : Status),
        ("type", Type),
        ("recording", Recording),
        ("didnumber", Did),
    ];

    private static string Blanks(string number, Random random) => number.Length > 4 && random.Next(3) == 0 ? number[..4] + " " + number[4..] : number;

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);
}
