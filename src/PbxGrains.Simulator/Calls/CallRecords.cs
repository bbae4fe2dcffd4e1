using System.Globalization;
using PbxGrains.Simulator.Cdrs;

namespace PbxGrains.Simulator.Calls;

/// <summary>Writes what happened on a call as records.</summary>
internal static class CallRecords
{
    /// <summary>Writes what has happened so far as one record; the next one starts now.</summary>
    public static void Close(SimulatedPbx pbx, Call call, string status)
    {
        var now = pbx.Timeline.Now;
        var started = pbx.Clock.WallAt(call.Started);
        var isRecorded = call.Answered is not null && status is "ANSWERED" && (call.Plan.Recorded ?? call.Random.NextDouble() < pbx.Options.RecordedShare);
        var kind = call.Type is "Inbound" or "Outbound" or "Internal" ? call.Type : call.SourceTrunk.Length > 0 ? "Inbound" : "Outbound";
        call.Rows.Add(new CdrRow(
            call.Id,
            started,
            call.From,
            call.To,
            Seconds(now - call.Started),
            call.Answered is { } answered && status is "ANSWERED" ? Seconds(now - answered) : 0,
            call.SourceTrunk,
            call.DestinationTrunk,
            status,
            call.Type,
            PinCode: "",
            isRecorded ? $"{pbx.Clock.WallAt(call.Answered!.Value).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}-{call.Id}-{call.From}-{BareNumber(call.To)}-{kind}{WavTone.Ending(pbx.Faults.RecordingFormat)}" : "",
            call.Did,
            pbx.SerialNumber,
            call.QueueEntered is { } entered && call.Answered is { } taken ? Seconds(taken - entered) : 0));
        call.Started = now;
    }

    private static string BareNumber(string callTo) => callTo.Split('(')[0];

    private static int Seconds(TimeSpan span) => (int)Math.Round(span.TotalSeconds, MidpointRounding.AwayFromZero);
}
