using PbxGrains.Simulator.Http;
using PbxGrains.Simulator.Reports;

namespace PbxGrains.Simulator.Calls;

/// <summary>Hang up, hold, mute, accept, refuse and transfer (sheet, sections 4.4 and 4.6).</summary>
internal static class CallControlEndpoints
{
    /// <summary>Acts on one party of a call.</summary>
    private delegate ErrorCode? Act(SimulatedPbx pbx, Call call, Leg leg, ApiRequest request);

    public static void AddTo(Dictionary<string, ApiHandler> table, Dialect dialect)
    {
        if (dialect is Dialect.V2)
        {
            AddV2To(table);
        }
        else
        {
            AddV1To(table);
        }
    }

    private static void AddV2To(Dictionary<string, ApiHandler> table)
    {
        table["call/hangup"] = OnChannel(HangUp);
        table["call/hold"] = OnChannel(Hold);
        table["call/unhold"] = OnChannel(Unhold);
        table["call/mute"] = OnChannel(static (_, _, leg, _) => Mute(leg, isMuted: true));
        table["call/unmute"] = OnChannel(static (_, _, leg, _) => Mute(leg, isMuted: false));
        table["call/accept_inbound"] = OnChannel(Accept);
        table["call/refuse_inbound"] = OnChannel(Refuse);
        table["call/transfer"] = OnChannel(static (pbx, call, leg, request) => Blind(pbx, call, leg, request.Text("number"), request.Text("dialpermission")));
        table["call/attended_transfer"] = OnChannel(static (pbx, call, leg, request) => Permitted(pbx, request.Text("tonumber"), request.Text("dialpermission"), leg, out var target) is { } refusal
            ? refusal
            : pbx.Transfers.Consult(call, leg, target));
        table["call/attended_transfer_operate"] = OnChannel(static (pbx, call, leg, request) => pbx.Transfers.Operate(call, leg, request.Text("operate")));
    }

    private static void AddV1To(Dictionary<string, ApiHandler> table)
    {
        table["extension/hangup"] = OnExtension(HangUp);
        table["inbound/hangup"] = OnTrunk("inboundid", HangUp);
        table["outbound/hangup"] = OnTrunk("outboundid", HangUp);
        table["extension/hold"] = OnExtension(Hold);
        table["extension/unhold"] = OnExtension(Unhold);
        table["extension/mute"] = OnExtension(static (_, _, leg, _) => Mute(leg, isMuted: true));
        table["extension/unmute"] = OnExtension(static (_, _, leg, _) => Mute(leg, isMuted: false));
        table["inbound/accept"] = OnTrunk("inboundid", Accept);
        table["inbound/refuse"] = OnTrunk("inboundid", Refuse);
        table["calltransfer"] = Transfer;
        foreach (var (direction, id) in (ReadOnlySpan<(string, string)>)[("inbound", "inboundid"), ("outbound", "outboundid")])
        {
            foreach (var (kind, member, unknown) in (ReadOnlySpan<(string, string, ErrorCode)>)
            [
                ("extension", "extid", ErrorCode.ExtensionUnknown),
                ("number", "number", ErrorCode.CalledNumberUnknown),
                ("outbound", "outto", ErrorCode.CalleeNotAcceptable),
                ("ivr", "ivrid", ErrorCode.IvrUnknown),
                ("queue", "queueid", ErrorCode.QueueUnknown),
                ("ringgroup", "ringgroupid", ErrorCode.RingGroupUnknown),
            ])
            {
                table[$"{direction}/transfer_{kind}"] = OnTrunk(id, (pbx, call, leg, request) => Redirect(pbx, call, leg, request, request.Text(member), unknown));
            }
        }
    }

    // Mute takes a comma list of channels; the others get one and behave the same.
    private static ApiHandler OnChannel(Act act) => (pbx, request) =>
    {
        var channels = request.Text("channelid");
        if (channels.Length == 0)
        {
            return ApiAnswer.Failed(ErrorCode.ParameterBlank);
        }

        var callId = "";
        foreach (var channel in channels.Split(',', StringSplitOptions.TrimEntries))
        {
            var (call, leg) = pbx.Switchboard.FindChannel(channel);
            if (call is null || leg is null)
            {
                return ApiAnswer.Failed(ErrorCode.CallUnknown);
            }

            callId = call.Id;
            if (act(pbx, call, leg, request) is { } refusal)
            {
                return ApiAnswer.Failed(refusal);
            }
        }

        return ApiAnswer.Success(("callid", callId));
    };

    private static ApiHandler OnExtension(Act act) => (pbx, request) =>
    {
        if (request.Text("extid") is not { Length: > 0 } number)
        {
            return ApiAnswer.Failed(ErrorCode.ParameterBlank);
        }

        return pbx.FindExtension(number) is { } extension
            ? On(pbx, request, leg => leg.Extension == extension, act)
            : ApiAnswer.Failed(ErrorCode.ExtensionUnknown);
    };

    private static ApiHandler OnTrunk(string member, Act act) => (pbx, request) => request.Text(member) is { Length: > 0 } id
        ? On(pbx, request, leg => leg.LegId == id, act)
        : ApiAnswer.Failed(ErrorCode.ParameterBlank);

