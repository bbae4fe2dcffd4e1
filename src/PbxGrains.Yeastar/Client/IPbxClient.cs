namespace PbxGrains.Yeastar.Client;

/// <summary>
/// A logged-in session with one PBX, in the product's own words, whatever dialect the PBX speaks. Methods never retry
/// and never throw for what a PBX or a network does; they throw <see cref="OperationCanceledException"/> only when
/// the caller's token is cancelled. Not for parallel use: a PBX has an embedded web server, ask one thing at a time. A file
/// is the exception: it comes over a connection of its own and may be read beside the next requests, one of a kind at a time.
/// Disposing closes sockets and does not log out.
/// </summary>
public interface IPbxClient : IPbxFiles, IDisposable
{
    /// <summary>The dialect spoken.</summary>
    PbxDialect Dialect { get; }

    /// <summary>What another process needs to go on with this session: <see cref="PbxConnector.Resume"/>. Secret.</summary>
    PbxTicket Ticket { get; }

    /// <summary>Name, firmware, serial number, clock.</summary>
    Task<PbxResult<DeviceInformation>> GetDeviceInformationAsync(CancellationToken ct);

    /// <summary>All extensions with their status. An answer of the same bytes as the one before is the same list object again.</summary>
    Task<PbxResult<IReadOnlyList<PbxExtension>>> ListExtensionsAsync(CancellationToken ct);

    /// <summary>Running calls the PBX can list: calls over trunks. Internal calls show only in extension states.</summary>
    Task<PbxResult<IReadOnlyList<PbxCall>>> ListCallsAsync(CancellationToken ct);

    /// <summary>
    /// One running call. Dialect 2.0.0 only; a call the PBX no longer knows is a <see cref="PbxFailureKind.Refused"/>
    /// with <see cref="PbxErrorCode.CallIdNotFound"/> or <see cref="PbxErrorCode.CallNotFound"/>.
    /// Dialect 1.1.0 answers <see cref="PbxFailureKind.NotSupported"/> without asking the PBX.
    /// </summary>
    Task<PbxResult<PbxCall>> FindCallAsync(string callId, CancellationToken ct);

    /// <summary>Starts a call; the answer is its call id and only means that dialling started.</summary>
    Task<PbxResult<string>> OriginateAsync(PbxOriginate request, CancellationToken ct);

    /// <summary>Hangs up one leg.</summary>
    Task<PbxResult<Done>> HangUpAsync(PbxLeg leg, CancellationToken ct);

    /// <summary>Blind transfer: the transferor leaves the call.</summary>
    Task<PbxResult<Done>> TransferAsync(PbxTransfer transfer, CancellationToken ct);

    /// <summary>Holds an extension's leg, or resumes it.</summary>
    Task<PbxResult<Done>> HoldAsync(PbxLeg leg, bool on, CancellationToken ct);

    /// <summary>Mutes an extension's leg, or unmutes it.</summary>
    Task<PbxResult<Done>> MuteAsync(PbxLeg leg, bool on, CancellationToken ct);

    /// <summary>Lets a supervisor join an extension's call.</summary>
    Task<PbxResult<Done>> MonitorAsync(PbxMonitor monitor, CancellationToken ct);

    /// <summary>All trunks with their state.</summary>
    Task<PbxResult<IReadOnlyList<PbxTrunk>>> ListTrunksAsync(CancellationToken ct);

    /// <summary>One queue with its agents.</summary>
    Task<PbxResult<PbxQueue>> GetQueueAsync(string number, CancellationToken ct);

    /// <summary>Keeps the session and the report address alive; must come well within 30 minutes.</summary>
    Task<PbxResult<Done>> HeartbeatAsync(ReportTarget? reports, CancellationToken ct);

    /// <summary>Ends the session; reports stop.</summary>
    Task<PbxResult<Done>> LogoutAsync(CancellationToken ct);
}

/// <summary>
/// Files of a PBX: call records and recordings. A stream handed out is forward only, is read asynchronously, and belongs
/// to the caller, who disposes it; reading throws <see cref="IOException"/> when the PBX breaks off or sends nothing for
/// <see cref="PbxConnection.AnswerTimeout"/>.
/// </summary>
public interface IPbxFiles
{
    /// <summary>
    /// Call records of all extensions in a window of PBX wall-clock time, as the PBX's CSV. The stream is read from the
    /// network as it is consumed; a JSON error in place of CSV is a failure, not a stream.
    /// </summary>
    Task<PbxResult<Stream>> OpenCallRecordsAsync(DateTime fromWallClock, DateTime toWallClock, CancellationToken ct);

    /// <summary>Asks whether the PBX would hand out a recording, without fetching it: the first of its two steps.</summary>
    Task<PbxResult<Done>> AskForRecordingAsync(string name, CancellationToken ct);

    /// <summary>A recording by the name its call record gives. A page or JSON in place of audio is a failure.</summary>
    Task<PbxResult<Stream>> OpenRecordingAsync(string name, CancellationToken ct);
}

/// <summary>An open session, for whoever goes on with it.</summary>
/// <param name="Dialect">The dialect it was opened in.</param>
/// <param name="Token">As good as the password while it lives: never log it.</param>
public readonly record struct PbxTicket(PbxDialect Dialect, string Token)
{
    /// <inheritdoc />
    public override string ToString() => "(secret)";
}

/// <summary>Language of a PBX's API.</summary>
public enum PbxDialect
{
    /// <summary>S-Series API 1.1.0 (and 1.0.x), reports asked for in format 1.0.2.</summary>
    V1,

    /// <summary>S-Series API 2.0.0.</summary>
    V2,
}
