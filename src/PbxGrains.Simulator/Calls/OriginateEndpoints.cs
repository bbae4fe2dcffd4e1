using PbxGrains.Simulator.Http;

namespace PbxGrains.Simulator.Calls;

/// <summary>Starts calls (sheet, section 4.3). The answer only says that dialling began.</summary>
internal static class OriginateEndpoints
{
    public static void AddTo(Dictionary<string, ApiHandler> table, Dialect dialect)
    {
        if (dialect is Dialect.V2)
        {
            table["call/dial"] = Dial;
            table["call/playprompt"] = static (pbx, request) => PlayPrompt(pbx, request, request.Text("number"));
            return;
        }

        table["extension/dial_extension"] = static (pbx, request) => FromExtension(pbx, request, request.Text("caller"), request.Text("callee"), permission: "");
        table["extension/dial_outbound"] = static (pbx, request) => FromExtension(pbx, request, request.Text("extid"), request.Text("outto"), permission: "");
        table["outbound/dial_outbound"] = static (pbx, request) => FromOutside(pbx, request.Text("caller"), request.Text("outto"), request.Text("fromext"));
        table["ivr/dial_outbound"] = static (pbx, request) => FromFeature(pbx, request, request.Text("ivrid"), ErrorCode.IvrUnknown);
        table["queue/dial_outbound"] = static (pbx, request) => FromFeature(pbx, request, request.Text("queueid"), ErrorCode.QueueUnknown);
        table["ringgroup/dial_outbound"] = static (pbx, request) => FromFeature(pbx, request, request.Text("ringgroupid"), ErrorCode.RingGroupUnknown);
        table["ivr/dial_extension"] = static (pbx, request) => FromExtension(pbx, request, request.Text("extid"), request.Text("ivrid"), permission: "");
        table["extension/playprompt"] = static (pbx, request) => PlayPrompt(pbx, request, request.Text("extid"));
        table["outbound/playprompt"] = static (pbx, request) => PlayPrompt(pbx, request, request.Text("outto"));
    }

    private static ApiAnswer Dial(SimulatedPbx pbx, ApiRequest request)
    {
        var (caller, callee) = (request.Text("caller"), request.Text("callee"));
        if (caller.Length == 0 || callee.Length == 0)
        {
            return ApiAnswer.Failed(ErrorCode.ParameterBlank);
        }

        // Only a telephone may call anything; IVR, queue, ring group and outside numbers may call outside (sheet, section 4.3).
        return pbx.Switchboard.Numbers.Resolve(caller) switch
        {
            Destination.Telephone => FromExtension(pbx, request, caller, callee, request.Text("dialpermission")),
            Destination.Unknown => ApiAnswer.Failed(ErrorCode.ExtensionUnknown),
            Destination.NotDialable => ApiAnswer.Failed(ErrorCode.CalleeNotAcceptable),
            Destination.Outside => FromOutside(pbx, caller, callee, request.Text("dialpermission")),
            var feature => FromFeature(pbx, feature, callee, request.Text("dialpermission")),
        };
    }

    private static ApiAnswer FromExtension(SimulatedPbx pbx, ApiRequest request, string caller, string callee, string permission)
    {
        if (caller.Length == 0 || callee.Length == 0)
        {
            return ApiAnswer.Failed(ErrorCode.ParameterBlank);
        }

        if (pbx.FindExtension(caller) is not { } extension)
        {
            return ApiAnswer.Failed(ErrorCode.ExtensionUnknown);
        }

        if (!extension.IsFree)
        {
            return ApiAnswer.Failed(ErrorCode.ExtensionNotIdle);
        }

        var destination = pbx.Switchboard.Numbers.Resolve(callee);
        if (Refusal(pbx, destination, permission.Length > 0 ? permission : caller) is { } refusal)
        {
            return ApiAnswer.Failed(refusal);
        }

        var call = pbx.CallFlow.FromExtension(extension, destination, pbx.NextPlan(), isFromApi: true, request.Text("autoanswer") is "yes");
        return Started(pbx, call, callee);
    }