    private static ApiAnswer On(SimulatedPbx pbx, ApiRequest request, Func<Leg, bool> matches, Act act)
    {
        var (call, leg) = pbx.Switchboard.FindLeg(matches);
        if (call is null || leg is null)
        {
            return ApiAnswer.Failed(ErrorCode.CallUnknown);
        }

        return act(pbx, call, leg, request) is { } refusal ? ApiAnswer.Failed(refusal) : ApiAnswer.Success();
    }

    private static ErrorCode? HangUp(SimulatedPbx pbx, Call call, Leg leg, ApiRequest request)
    {
        pbx.CallFlow.End(call, call.Answered is null ? "NO ANSWER" : "ANSWERED");
        return null;
    }

    private static ErrorCode? Hold(SimulatedPbx pbx, Call call, Leg leg, ApiRequest request)
    {
        if (call.Answered is null || !leg.IsTalking)
        {
            return ErrorCode.CallNotConnected;
        }

        pbx.Transfers.PutOnHold(leg);
        pbx.Switchboard.Reports.Status(call);
        return null;
    }

    private static ErrorCode? Unhold(SimulatedPbx pbx, Call call, Leg leg, ApiRequest request)
    {
        if (leg.State is not LegState.Hold)
        {
            return ErrorCode.CallNotConnected;
        }

        pbx.Transfers.Resume([leg]);
        pbx.Switchboard.Reports.Status(call);
        return null;
    }

    private static ErrorCode? Mute(Leg leg, bool isMuted)
    {
        if (!leg.IsTalking)
        {
            return ErrorCode.CallNotConnected;
        }

        leg.IsMuted = isMuted;
        return null;
    }

    private static ErrorCode? Accept(SimulatedPbx pbx, Call call, Leg leg, ApiRequest request)
    {
        if (call.Pending is null)
        {
            return ErrorCode.AcceptTooLate;
        }

        CallFlow.Proceed(call);
        return null;
    }

    private static ErrorCode? Refuse(SimulatedPbx pbx, Call call, Leg leg, ApiRequest request)
    {
        if (call.Pending is null)
        {
            return ErrorCode.AcceptTooLate;
        }

        pbx.CallFlow.End(call, "NO ANSWER");
        return null;
    }

    private static ApiAnswer Transfer(SimulatedPbx pbx, ApiRequest request)
    {
        var (callId, transferor, target) = (request.Text("callid"), request.Text("transferor"), request.Text("transferto"));
        if (callId.Length == 0 || transferor.Length == 0 || target.Length == 0)
        {
            return ApiAnswer.Failed(ErrorCode.ParameterBlank);
        }

        if (pbx.Switchboard.Find(callId) is not { } call || call.Legs.Find(leg => leg.Number == transferor) is not { } leg)
        {
            return ApiAnswer.Failed(ErrorCode.CallUnknown);
        }

        return Blind(pbx, call, leg, target, request.Text("fromext")) is { } refusal ? ApiAnswer.Failed(refusal) : ApiAnswer.Success();
    }

    private static ErrorCode? Blind(SimulatedPbx pbx, Call call, Leg leg, string number, string permission)
    {
        if (call.Answered is null)
        {
            return ErrorCode.CallNotConnected;
        }

        // The channel of the one who transfers; a trunk's channel stands for the caller who is to be moved.
        return Permitted(pbx, number, permission, leg, out var target) is { } refusal
            ? refusal
            : leg.Kind is PartyKind.Extension ? pbx.Transfers.Blind(call, leg, target) : pbx.Transfers.Redirect(call, leg, target);
    }

    private static ErrorCode? Redirect(SimulatedPbx pbx, Call call, Leg leg, ApiRequest request, string number, ErrorCode unknown)
    {
        if (Permitted(pbx, number, request.Text("fromext"), leg, out var target) is { } refusal)
        {
            return refusal is ErrorCode.CalledNumberUnknown ? unknown : refusal;
        }

        var isOfItsKind = unknown switch
        {
            ErrorCode.ExtensionUnknown => target is Destination.Telephone,
            ErrorCode.IvrUnknown => target is Destination.Ivr,
            ErrorCode.QueueUnknown => target is Destination.Queue,
            ErrorCode.RingGroupUnknown => target is Destination.RingGroup,
            ErrorCode.CalleeNotAcceptable => target is Destination.Outside,
            _ => true,
        };
        return isOfItsKind ? pbx.Transfers.Redirect(call, leg, target) : unknown;
    }

    private static ErrorCode? Permitted(SimulatedPbx pbx, string number, string permission, Leg leg, out Destination target)
    {
        target = pbx.Switchboard.Numbers.Resolve(number);
        var payer = permission.Length > 0 ? permission : leg.Extension?.Number ?? "";
        return target switch
        {
            Destination.NotDialable when number.Length == 0 => ErrorCode.ParameterBlank,
            Destination.NotDialable => ErrorCode.CalleeNotAcceptable,
            Destination.Unknown => ErrorCode.CalledNumberUnknown,
            Destination.Outside when pbx.Faults.OutboundRevoked || pbx.FindExtension(payer) is not { MayDialOut: true } => ErrorCode.NoOutboundPermission,
            _ => null,
        };
    }
}
