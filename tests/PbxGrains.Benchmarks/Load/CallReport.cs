using System.Globalization;
using System.Text;

namespace PbxGrains.Benchmarks.Load;

/// <summary>A report of a PBX of which exactly one event follows.</summary>
/// <param name="Site">Number of the site, from 0.</param>
/// <param name="Key">Names the event that follows: its subject and its type.</param>
/// <param name="Body">As the PBX sends it.</param>
internal sealed record CallReport(int Site, string Key, byte[] Body)
{
    private static readonly (string Event, string Outer, string Inner)[] Stages =
        [("pbx.call.ringing", "ALERT", "RING"), ("pbx.call.answered", "ANSWERED", "ANSWER"), ("pbx.call.ended", "BYE", "BYE")];

    /// <summary>
    /// The reports of calls from outside, site after site: each rings, is answered at the site's next turn, and ends at the
    /// one after. The first call ids follow the time, as a PBX's do.
    /// </summary>
    /// <param name="sites">How many sites take turns.</param>
    /// <param name="epoch">When, seconds; call ids of one run differ from those of another.</param>
    public static IEnumerable<CallReport> Of(int sites, long epoch)
    {
        for (var turn = 0; ; turn++)
        {
            for (var site = 0; site < sites; site++)
            {
                var (type, outer, inner) = Stages[turn % Stages.Length];
                var call = string.Create(CultureInfo.InvariantCulture, $"{epoch}.{(turn / Stages.Length * sites) + site}");
                yield return new CallReport(site, KeyOf($"calls/{call}", type), Encoding.UTF8.GetBytes(
                    $$$"""{"event":"CallStatus","callid":"{{{call}}}","members":[{"inbound":{"from":"7005550142","to":"1023","trunkname":"siptrunk","channelid":"PJSIP/trunk-siptrunk-endpoint-00000008","memberstatus":"{{{outer}}}"}},{"ext":{"number":"1023","channelid":"PJSIP/1023-00000009","memberstatus":"{{{inner}}}"}}]}"""));
            }
        }
    }

    /// <summary>The name of an event.</summary>
    public static string KeyOf(string? subject, string? type) => $"{subject}/{type}";
}
