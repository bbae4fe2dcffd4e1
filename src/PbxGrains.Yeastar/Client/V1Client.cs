using PbxGrains.Yeastar.Http;

namespace PbxGrains.Yeastar.Client;

/// <summary>S-Series API 1.1.0: a trunk's leg is named by its id, an extension's leg by its number (fact sheet S-Series §4).</summary>
internal sealed class V1Client(PbxSession session) : IPbxClient
{
    private static readonly PbxFailure NotInThisDialect = new(PbxFailureKind.NotSupported, "This PBX's API 1.1.0 cannot do that.");
    private static readonly PbxFailure NoHandle = new(PbxFailureKind.Refused, "The leg has no id; read the call first.");

    private readonly PbxFiles _files = new(session, "extid");
    private readonly LastAnswer<IReadOnlyList<PbxExtension>> _extensions = new();

    public PbxDialect Dialect => PbxDialect.V1;

    public PbxTicket Ticket => session.Ticket;

    public Task<PbxResult<DeviceInformation>> GetDeviceInformationAsync(CancellationToken ct) =>
        session.AskAsync("deviceinfo/query", PbxRequestBody.None, PbxJson.Default.DeviceAnswer, AnswerWords.Device, ct);

    public Task<PbxResult<IReadOnlyList<PbxExtension>>> ListExtensionsAsync(CancellationToken ct) =>
        session.AskAsync("extensionlist/query", PbxRequestBody.None, PbxJson.Default.ExtensionsAnswer, AnswerWords.Extensions, _extensions, ct);

    public async Task<PbxResult<IReadOnlyList<PbxCall>>> ListCallsAsync(CancellationToken ct)
    {
        var inbound = await session.AskAsync("inbound/query", PbxRequestBody.None, PbxJson.Default.InboundAnswer, ct).ConfigureAwait(false);
        if (!inbound.Succeeded && !MeansNone(inbound.Failure))
        {
            return inbound.Failure;
        }

        var outbound = await session.AskAsync("outbound/query", PbxRequestBody.None, PbxJson.Default.OutboundAnswer, ct).ConfigureAwait(false);
        if (!outbound.Succeeded && !MeansNone(outbound.Failure))
        {
            return outbound.Failure;
        }

        return PbxResult.Of(V1Calls.Read(inbound.Value?.Rows ?? [], outbound.Value?.Rows ?? []));
    }

    public Task<PbxResult<PbxCall>> FindCallAsync(string callId, CancellationToken ct) => Task.FromResult<PbxResult<PbxCall>>(NotInThisDialect);

    public Task<PbxResult<string>> OriginateAsync(PbxOriginate request, CancellationToken ct)
    {
        // No field for another extension's permission here: the caller's own counts.
        var autoAnswer = AnswerWords.YesNo(request.AutoAnswer);
        var (endpoint, body) = request.DestinationIsExtension
            ? ("extension/dial_extension", PbxRequestBody.Of(("caller", request.Extension), ("callee", request.Destination), ("autoanswer", autoAnswer)))
            : ("extension/dial_outbound", PbxRequestBody.Of(("extid", request.Extension), ("outto", request.Destination), ("autoanswer", autoAnswer)));
        return session.AskAsync(endpoint, body, PbxJson.Default.DialAnswer, AnswerWords.CallId, ct);
    }

    public Task<PbxResult<Done>> HangUpAsync(PbxLeg leg, CancellationToken ct) => leg switch
    {
        { Kind: PbxLegKind.Inbound, Handle: { } id } => session.DoAsync("inbound/hangup", PbxRequestBody.Of(("inboundid", id)), ct),
        { Kind: PbxLegKind.Outbound, Handle: { } id } => session.DoAsync("outbound/hangup", PbxRequestBody.Of(("outboundid", id)), ct),
        { Kind: PbxLegKind.Extension, Extension: not null } => DoWithExtensionAsync("extension/hangup", leg, ct),
        _ => Task.FromResult<PbxResult<Done>>(NoHandle),
    };

