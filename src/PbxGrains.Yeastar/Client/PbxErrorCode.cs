namespace PbxGrains.Yeastar.Client;

/// <summary>Error numbers a PBX answers with (fact sheet S-Series §6). The values are the numbers on the wire.</summary>
public enum PbxErrorCode
{
    /// <summary>A number without a name here, or no number at all: see the raw code.</summary>
    Other = 0,

    /// <summary>XML body not supported.</summary>
    XmlNotSupported = 10002,

    /// <summary>Request not supported.</summary>
    RequestNotSupported = 10003,

    /// <summary>A required parameter is blank.</summary>
    ParameterMissing = 10004,

    /// <summary>Call id does not exist (dialect 2.0.0).</summary>
    CallIdNotFound = 10005,

    /// <summary>Extension does not exist.</summary>
    ExtensionNotFound = 10006,

    /// <summary>Call does not exist.</summary>
    CallNotFound = 10007,

    /// <summary>Extension is not idle.</summary>
    ExtensionBusy = 10008,

    /// <summary>Extension may not be monitored.</summary>
    MonitoringForbidden = 10009,

    /// <summary>The extension's monitor mode is another one.</summary>
    MonitorModeMismatch = 10010,

    /// <summary>Called number does not exist.</summary>
    CalleeNotFound = 10011,

    /// <summary>IVR does not exist.</summary>
    IvrNotFound = 10012,

    /// <summary>Queue does not exist.</summary>
    QueueNotFound = 10013,

    /// <summary>Ring group does not exist.</summary>
    RingGroupNotFound = 10014,

    /// <summary>Call is not connected.</summary>
    CallNotConnected = 10015,

    /// <summary>Accepting or refusing an inbound call came too late.</summary>
    InvitationOver = 10016,

    /// <summary>Configuring the extension failed.</summary>
    ExtensionConfigurationFailed = 10017,

    /// <summary>Configuring the IVR failed.</summary>
    IvrConfigurationFailed = 10018,

    /// <summary>Configuring the queue failed.</summary>
    QueueConfigurationFailed = 10019,

    /// <summary>Adding or changing the alarm failed.</summary>
    AlarmConfigurationFailed = 10020,

    /// <summary>Alarm does not exist.</summary>
    AlarmNotFound = 10021,

    /// <summary>Alarm exists already.</summary>
    AlarmExists = 10022,

    /// <summary>Audio file does not exist.</summary>
    AudioFileNotFound = 10023,

    /// <summary>No permission to call outside (one 1.0 page prints 100024; both are read).</summary>
    NoOutboundPermission = 10024,

    /// <summary>Settings were applied too often.</summary>
    ApplyTooFrequent = 10025,

    /// <summary>Name of the GSM module is unknown.</summary>
    GsmModuleNotFound = 10026,

    /// <summary>GSM module is in use, or none is idle.</summary>
    GsmModuleBusy = 10027,

    /// <summary>Number is blank.</summary>
    NumberBlank = 10028,

    /// <summary>SMS file cannot be opened.</summary>
    SmsFileFailed = 10029,

    /// <summary>SMS text is blank.</summary>
    SmsTextBlank = 10030,

    /// <summary>Called number is not acceptable.</summary>
    CalleeNotAcceptable = 10031,

    /// <summary>Wrong password.</summary>
    WrongPassword = 10032,

    /// <summary>Saving the extension's outbound route failed.</summary>
    OutboundRouteSaveFailed = 10033,

    /// <summary>A setting of a SIP trunk is refused: 10042 to 10059, the raw code tells which.</summary>
    SipTrunkSettingRefused = 10042,

    /// <summary>No more SIP trunks possible.</summary>
    SipTrunkLimitReached = 10060,

    /// <summary>Deleting the SIP trunk failed.</summary>
    SipTrunkDeleteFailed = 10061,

    /// <summary>SIP trunk does not exist.</summary>
    SipTrunkNotFound = 10062,

    /// <summary>A setting of an inbound route is refused: 10063 to 10072, the raw code tells which.</summary>
    InboundRouteSettingRefused = 10063,

    /// <summary>A setting of an outbound route is refused: 10073 to 10082, the raw code tells which.</summary>
    OutboundRouteSettingRefused = 10073,

    /// <summary>Conference number does not exist (dialect 2.0.0).</summary>
    ConferenceNotFound = 10110,

    /// <summary>Only JSON is accepted.</summary>
    JsonRequired = 20000,

    /// <summary>Only POST is accepted; also what a redirected POST earns.</summary>
    PostRequired = 20001,

    /// <summary>Login: address or user locked.</summary>
    AddressLocked = 20002,

    /// <summary>Login: wrong user or password.</summary>
    CredentialsRejected = 20003,

    /// <summary>No such token.</summary>
    TokenNotFound = 20004,

    /// <summary>Token is blank.</summary>
    TokenBlank = 20005,

    /// <summary>Token timed out.</summary>
    TokenTimedOut = 20006,

    /// <summary>Data is blank.</summary>
    DataBlank = 20007,

    /// <summary>Wrong port.</summary>
    PortInvalid = 20008,

    /// <summary>Request is blank.</summary>
    RequestBlank = 20009,

    /// <summary>Request could not be handed to the API process.</summary>
    ApiProcessUnreachable = 20010,

    /// <summary>Configuring the heartbeat failed.</summary>
    HeartbeatFailed = 20011,

    /// <summary>The random of a recording is invalid, used or expired. API 1.0: the recording's file is missing.</summary>
    RecordingRandomInvalid = 20012,

    /// <summary>Captcha is wrong.</summary>
    CaptchaWrong = 20013,

    /// <summary>The recording's file is missing. API 1.0: the recording was deleted.</summary>
    RecordingNotFound = 20014,

    /// <summary>The address allowed to download is wrong (from 1.1).</summary>
    AllowedAddressWrong = 20015,

    /// <summary>Voicemail status is wrong (from 1.1).</summary>
    VoicemailStatusWrong = 20016,

    /// <summary>The random of a voicemail is invalid, used or expired (from 1.1).</summary>
    VoicemailRandomInvalid = 20017,

    /// <summary>The voicemail's file is missing (from 1.1).</summary>
    VoicemailNotFound = 20018,

    /// <summary>Times of a call record request have the wrong format (from 1.1).</summary>
    CallRecordTimeInvalid = 20019,

    /// <summary>The random of a call record download is invalid, used or expired (from 1.1).</summary>
    CallRecordRandomInvalid = 20020,

    /// <summary>No such call records (from 1.1).</summary>
    CallRecordsNotFound = 20021,

    /// <summary>The PBX ran out of memory for its answer. API 1.0: an error in its API code.</summary>
    ApiInternalError = 30001,

    /// <summary>The API process is not running (from 1.1).</summary>
    ApiProcessDown = 30003,
}
