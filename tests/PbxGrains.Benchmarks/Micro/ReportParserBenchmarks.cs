using BenchmarkDotNet.Attributes;

using PbxGrains.Yeastar.Reports;

namespace PbxGrains.Benchmarks;

/// <summary>What reading one report costs: the common ones, and one whose typography has to be mended first.</summary>
[MemoryDiagnoser]
public class ReportParserBenchmarks
{
    private static readonly byte[] CallStatusBody =
        """{"event":"CallStatus","callid":"1571898400.14","members":[{"inbound":{"from":"7005550142","to":"1023","trunkname":"siptrunk","channelid":"PJSIP/trunk-siptrunk-endpoint-00000008","memberstatus":"ALERT"}},{"ext":{"number":"1023","channelid":"PJSIP/1023-00000009","memberstatus":"RING"}}],"sn":"369451000001"}"""u8.ToArray();

    private static readonly byte[] CallRecordBody =
        """{"event":"NewCdr","callid":"1571898400.14","timestart":"2019-10-23 22:26:40","callfrom":"7005550142","callto":"1023","callduraction":"25","talkduraction":"16","srctrunkname":"siptrunk","dsttrcunkname":"","pincode":"","status":"ANSWERED","type":"Inbound","recording":"","didnumber":"31612340","agentringtime":"0","sn":"369451000001"}"""u8.ToArray();

    private static readonly byte[] RepeatedKeyBody =
        """{"action":"RING","callid":"1495706238.328","ext":{"extid":"1000"},"ext":{"extid":"1002"}}"""u8.ToArray();

    private static readonly byte[] TypographicBody =
        """{“action”:“RING”,“callid”:“1495706238.328”,“ext”:{“extid”:“1000”},“ext”:{“extid”:“1002”}}"""u8.ToArray();

    /// <summary>Dialect 2, two parties.</summary>
    [Benchmark(Baseline = true)]
    public Report CallStatus() => ReportParser.Parse(CallStatusBody);

    /// <summary>Dialect 2, all fields.</summary>
    [Benchmark]
    public Report CallRecord() => ReportParser.Parse(CallRecordBody);

    /// <summary>Default format of dialect 1.</summary>
    [Benchmark]
    public Report RepeatedKey() => ReportParser.Parse(RepeatedKeyBody);

    /// <summary>The same in typographic quotes.</summary>
    [Benchmark]
    public Report Typographic() => ReportParser.Parse(TypographicBody);

    /// <summary>The copy of a call record that is stored.</summary>
    [Benchmark]
    public string CallRecordWithoutPinCode() => ReportRedaction.WithoutPinCode(CallRecordBody);
}
