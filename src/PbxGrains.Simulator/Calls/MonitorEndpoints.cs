using PbxGrains.Simulator.Http;

namespace PbxGrains.Simulator.Calls;

/// <summary>Listen, whisper, barge in (sheet, section 4.6): the monitor's telephone is busy until the call ends.</summary>
internal static class MonitorEndpoints
{
    public static void AddTo(Dictionary<string, ApiHandler> table, Dialect dialect)
    {
        if (dialect is Dialect.V2)
        {
            table["call/listen"] = static (pbx, request) => Join(pbx, request.Text("monitor"), request.Text("extension"), request.Text("type") switch
            {
                "listen" => MonitorMode.Listen,
                "whisper" => MonitorMode.Whisper,
                "barge" => MonitorMode.BargeIn,
                _ => MonitorMode.Disabled,
            });
            return;
        }

        table["extension/listen"] = static (pbx, request) => Join(pbx, request.Text("listener"), request.Text("listenedext"), MonitorMode.Listen);
        table["extension/whisper"] = static (pbx, request) => Join(pbx, request.Text("whisperer"), request.Text("whisperedext"), MonitorMode.Whisper);
        table["extension/barge"] = static (pbx, request) => Join(pbx, request.Text("bargein"), request.Text("bargedext"), MonitorMode.BargeIn);
    }

    private static ApiAnswer Join(SimulatedPbx pbx, string monitor, string monitored, MonitorMode mode)
    {
        if (monitor.Length == 0 || monitored.Length == 0 || mode is MonitorMode.Disabled)
        {
            return ApiAnswer.Failed(ErrorCode.ParameterBlank);
        }

        if (pbx.FindExtension(monitor) is not { } listener || pbx.FindExtension(monitored) is not { } target)
        {
            return ApiAnswer.Failed(ErrorCode.ExtensionUnknown);
        }

        if (!listener.IsFree)
        {
            return ApiAnswer.Failed(ErrorCode.ExtensionNotIdle);
        }

        if (target.MonitorMode is MonitorMode.Disabled)
        {
            return ApiAnswer.Failed(ErrorCode.MayNotBeMonitored);
        }

        if (target.MonitorMode is not MonitorMode.Extensive && target.MonitorMode != mode)
        {
            return ApiAnswer.Failed(ErrorCode.MonitorModeMismatch);
        }

        var (call, _) = pbx.Switchboard.FindLeg(leg => leg.Extension == target);
        if (call is null)
        {
            return ApiAnswer.Failed(ErrorCode.CallUnknown);
        }

        if (call.Answered is null)
        {
            return ApiAnswer.Failed(ErrorCode.CallNotConnected);
        }

        call.Monitors.Add(listener);
        pbx.Switchboard.SetStatus(listener, ExtensionStatus.Busy);
        return ApiAnswer.Success();
    }
}
