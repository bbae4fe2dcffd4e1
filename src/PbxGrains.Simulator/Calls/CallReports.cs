using PbxGrains.Simulator.Reports;

namespace PbxGrains.Simulator.Calls;

/// <summary>Turns the steps of a call into the reports of both dialects; the sender keeps those the receiver's format knows.</summary>
internal sealed class CallReports(ReportSender sender)
{
    /// <summary>v2: how all parties stand.</summary>
    public void Status(Call call) => sender.Tell(Report.CallStatus(call.Id, call.Members()));

    /// <summary>Telephones ring. v1 says so of calls that the API started, and only of those.</summary>
    public void Rings(Call call, IReadOnlyList<Leg> ringing)
    {
        if (call.IsFromApi)
        {
            var others = call.Legs.Where(leg => !ringing.Contains(leg)).ToList();
            sender.Tell(Report.Progress("RING", call.Id, Parties([.. ringing, .. others])));
            if (others.Count > 0)
            {
                sender.Tell(Report.Progress("ALERT", call.Id, Parties(others)));
            }
        }

        Status(call);
    }

    /// <summary>Somebody picked up: in v1 the called side ANSWERs and the calling side is ANSWERED, always as a pair.</summary>
    public void Answers(Call call, Leg callee)
    {
        var others = call.Legs.Where(leg => leg != callee && leg.State is not LegState.Bye).ToList();
        sender.Tell(Report.Progress("ANSWER", call.Id, Parties([callee, .. others])));
        sender.Tell(Report.Progress("ANSWERED", call.Id, Parties([.. others, callee])));
        Status(call);
    }

    /// <summary>The call is over: v1 says BYE twice with the parties swapped.</summary>
    public void Ends(Call call)
    {
        var parties = call.Members();
        if (parties.Count > 0)
        {
            sender.Tell(Report.Progress("BYE", call.Id, parties));
            if (parties.Count > 1)
            {
                sender.Tell(Report.Progress("BYE", call.Id, [.. parties.Reverse()]));
            }
        }

        Status(call);
    }

    /// <summary>A transfer that an extension made; those of the API are not reported. v1 misspells it.</summary>
    public void Transfers(Call call) => sender.Tell(new Report { Action = "Tranfer", Event = "Transfer", CallId = call.Id, Parties = call.Members() });

    /// <summary>A call was forwarded before it rang; v1 knows one word for both.</summary>
    public void Forwards(Call call) => sender.Tell(new Report { Action = "Tranfer", Event = "Forward", CallId = call.Id, Parties = call.Members(withStatus: false) });

    /// <summary>The trunk asks what to do with a caller.</summary>
    public void Asks(Call call, string verb) => sender.Tell(new Report { Action = verb, Event = verb, CallId = call.Id, Parties = call.Members(withStatus: false) });

    /// <summary>The call cannot be made. v1 puts the parties at the root, in both of its formats.</summary>
    public void Fails(Call call, CallOutcome outcome)
    {
        var (v1, v2) = outcome switch
        {
            CallOutcome.Busy => ("486 Busy Here", "User Busy"),
            CallOutcome.Refused => ("603 Declined", "603 Declined"),
            CallOutcome.NotFound => ("404 NOT found", "404 NOT found"),
            CallOutcome.Unreachable => ("480 Temporarily Unavailable", "480 Temporatily Unavailable"),
            _ => ("487 Request Terminated", "408 Request Time"),
        };
        sender.Tell(new Report
        {
            Action = "CallFailed",
            Event = "CallFailed",
            CallId = call.Id,
            Parties = [.. call.Members(withStatus: false).OrderByDescending(party => party.Kind is PartyKind.Outbound)],
            PartiesAtRoot = true,
            Members = format => [("reason", format is ReportFormat.V200 ? v2 : v1)],
        });
    }

    private static List<Party> Parties(IEnumerable<Leg> legs) => [.. legs.Select(leg => leg.Snapshot())];
}
