using PbxGrains.Grains.Moves;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Sites;

/// <content>How a session moves to another silo.</content>
public sealed partial class SiteSession
{
    /// <summary>Waits until a login under way has its answer, so that a session handed over is the only one.</summary>
    public async Task SettledAsync(TimeSpan within)
    {
        if (_login is Task underWay)
        {
            await Task.WhenAny(underWay, Task.Delay(within, time, lifetime));
        }
    }

    internal SessionHandOver? HandOver() => Client?.Ticket is { } ticket
        ? new SessionHandOver(ticket.Dialect == PbxDialect.V2, ticket.Token, _heartbeatAt, _reports?.Url, _reports?.Port ?? 0, _reports?.Absolute == true)
        : null;

    /// <summary>Goes on with the session an activation on another silo had; whether the PBX still honours it shows at the next request.</summary>
    internal void TakeOver(SessionHandOver? session, int logins, SiteConfiguration configuration)
    {
        Logins = logins;
        _validFrom = configuration.RowVersion;
        if (session is not null && configuration.Connection is { } connection)
        {
            Client = connector.Resume(connection, new PbxTicket(session.DialectV2 ? PbxDialect.V2 : PbxDialect.V1, session.Token));
            _heartbeatAt = session.HeartbeatAt;
            _reports = session.ReportUrl is { } url ? new ReportTarget(url, session.ReportPort, session.ReportUrlAbsolute) : null;
            _arrived = true;
        }
    }
}
