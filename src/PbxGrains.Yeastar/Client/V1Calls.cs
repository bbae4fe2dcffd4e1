namespace PbxGrains.Yeastar.Client;

/// <summary>
/// Puts the two leg lists of dialect 1.1.0 together (fact sheet S-Series §4.5). An inbound leg's id is its call's id in
/// all samples; an outbound leg's is not, so a call with an outbound leg alone has none.
/// </summary>
internal static class V1Calls
{
    public static IReadOnlyList<PbxCall> Read(IReadOnlyList<TrunkLegRowV1> inbound, IReadOnlyList<TrunkLegRowV1> outbound)
    {
        var calls = new List<PbxCall>(inbound.Count + outbound.Count);
        var taken = new HashSet<string>(StringComparer.Ordinal);

        foreach (var row in inbound)
        {
            var legs = new List<PbxLeg>(1 + row.Callees.Count) { Leg(row, PbxLegKind.Inbound, row.InboundId, Via(row)) };
            foreach (var callee in row.Callees)
            {
                if (AnswerWords.Text(callee.Extension) is { } extension)
                {
                    legs.Add(new PbxLeg { Kind = PbxLegKind.Extension, Extension = extension });
                }
                else if (AnswerWords.Text(callee.OutboundId) is { } outboundId)
                {
                    taken.Add(outboundId);
                    var listed = outbound.FirstOrDefault(leg => leg.OutboundId == outboundId);
                    legs.Add(Leg(listed ?? new TrunkLegRowV1(), PbxLegKind.Outbound, outboundId, null));
                }
            }

            calls.Add(new PbxCall(AnswerWords.Text(row.InboundId), legs));
        }

        foreach (var row in outbound)
        {
            if (row.OutboundId is null || !taken.Contains(row.OutboundId))
            {
                calls.Add(new PbxCall(null, [Leg(row, PbxLegKind.Outbound, row.OutboundId, null)]));
            }
        }

        return calls;
    }

    private static string? Via(TrunkLegRowV1 row) =>
        row.Callees.Select(callee => AnswerWords.Text(callee.IvrId ?? callee.Ivr)).FirstOrDefault(ivr => ivr is not null);

    private static PbxLeg Leg(TrunkLegRowV1 row, PbxLegKind kind, string? id, string? via) => new()
    {
        Kind = kind,
        From = AnswerWords.Text(row.From),
        To = AnswerWords.Text(row.To),
        Trunk = AnswerWords.Text(row.Trunk),
        Handle = AnswerWords.Text(id),
        Status = PbxLegStatuses.ParseV1(row.Status, kind),
        Via = via,
    };
}
