using System.Globalization;
using System.Net;
using PbxGrains.Simulator.Fleet;
using PbxGrains.Simulator.Http;

namespace PbxGrains.Simulator.Cdrs;

/// <summary>Downloads of records and recordings, each in two steps (sheet, sections 4.9 and 4.10).</summary>
internal static class DownloadEndpoints
{
    public static void AddTo(Dictionary<string, ApiHandler> table)
    {
        table["cdr/get_random"] = AskForCdrs;
        table["cdr/download"] = DownloadCdrs;
        table["recording/get_random"] = AskForRecording;
        table["recording/download"] = DownloadRecording;
    }

    private static ApiAnswer AskForCdrs(SimulatedPbx pbx, ApiRequest request)
    {
        var member = request.Dialect is Dialect.V1 ? "extid" : "number";
        var (numbers, start, end) = (request.Text(member), request.Text("starttime"), request.Text("endtime"));
        if (numbers.Length == 0 || start.Length == 0 || end.Length == 0)
        {
            return ApiAnswer.Failed(ErrorCode.ParameterBlank);
        }

        if (WallOf(start) is not { } from || WallOf(end) is not { } to || from > to)
        {
            return ApiAnswer.Failed(ErrorCode.CdrTimeWrong);
        }

        if (NumbersOf(numbers).FirstOrDefault(number => pbx.FindExtension(number) is null) is not null)
        {
            return ApiAnswer.Failed(ErrorCode.ExtensionUnknown);
        }

        if (AllowedFor(request) is not { } allowed)
        {
            return ApiAnswer.Failed(ErrorCode.AllowedAddressWrong);
        }

        var random = pbx.Tickets.Issue(CdrSubject(numbers, start, end), allowed);
        return ApiAnswer.Success((member, numbers), ("starttime", start), ("endtime", end), ("random", random));
    }

    private static ApiAnswer DownloadCdrs(SimulatedPbx pbx, ApiRequest request)
    {
        var numbers = request.Parameter(request.Dialect is Dialect.V1 ? "extid" : "number");
        var (start, end) = (request.Parameter("starttime"), request.Parameter("endtime"));
        if (WallOf(start) is not { } from || WallOf(end) is not { } to)
        {
            return ApiAnswer.Failed(ErrorCode.CdrTimeWrong);
        }

        if (!pbx.Tickets.Redeem(request.Parameter("random"), CdrSubject(numbers, start, end), request.Caller))
        {
            return ApiAnswer.Failed(ErrorCode.CdrRandomInvalid);
        }

        if (pbx.Faults.LongestCdrWindow is { Ticks: > 0 } longest && to - from > longest)
        {
            return ApiAnswer.Page(StatusCodes.Status504GatewayTimeout, "Gateway Timeout");
        }

        var rows = pbx.Ledger.Between(from, to, NumbersOf(numbers));
        return rows.IsEmpty ? ApiAnswer.Failed(ErrorCode.CdrMissing) : ApiAnswer.File("text/csv", CdrText.Csv(rows, pbx.Faults.DamagedCdrAt));
    }

    private static ApiAnswer AskForRecording(SimulatedPbx pbx, ApiRequest request)
    {
        var name = request.Text("recording");
        if (name.Length == 0)
        {
            return ApiAnswer.Failed(ErrorCode.ParameterBlank);
        }

        if (Find(pbx, name) is null)
        {
            return ApiAnswer.Failed(ErrorCode.RecordingMissing);
        }

        return AllowedFor(request) is { } allowed
            ? ApiAnswer.Success(("recording", name), ("random", pbx.Tickets.Issue("recording " + name, allowed)))
            : ApiAnswer.Failed(ErrorCode.AllowedAddressWrong);
    }

    private static ApiAnswer DownloadRecording(SimulatedPbx pbx, ApiRequest request)
    {
        var name = request.Parameter("recording");
        if (!pbx.Tickets.Redeem(request.Parameter("random"), "recording " + name, request.Caller))
        {
            return ApiAnswer.Failed(ErrorCode.RecordingRandomInvalid);
        }

        if (Find(pbx, name) is not { } row)
        {
            return ApiAnswer.Failed(ErrorCode.RecordingMissing);
        }

        var audio = WavTone.Make(name, TimeSpan.FromSeconds(row.TalkDuration), pbx.Faults.RecordingFormat);
        return pbx.Faults.Recordings switch
        {
            RecordingFault.Page => ApiAnswer.Page(StatusCodes.Status200OK, "Recording"),
            RecordingFault.Empty => ApiAnswer.File("audio/x-wav", []),
            RecordingFault.Truncated => ApiAnswer.File("audio/x-wav", audio[..(audio.Length - (audio.Length / 3))]),
            RecordingFault.Cut => ApiAnswer.File("audio/x-wav", audio) with { IsCut = true },
            _ => ApiAnswer.File("audio/x-wav", audio),
        };
    }

    private static CdrRow? Find(SimulatedPbx pbx, string name) =>
        pbx.Faults.Recordings is RecordingFault.Deleted ? null : pbx.Ledger.OfRecording(name, pbx.Timeline.Now - pbx.Faults.RecordingsLate);

    private static string CdrSubject(string numbers, string start, string end) => $"cdr {numbers} {start} {end}";

    private static string[] NumbersOf(string numbers) => numbers is "all" or "" ? [] : numbers.Split(',', StringSplitOptions.TrimEntries);

    private static IPAddress? AllowedFor(ApiRequest request) => request.Text("allowedip") is { Length: > 0 } named
        ? IPAddress.TryParse(named, out var address) ? address : null
        : request.Caller;

    private static DateTime? WallOf(string text) =>
        DateTime.TryParseExact(text, PbxClock.WallFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall) ? wall : null;
}
