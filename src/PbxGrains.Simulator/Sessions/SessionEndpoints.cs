using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using PbxGrains.Simulator.Http;
using PbxGrains.Simulator.Reports;

namespace PbxGrains.Simulator.Sessions;

/// <summary>Login, heartbeat, logout and device information (sheet, sections 3 and 4.1): the same names in both dialects.</summary>
internal static class SessionEndpoints
{
    private const string DefaultPort = "8260";

    public static void AddTo(Dictionary<string, ApiHandler> table)
    {
        table["login"] = LogIn;
        table["heartbeat"] = Heartbeat;
        table["logout"] = LogOut;
        table["deviceinfo/query"] = DeviceInformation;
    }

    private static ApiAnswer LogIn(SimulatedPbx pbx, ApiRequest request)
    {
        var user = request.Text("username");
        var password = request.Text("password");
        if (user.Length == 0 || password.Length == 0)
        {
            return ApiAnswer.Failed(user.Length + password.Length == 0 ? ErrorCode.BlankRequest : ErrorCode.ParameterBlank);
        }

        var portText = request.Text("port");
        if (portText.Length == 0)
        {
            if (request.Dialect is Dialect.V1)
            {
                return ApiAnswer.Failed(ErrorCode.ParameterBlank);
            }

            portText = DefaultPort;
        }

        if (PortOf(portText) is not { } port)
        {
            return ApiAnswer.Failed(ErrorCode.WrongPort);
        }

        var isRight = user == pbx.UserName && password == SessionRegistry.Hash(pbx.Password);
        var (session, error) = pbx.Sessions.LogIn(request.Caller, isRight);
        if (session is null)
        {
            return ApiAnswer.Failed(error);
        }

        session.Target = ReportTarget.Read(request.Caller.ToString(), port, request.Text("url"), request.Text("urltag") is "1");
        session.Format = ReportTarget.FormatOf(request.Text("version"), pbx.SpeaksV2);
        return request.Dialect is Dialect.V1
            ? ApiAnswer.Success(("token", session.Token))
            : ApiAnswer.Success(("token", session.Token), ("transport", "HTTP"));
    }

    private static ApiAnswer Heartbeat(SimulatedPbx pbx, ApiRequest request)
    {
        var session = request.Session!;
        var portText = request.Text("port");
        if (portText.Length > 0 && PortOf(portText) is null)
        {
            return ApiAnswer.Failed(ErrorCode.WrongPort);
        }

        // What a heartbeat without an address or a version means is not documented; without them the login's stay.
        var url = request.Text("url");
        if (url.Length > 0 || portText.Length > 0)
        {
            var caller = request.Text("ipaddr") is { Length: > 0 } named ? named : request.Caller.ToString();
            var path = url.Length > 0 ? url : session.Target?.Path ?? "";
            var isAbsolute = url.Length > 0 && (request.Text("urltag") is "1" || request.Text("urlflag") is "1");
            session.Target = ReportTarget.Read(caller, PortOf(portText) ?? session.Target?.Port ?? 0, path, isAbsolute);
        }

        var version = request.Text("version");
        if (version.Length > 0 || pbx.Options.HeartbeatWithoutVersionResetsFormat)
        {
            session.Format = ReportTarget.FormatOf(version, pbx.SpeaksV2);
        }

        pbx.Counters.HeartbeatAccepted();
        return ApiAnswer.Success();
    }

    private static ApiAnswer LogOut(SimulatedPbx pbx, ApiRequest request)
    {
        pbx.Sessions.LogOut(request.Session!);
        return ApiAnswer.Success();
    }

    private static ApiAnswer DeviceInformation(SimulatedPbx pbx, ApiRequest request) => ApiAnswer.Success(("deviceinfo", new JsonObject
    {
        ["devicename"] = "Yeastar S100",
        ["sn"] = pbx.Faults.SerialNumber ?? pbx.SerialNumber,
        ["hardwarever"] = "V1.30 0000-0000",
        ["firmwarever"] = pbx.Firmware.ToString(),
        ["systemtime"] = pbx.Clock.SystemTime(),
        ["uptime"] = pbx.Uptime.ToString(@"hh\:mm\:ss", CultureInfo.InvariantCulture),
        ["extensionstatus"] = string.Create(CultureInfo.InvariantCulture, $"{pbx.Extensions.Count(extension => extension.IsRegistered)}/{pbx.Extensions.Count}"),
    }));

    private static int? PortOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= IPEndPoint.MaxPort ? port : null;
}
