using PbxGrains.Yeastar.Http;

namespace PbxGrains.Yeastar.Client;

/// <summary>
/// Logs in to a PBX and finds out which dialect it speaks (fact sheet S-Series §2.3). One call costs the PBX at most one
/// failed login: only what is certain not to be about credentials leads to a login in the other dialect.
/// </summary>
/// <param name="time">Clock of all time limits, of the client handed out too.</param>
public sealed class PbxConnector(TimeProvider time)
{
    /// <summary>Logs in.</summary>
    /// <param name="connection">The PBX and who we are to it.</param>
    /// <param name="ct">Gives up; a login that already left may still have counted.</param>
    /// <returns>
    /// A session to be disposed; <see cref="IPbxClient.Dialect"/> is worth keeping as the next
    /// <see cref="PbxConnection.KnownDialect"/>. <see cref="PbxFailureKind.NotSupported"/> when neither dialect answers.
    /// </returns>
    public async Task<PbxResult<IPbxClient>> ConnectAsync(PbxConnection connection, CancellationToken ct)
    {
        var http = new PbxHttp(connection, time);
        var handedOver = false;
        try
        {
            var client = await DetectAsync(http, connection, ct);
            handedOver = client.Succeeded;
            return client;
        }
        finally
        {
            if (!handedOver)
            {
                http.Dispose();
            }
        }
    }

    /// <summary>Goes on with a session that another process opened. Asks nothing: whether the PBX still honours it shows at the first request.</summary>
    /// <param name="connection">The PBX and who we are to it, as at the login.</param>
    /// <param name="ticket">The session.</param>
    public IPbxClient Resume(PbxConnection connection, PbxTicket ticket)
    {
        var session = new PbxSession(new PbxHttp(connection, time), ticket.Dialect, ticket.Token);
        return ticket.Dialect == PbxDialect.V1 ? new V1Client(session) : new V2Client(session);
    }

    private static async Task<PbxResult<IPbxClient>> DetectAsync(PbxHttp http, PbxConnection connection, CancellationToken ct)
    {
        var first = connection.KnownDialect ?? PbxDialect.V2;
        var login = await LogInAsync(http, connection, first, ct);
        if (login.Succeeded)
        {
            return await ConfirmAsync(http, connection, first, login.Value, ct);
        }

        if (!LoginFailures.LeadsToOtherDialect(login.Failure))
        {
            return LoginFailures.Tell(login.Failure);
        }

        var other = first.Other();
        var second = await LogInAsync(http, connection, other, ct);
        return second.Succeeded
            ? await ConfirmAsync(http, connection, other, second.Value, ct)
            : LoginFailures.Tell(login.Failure, second.Failure);
    }

    private static Task<PbxResult<LoginAnswer>> LogInAsync(PbxHttp http, PbxConnection connection, PbxDialect dialect, CancellationToken ct)
    {
        var reports = connection.Reports;
        var body = PbxRequestBody.Of(
            ("username", connection.UserName),
            ("password", connection.Password.Reveal()),
            ("port", ReportFields.Port(reports)),
            ("version", dialect.ReportVersion()),
            ("url", reports?.Url),
            ("urltag", ReportFields.UrlKind(reports)));
        return http.PostAsync($"/api/{dialect.PathVersion()}/login", "login", body, static answer => answer.Read(PbxJson.Default.LoginAnswer), ct);
    }

    private static async Task<PbxResult<IPbxClient>> ConfirmAsync(
        PbxHttp http, PbxConnection connection, PbxDialect dialect, LoginAnswer login, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(login.Token))
        {
            return WireFailures.Unexpected("The PBX accepted the login and gave no token.");
        }

        var session = new PbxSession(http, dialect, login.Token);
        if (dialect == PbxDialect.V1)
        {
            return PbxResult.Of<IPbxClient>(new V1Client(session));
        }

        if (login.Transport is not null || connection.KnownDialect == PbxDialect.V2)
        {
            return PbxResult.Of<IPbxClient>(new V2Client(session));
        }

        // A web server that does not look at the path's version accepts this login without knowing the dialect.
        var list = await session.AskAsync("extension/list", PbxRequestBody.None, PbxJson.Default.PbxAnswer, ct);
        return list switch
        {
            { Succeeded: true } => PbxResult.Of<IPbxClient>(new V2Client(session)),
            { Failure: { Kind: PbxFailureKind.NotSupported } or { Stranger: not Stranger.None } } =>
                PbxResult.Of<IPbxClient>(new V1Client(new PbxSession(http, PbxDialect.V1, login.Token))),
            _ => list.Failure!,
        };
    }
}
