namespace PbxGrains.Yeastar.Client;

/// <summary>Reads running calls of dialect 2.0.0 (fact sheet S-Series §4.5, §8.1).</summary>
internal static class V2Calls
{
    public static PbxCall Read(CallRowV2 row)
    {
        var via = AnswerWords.Text(row.CallPath);
        var legs = new List<PbxLeg>(row.Members.Count);
        foreach (var member in row.Members)
        {
            legs.AddRange(member.Inbound.Select(leg => TrunkLeg(leg, PbxLegKind.Inbound, via)));
            legs.AddRange(member.Outbound.Select(leg => TrunkLeg(leg, PbxLegKind.Outbound, via)));
            legs.AddRange(member.Extensions.Select(leg => ExtensionLeg(leg, via)));
        }

        return new PbxCall(AnswerWords.Text(row.CallId), legs);
    }

    private static PbxLeg TrunkLeg(LegRowV2 row, PbxLegKind kind, string? via) => new()
    {
        Kind = kind,
        From = AnswerWords.Text(row.From),
        To = AnswerWords.Text(row.To),
        Trunk = AnswerWords.Text(row.Trunk),
        Handle = AnswerWords.Text(row.Channel),
        Status = PbxLegStatuses.Parse(row.Status),
        Via = via,
    };

    private static PbxLeg ExtensionLeg(LegRowV2 row, string? via) => new()
    {
        Kind = PbxLegKind.Extension,
        Extension = AnswerWords.Text(row.Number),
        Handle = AnswerWords.Text(row.Channel),
        Status = PbxLegStatuses.Parse(row.Status),
        Via = via,
    };
}