    public Task<PbxResult<Done>> TransferAsync(PbxTransfer transfer, CancellationToken ct) => NameOf(transfer.Transferor) is { } transferor
        ? session.DoAsync(
            "calltransfer",
            PbxRequestBody.Of(("callid", transfer.CallId), ("transferor", transferor), ("transferto", transfer.Destination), ("fromext", transfer.Permission ?? "")),
            ct)
        : Task.FromResult<PbxResult<Done>>(NoHandle);

    public Task<PbxResult<Done>> HoldAsync(PbxLeg leg, bool on, CancellationToken ct) => DoWithExtensionAsync(on ? "extension/hold" : "extension/unhold", leg, ct);

    public Task<PbxResult<Done>> MuteAsync(PbxLeg leg, bool on, CancellationToken ct) => DoWithExtensionAsync(on ? "extension/mute" : "extension/unmute", leg, ct);

    public Task<PbxResult<Done>> MonitorAsync(PbxMonitor monitor, CancellationToken ct)
    {
        var (endpoint, supervisor, extension) = monitor.Mode switch
        {
            PbxMonitorMode.Whisper => ("extension/whisper", "whisperer", "whisperedext"),
            PbxMonitorMode.Barge => ("extension/barge", "bargein", "bargedext"),
            _ => ("extension/listen", "listener", "listenedext"),
        };
        return session.DoAsync(endpoint, PbxRequestBody.Of((supervisor, monitor.Supervisor), (extension, monitor.Extension)), ct);
    }

    public Task<PbxResult<IReadOnlyList<PbxTrunk>>> ListTrunksAsync(CancellationToken ct) =>
        session.AskAsync("trunklist/query", PbxRequestBody.None, PbxJson.Default.TrunksAnswer, AnswerWords.Trunks, ct);

    public Task<PbxResult<PbxQueue>> GetQueueAsync(string number, CancellationToken ct) =>
        session.AskAsync("queuestatus/query", PbxRequestBody.Of(("queueid", number)), PbxJson.Default.QueuesAnswer, answer => AnswerWords.Queue(answer, number), ct);

    /// <inheritdoc />
    /// <remarks>
    /// The English page calls the address kind <c>urlflag</c>, the Chinese one <c>urltag</c>: both are sent, and the
    /// report format with them, because nothing says that a heartbeat without it keeps the format.
    /// </remarks>
    public Task<PbxResult<Done>> HeartbeatAsync(ReportTarget? reports, CancellationToken ct) => session.DoAsync(
        "heartbeat",
        PbxRequestBody.Of(
            ("ipaddr", ReportFields.Address(reports, session.LocalAddress)),
            ("port", ReportFields.Port(reports)),
            ("url", reports?.Url),
            ("urlflag", ReportFields.UrlKind(reports)),
            ("urltag", ReportFields.UrlKind(reports)),
            ("version", Dialect.ReportVersion())),
        ct);

    public Task<PbxResult<Done>> LogoutAsync(CancellationToken ct) => session.DoAsync("logout", PbxRequestBody.None, ct);

    public Task<PbxResult<Stream>> OpenCallRecordsAsync(DateTime fromWallClock, DateTime toWallClock, CancellationToken ct) =>
        _files.OpenCallRecordsAsync(fromWallClock, toWallClock, ct);

    public Task<PbxResult<Done>> AskForRecordingAsync(string name, CancellationToken ct) => _files.AskForRecordingAsync(name, ct);

    public Task<PbxResult<Stream>> OpenRecordingAsync(string name, CancellationToken ct) => _files.OpenRecordingAsync(name, ct);

    public void Dispose() => session.Dispose();

    private static bool MeansNone(PbxFailure failure) => failure.Code is PbxErrorCode.CallNotFound or PbxErrorCode.CallIdNotFound;

    private static string? NameOf(PbxLeg leg) => leg.Kind == PbxLegKind.Extension ? leg.Extension : leg.Handle;

    private async Task<PbxResult<Done>> DoWithExtensionAsync(string endpoint, PbxLeg leg, CancellationToken ct) =>
        leg is { Kind: PbxLegKind.Extension, Extension: { } number } ? await session.DoAsync(endpoint, PbxRequestBody.Of(("extid", number)), ct) : NotInThisDialect;
}
