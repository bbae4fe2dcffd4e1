using System.Globalization;
using PbxGrains.Yeastar.Http;

namespace PbxGrains.Yeastar.Client;

/// <summary>Puts the answers both dialects share into the product's words.</summary>
internal static class AnswerWords
{
    public static PbxResult<DeviceInformation> Device(DeviceAnswer answer)
    {
        if (answer.Devices is not [var row, ..])
        {
            return WireFailures.Unexpected("The PBX told nothing about itself.");
        }

        var (registered, total) = DeviceTexts.Extensions(row.ExtensionStatus);
        return new DeviceInformation
        {
            Name = Text(row.Name),
            SerialNumber = Text(row.SerialNumber),
            Firmware = Text(row.Firmware),
            Clock = DeviceTexts.Clock(row.SystemTime),
            Uptime = DeviceTexts.Uptime(row.Uptime),
            RegisteredExtensions = registered,
            TotalExtensions = total,
        };
    }

    public static PbxResult<IReadOnlyList<PbxExtension>> Extensions(ExtensionsAnswer answer)
    {
        var extensions = new List<PbxExtension>(answer.Rows.Count);
        foreach (var row in answer.Rows)
        {
            if (Text(row.Number ?? row.NumberV1) is { } number)
            {
                extensions.Add(new PbxExtension(number, PbxExtensionStatuses.Parse(row.Status), row.Status ?? "", Text(row.Name), Text(row.Type)));
            }
        }

        return PbxResult.Of<IReadOnlyList<PbxExtension>>(extensions);
    }

    public static PbxResult<IReadOnlyList<PbxTrunk>> Trunks(TrunksAnswer answer) => PbxResult.Of<IReadOnlyList<PbxTrunk>>(
    [
        .. from row in answer.Rows
           where Text(row.Name) is not null
           select new PbxTrunk(row.Name!, Text(row.Type), Text(row.Status), PbxTrunkStatuses.IsUsable(row.Status)),
    ]);

    public static PbxResult<PbxQueue> Queue(QueuesAnswer answer, string number)
    {
        var row = answer.Rows.Find(r => (r.Number ?? r.NumberV1) == number);
        if (row is null)
        {
            return PbxErrorCodes.ToFailure(((int)PbxErrorCode.QueueNotFound).ToString(CultureInfo.InvariantCulture));
        }

        var waiting = row.Statuses.Select(s => DeviceTexts.Count(s.Callers)).Where(c => c is not null).ToList();
        return new PbxQueue(
            number,
            waiting.Count > 0 ? waiting.Sum() : null,
            [.. row.Statuses.SelectMany(s => s.Agents).Where(a => Text(a.Extension) is not null).Select(a => new PbxQueueAgent(a.Extension!, AgentStatus(a.Status)))]);
    }

    public static PbxResult<string> CallId(DialAnswer answer) => Text(answer.CallId) is { } callId
        ? callId
        : WireFailures.Unexpected("The PBX took the dial request and named no call.");

    /// <summary>An absent field and an empty one mean the same.</summary>
    public static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;

    /// <summary>What the PBX wants for a switch.</summary>
    public static string YesNo(bool value) => value ? "yes" : "no";

    private static PbxQueueAgentStatus AgentStatus(string? digit) =>
        DeviceTexts.Count(digit) is { } number && Enum.IsDefined((PbxQueueAgentStatus)number) ? (PbxQueueAgentStatus)number : PbxQueueAgentStatus.Unknown;
}
