using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Front.Keys;
using PbxGrains.Front.OpenApi;
using PbxGrains.Front.Problems;
using PbxGrains.Front.Sites;

namespace PbxGrains.Front.Calls;

/// <summary>Routes that steer running calls.</summary>
internal static class CallCommandsApi
{
    public static IEndpointRouteBuilder MapCallCommandsApi(this IEndpointRouteBuilder routes)
    {
        var call = routes.MapGroup("/api/pbx/sites/{siteId}/calls/{callId}").WithTags("Calls")
            .RequireAuthorization(Scope.Operate).AddEndpointFilter<RegisteredSite>().WithMetadata(new NeverRepeated())
            .ProducesProblems(400, 404, 409, 501, 502, 503, 504);
        call.MapDelete("", HangUp).Produces(204).WithName("HangUp").WithSummary("Ends a call, or with ?extension= only one leg of it.");
        call.MapPost("/transfer", Transfer).Produces(204).WithName("TransferCall").WithSummary("Gives the other party to somebody else; the transferring extension leaves.");
        call.MapPost("/hold", Hold).Produces(204).WithName("HoldCall").WithSummary("Puts the extension's side on hold, or takes it back.");
        call.MapPost("/mute", Mute).Produces(204).WithName("MuteCall").WithSummary("Mutes the extension, or unmutes it.");
        call.MapPost("/monitor", Monitor).Produces(204).WithName("MonitorCall").WithSummary("Lets a supervisor listen, whisper or barge in; the supervisor's phone rings.");
        return routes;
    }

    private static Task<IResult> HangUp(string callId, string? extension, [AsParameters] SiteScope scope, CancellationToken ct)
    {
        var errors = new FieldErrors();
        return Do(callId, new HangUp(Extension(extension, errors)), errors, scope, ct);
    }

    private static Task<IResult> Transfer(string callId, TransferInput input, [AsParameters] SiteScope scope, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var destination = OriginateWish.Number("destination", input.Destination, "Give the number to transfer to.", errors);
        return Do(callId, new Transfer(Extension(input.Extension, errors), destination ?? ""), errors, scope, ct);
    }

    private static Task<IResult> Hold(string callId, SwitchInput input, [AsParameters] SiteScope scope, CancellationToken ct)
    {
        var errors = new FieldErrors();
        return Do(callId, new Hold(Extension(input.Extension, errors), On(input, errors)), errors, scope, ct);
    }

    private static Task<IResult> Mute(string callId, SwitchInput input, [AsParameters] SiteScope scope, CancellationToken ct)
    {
        var errors = new FieldErrors();
        return Do(callId, new Mute(Extension(input.Extension, errors), On(input, errors)), errors, scope, ct);
    }

    private static Task<IResult> Monitor(string callId, MonitorInput input, [AsParameters] SiteScope scope, CancellationToken ct)
    {
        var errors = new FieldErrors();
        if (!ExtensionNumber.TryParse(input.Supervisor?.Trim(), out var supervisor))
        {
            errors.Add("supervisor", "Give the supervisor's extension.");
        }

        if (input.Mode is null)
        {
            errors.Add("mode", "Use listen, whisper or barge.");
        }

        return Do(callId, new Contracts.Calls.Monitor(supervisor, Extension(input.Extension, errors), input.Mode ?? MonitorMode.Listen), errors, scope, ct);
    }

    private static async Task<IResult> Do(string callId, CallCommand command, FieldErrors errors, SiteScope scope, CancellationToken ct)
    {
        if (!errors.None)
        {
            return Problem.Invalid(errors.ToDictionary());
        }

        return CallId.TryParse(callId, out var id)
            ? CallCommandAnswers.Of(callId, await scope.Site.Command(id, command, ct))
            : Problem.CallUnknown(callId);
    }

    private static ExtensionNumber? Extension(string? text, FieldErrors errors)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (!ExtensionNumber.TryParse(text.Trim(), out var number))
        {
            errors.Add("extension", "Give the number of an extension, or leave it out when the call has just one.");
        }

        return number;
    }

    private static bool On(SwitchInput input, FieldErrors errors)
    {
        if (input.On is null)
        {
            errors.Add("on", "Give true or false.");
        }

        return input.On ?? false;
    }
}
