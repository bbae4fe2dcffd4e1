using System.Globalization;
using System.Text;

namespace PbxGrains.Benchmarks.Load;

/// <summary>Call record reports as PBXs push them at the end of a call (fact sheet S-Series §8.3), no two alike.</summary>
internal static class CdrReport
{
    /// <summary>One of them.</summary>
    /// <param name="epoch">When the call began, seconds, as its id has it.</param>
    /// <param name="wallClock">The same by the PBX's clock.</param>
    /// <param name="number">Numbers them within a second and a site.</param>
    public static byte[] Body(long epoch, DateTime wallClock, int number)
    {
        var extension = 1001 + (number % 50);
        var caller = 700_555_0000L + (number * 7919L % 10_000);
        var talked = 5 + (number % 300);
        return Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"event":"NewCdr","callid":"{{epoch}}.{{number}}","timestart":"{{wallClock:yyyy-MM-dd HH:mm:ss}}","callfrom":"{{caller}}","callto":"{{extension}}","callduraction":"{{talked + 7}}","talkduraction":"{{talked}}","srctrunkname":"siptrunk","dsttrcunkname":"","pincode":"","status":"ANSWERED","type":"Inbound","recording":"","didnumber":"5503301","agentringtime":"0","sn":"369451000001"}"""));
    }
}