    private static ApiAnswer FromOutside(SimulatedPbx pbx, string caller, string callee, string permission)
    {
        if (caller.Length == 0 || callee.Length == 0)
        {
            return ApiAnswer.Failed(ErrorCode.ParameterBlank);
        }

        var second = pbx.Switchboard.Numbers.Resolve(callee);
        if (pbx.Switchboard.Numbers.Resolve(caller) is not Destination.Outside || second is not Destination.Outside)
        {
            return ApiAnswer.Failed(ErrorCode.CalleeNotAcceptable);
        }

        return Refusal(pbx, second, permission) is { } refusal
            ? ApiAnswer.Failed(refusal)
            : Started(pbx, pbx.CallFlow.FromOutside(caller, second, pbx.NextPlan()), callee);
    }

    private static ApiAnswer FromFeature(SimulatedPbx pbx, ApiRequest request, string feature, ErrorCode unknown) => pbx.Switchboard.Numbers.Resolve(feature) switch
    {
        Destination.Ivr ivr when unknown is ErrorCode.IvrUnknown => FromFeature(pbx, ivr, request.Text("outto"), request.Text("fromext")),
        Destination.Queue queue when unknown is ErrorCode.QueueUnknown => FromFeature(pbx, queue, request.Text("outto"), request.Text("fromext")),
        Destination.RingGroup group when unknown is ErrorCode.RingGroupUnknown => FromFeature(pbx, group, request.Text("outto"), request.Text("fromext")),
        _ => ApiAnswer.Failed(unknown),
    };

    private static ApiAnswer FromFeature(SimulatedPbx pbx, Destination feature, string outside, string permission)
    {
        var destination = pbx.Switchboard.Numbers.Resolve(outside);
        if (destination is not Destination.Outside)
        {
            return ApiAnswer.Failed(outside.Length == 0 ? ErrorCode.ParameterBlank : ErrorCode.CalleeNotAcceptable);
        }

        return Refusal(pbx, destination, permission) is { } refusal
            ? ApiAnswer.Failed(refusal)
            : Started(pbx, pbx.CallFlow.FromOutside(outside, feature, pbx.NextPlan()), outside);
    }

    private static ErrorCode? Refusal(SimulatedPbx pbx, Destination destination, string permission) => destination switch
    {
        Destination.Unknown => ErrorCode.CalledNumberUnknown,
        Destination.NotDialable => ErrorCode.CalleeNotAcceptable,
        Destination.Outside when pbx.Faults.OutboundRevoked || pbx.FindExtension(permission) is not { MayDialOut: true } => ErrorCode.NoOutboundPermission,
        _ => null,
    };

    private static ApiAnswer PlayPrompt(SimulatedPbx pbx, ApiRequest request, string number)
    {
        var prompt = request.Text("prompt");
        if (number.Length == 0)
        {
            return ApiAnswer.Failed(ErrorCode.ParameterBlank);
        }

        if (prompt.Length == 0)
        {
            return ApiAnswer.Failed(ErrorCode.AudioFileMissing);
        }

        var board = pbx.Switchboard;
        var destination = board.Numbers.Resolve(number);
        if (destination is Destination.Telephone telephone)
        {
            return telephone.Extension.IsFree
                ? Started(pbx, pbx.CallFlow.PlayPrompt(call => board.AddTelephone(call, telephone.Extension, LegState.Ring), number, prompt), number)
                : ApiAnswer.Failed(ErrorCode.ExtensionNotIdle);
        }

        if (destination is not Destination.Outside)
        {
            return ApiAnswer.Failed(ErrorCode.ExtensionUnknown);
        }

        return Refusal(pbx, destination, request.Text("fromext", "dialpermission")) is { } refusal
            ? ApiAnswer.Failed(refusal)
            : Started(pbx, pbx.CallFlow.PlayPrompt(call => board.AddOutbound(call, "", number), number, prompt), number);
    }

    private static ApiAnswer Started(SimulatedPbx pbx, Call call, string number)
    {
        pbx.Counters.Originated(number);
        return ApiAnswer.Success(("callid", call.Id)) with { IsLost = pbx.Faults.LoseOriginateAnswer };
    }
}
