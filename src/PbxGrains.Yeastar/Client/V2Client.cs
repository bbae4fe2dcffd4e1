using PbxGrains.Yeastar.Http;

namespace PbxGrains.Yeastar.Client;

/// <summary>S-Series API 2.0.0: legs are named by their channel (fact sheet S-Series §4).</summary>
internal sealed class V2Client(PbxSession session) : IPbxClient
{
    private static readonly PbxFailure NoChannel = new(PbxFailureKind.Refused, "The leg has no channel id; read the call first.");

    private readonly PbxFiles _files = new(session, "number");
    private readonly LastAnswer<IReadOnlyList<PbxExtension>> _extensions = new();

    public PbxDialect Dialect => PbxDialect.V2;

    public PbxTicket Ticket => session.Ticket;

    public Task<PbxResult<DeviceInformation>> GetDeviceInformationAsync(CancellationToken ct) =>
        session.AskAsync("deviceinfo/query", PbxRequestBody.None, PbxJson.Default.DeviceAnswer, AnswerWords.Device, ct);

    public Task<PbxResult<IReadOnlyList<PbxExtension>>> ListExtensionsAsync(CancellationToken ct) =>
        session.AskAsync("extension/list", PbxRequestBody.None, PbxJson.Default.ExtensionsAnswer, AnswerWords.Extensions, _extensions, ct);

    public async Task<PbxResult<IReadOnlyList<PbxCall>>> ListCallsAsync(CancellationToken ct)
    {
        var inbound = await ListCallsAsync("inbound", ct).ConfigureAwait(false);
        if (!inbound.Succeeded)
        {
            return inbound;
        }

        var outbound = await ListCallsAsync("outbound", ct).ConfigureAwait(false);
        if (!outbound.Succeeded)
        {
            return outbound;
        }

        // A call that came from outside and goes outside again is in both lists.
        return PbxResult.Of<IReadOnlyList<PbxCall>>([.. inbound.Value.Concat(outbound.Value).DistinctBy(call => (object?)call.CallId ?? call)]);
    }

    public async Task<PbxResult<PbxCall>> FindCallAsync(string callId, CancellationToken ct)
    {
        var answer = await session.AskAsync("call/query", PbxRequestBody.Of(("callid", callId)), PbxJson.Default.CallsAnswer, ct).ConfigureAwait(false);
        return answer switch
        {
            { Succeeded: false } => answer.Failure,
            { Value.Rows: var rows } when rows.Find(row => row.CallId == callId) is { } row => V2Calls.Read(row),
            _ => new PbxFailure(PbxFailureKind.Refused, "The PBX does not know this call.", PbxErrorCode.CallIdNotFound),
        };
    }

    public Task<PbxResult<string>> OriginateAsync(PbxOriginate request, CancellationToken ct) => session.AskAsync(
        "call/dial",
        PbxRequestBody.Of(
            ("caller", request.Extension), ("callee", request.Destination), ("dialpermission", request.Permission), ("autoanswer", AnswerWords.YesNo(request.AutoAnswer))),
        PbxJson.Default.DialAnswer,
        AnswerWords.CallId,
        ct);

    public Task<PbxResult<Done>> HangUpAsync(PbxLeg leg, CancellationToken ct) => DoAsync("call/hangup", leg, ct);

    public Task<PbxResult<Done>> TransferAsync(PbxTransfer transfer, CancellationToken ct) =>
        DoAsync("call/transfer", transfer.Transferor, ct, ("number", transfer.Destination), ("dialpermission", transfer.Permission));

    public Task<PbxResult<Done>> HoldAsync(PbxLeg leg, bool on, CancellationToken ct) => DoAsync(on ? "call/hold" : "call/unhold", leg, ct);

    public Task<PbxResult<Done>> MuteAsync(PbxLeg leg, bool on, CancellationToken ct) => DoAsync(on ? "call/mute" : "call/unmute", leg, ct);

    public Task<PbxResult<Done>> MonitorAsync(PbxMonitor monitor, CancellationToken ct)
    {
        var type = monitor.Mode switch
        {
            PbxMonitorMode.Whisper => "whisper",
            PbxMonitorMode.Barge => "barge",
            _ => "listen",
        };
        return session.DoAsync("call/listen", PbxRequestBody.Of(("monitor", monitor.Supervisor), ("extension", monitor.Extension), ("type", type)), ct);
    }

    public Task<PbxResult<IReadOnlyList<PbxTrunk>>> ListTrunksAsync(CancellationToken ct) =>
        session.AskAsync("trunk/list", PbxRequestBody.None, PbxJson.Default.TrunksAnswer, AnswerWords.Trunks, ct);

    public Task<PbxResult<PbxQueue>> GetQueueAsync(string number, CancellationToken ct) =>
        session.AskAsync("queue/query_status", PbxRequestBody.Of(("number", number)), PbxJson.Default.QueuesAnswer, answer => AnswerWords.Queue(answer, number), ct);

    public Task<PbxResult<Done>> HeartbeatAsync(ReportTarget? reports, CancellationToken ct) => session.DoAsync(
        "heartbeat",
        PbxRequestBody.Of(
            ("ipaddr", ReportFields.Address(reports, session.LocalAddress)),
            ("port", reports?.Port ?? ReportFields.DefaultPort),
            ("url", reports?.Url),
            ("urltag", ReportFields.UrlKind(reports)),
            ("version", Dialect.ReportVersion())),
        ct);

    public Task<PbxResult<Done>> LogoutAsync(CancellationToken ct) => session.DoAsync("logout", PbxRequestBody.None, ct);

    public Task<PbxResult<Stream>> OpenCallRecordsAsync(DateTime fromWallClock, DateTime toWallClock, CancellationToken ct) =>
        _files.OpenCallRecordsAsync(fromWallClock, toWallClock, ct);

    public Task<PbxResult<Done>> AskForRecordingAsync(string name, CancellationToken ct) => _files.AskForRecordingAsync(name, ct);

    public Task<PbxResult<Stream>> OpenRecordingAsync(string name, CancellationToken ct) => _files.OpenRecordingAsync(name, ct);

    public void Dispose() => session.Dispose();

    private async Task<PbxResult<IReadOnlyList<PbxCall>>> ListCallsAsync(string type, CancellationToken ct)
    {
        var answer = await session.AskAsync("call/query", PbxRequestBody.Of(("type", type)), PbxJson.Default.CallsAnswer, ct).ConfigureAwait(false);
        return answer switch
        {
            { Succeeded: true } => PbxResult.Of<IReadOnlyList<PbxCall>>([.. answer.Value.Rows.Select(V2Calls.Read)]),
            { Failure.Code: PbxErrorCode.CallIdNotFound or PbxErrorCode.CallNotFound } => PbxResult.Of<IReadOnlyList<PbxCall>>([]),
            _ => answer.Failure!,
        };
    }

    private async Task<PbxResult<Done>> DoAsync(string endpoint, PbxLeg leg, CancellationToken ct, params PbxField[] more) =>
        leg.Handle is null ? NoChannel : await session.DoAsync(endpoint, PbxRequestBody.Of([("channelid", leg.Handle), .. more]), ct);
}
