using PbxGrains.Yeastar.Client;

namespace PbxGrains.Yeastar.Tests.Client;

public sealed class DetectionTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_login_with_a_transport_is_dialect_2()
    {
        await using var pbx = new ScriptedPbx(_ => Reply.Json(Pbx.LoginV2));

        using var client = await Pbx.ConnectAsync(pbx);

        client.Dialect.Should().Be(PbxDialect.V2);
        pbx.Paths.Should().Equal("/api/v2.0.0/login");
    }

    [Theory]
    [InlineData("10003")]
    [InlineData("10004")]
    [InlineData("20001")]
    [InlineData("20005")]
    [InlineData("20010")]
    public async Task A_refusal_that_is_not_about_credentials_leads_to_dialect_1(string error)
    {
        await using var pbx = new ScriptedPbx(request => request.Path == "/api/v1.1.0/login" ? Reply.Json(Pbx.LoginV1) : Reply.Error(error));

        using var client = await Pbx.ConnectAsync(pbx);

        client.Dialect.Should().Be(PbxDialect.V1);
        pbx.Paths.Should().Equal("/api/v2.0.0/login", "/api/v1.1.0/login");
        pbx.Requests.Select(request => request["version"]).Should().Equal("2.0.0", "1.0.2");
    }

    [Theory]
    [InlineData("404 Not Found")]
    [InlineData("405 Method Not Allowed")]
    [InlineData("501 Not Implemented")]
    [InlineData("200 OK")]
    public async Task A_web_server_without_the_path_leads_to_dialect_1(string status)
    {
        await using var pbx = new ScriptedPbx(request => request.Path == "/api/v1.1.0/login" ? Reply.Json(Pbx.LoginV1) : Reply.Status(status));

        using var client = await Pbx.ConnectAsync(pbx);

        client.Dialect.Should().Be(PbxDialect.V1);
    }

    [Theory]
    [InlineData("20003", PbxFailureKind.CredentialsRejected)]
    [InlineData("20002", PbxFailureKind.AddressLocked)]
    [InlineData("10032", PbxFailureKind.CredentialsRejected)]
    [InlineData("20013", PbxFailureKind.Refused)]
    [InlineData("77777", PbxFailureKind.Refused)]
    [InlineData("", PbxFailureKind.Refused)]
    public async Task A_refusal_that_may_be_about_credentials_is_the_only_login(string error, PbxFailureKind kind)
    {
        await using var pbx = new ScriptedPbx(_ => Reply.Error(error));

        foreach (var known in new PbxDialect?[] { null, PbxDialect.V1, PbxDialect.V2 })
        {
            var before = pbx.Logins;

            var result = await new PbxConnector(TimeProvider.System).ConnectAsync(Pbx.To(pbx) with { KnownDialect = known }, Ct);

            result.Failure!.Kind.Should().Be(kind);
            pbx.Logins.Should().Be(before + 1);
        }
    }

    [Fact]
    public async Task Credentials_rejected_in_the_second_dialect_are_one_failed_login()
    {
        await using var pbx = new ScriptedPbx(request => Reply.Error(request.Path.Contains("v2", StringComparison.Ordinal) ? "10003" : "20003"));

        var result = await new PbxConnector(TimeProvider.System).ConnectAsync(Pbx.To(pbx), Ct);

        result.Failure!.Kind.Should().Be(PbxFailureKind.CredentialsRejected);
        pbx.Logins.Should().Be(2);
    }

    [Theory]
    [InlineData("500 Internal Server Error", PbxFailureKind.UnexpectedAnswer)]
    [InlineData("302 Found", PbxFailureKind.UnexpectedAnswer)]
    [InlineData("401 Unauthorized", PbxFailureKind.UnexpectedAnswer)]
    public async Task An_answer_that_proves_nothing_ends_the_search(string status, PbxFailureKind kind)
    {
        await using var pbx = new ScriptedPbx(_ => Reply.Status(status, "<html/>", "Location: https://127.0.0.1:1/"));

        var result = await new PbxConnector(TimeProvider.System).ConnectAsync(Pbx.To(pbx), Ct);

        result.Failure!.Kind.Should().Be(kind);
        pbx.Accepted.Should().Be(1);
    }

    [Fact]
    public async Task A_login_cut_in_the_middle_ends_the_search()
    {
        await using var pbx = new ScriptedPbx(_ => new RawReply("""{"status":"Failed","errno":"200"""u8.ToArray(), "200 OK", "application/json"));

        var result = await new PbxConnector(TimeProvider.System).ConnectAsync(Pbx.To(pbx), Ct);

        result.Failure!.Kind.Should().Be(PbxFailureKind.UnexpectedAnswer);
        pbx.Logins.Should().Be(1);
    }

    [Fact]
    public async Task A_login_without_an_answer_ends_the_search()
    {
        await using var pbx = new ScriptedPbx(_ => Reply.Reset);

        var result = await new PbxConnector(TimeProvider.System).ConnectAsync(Pbx.To(pbx), Ct);

        result.Failure!.Kind.Should().Be(PbxFailureKind.NoAnswer);
        pbx.Accepted.Should().Be(1);
    }

    [Fact]
    public async Task The_dialect_known_from_last_time_is_tried_first()
    {
        await using var pbx = new ScriptedPbx(_ => Reply.Json(Pbx.LoginV1));

        using var client = await Pbx.ConnectAsync(pbx, connection => connection with { KnownDialect = PbxDialect.V1 });

        client.Dialect.Should().Be(PbxDialect.V1);
        pbx.Paths.Should().Equal("/api/v1.1.0/login");
    }

    [Fact]
    public async Task A_known_dialect_that_is_gone_leads_to_the_other()
    {
        await using var pbx = new ScriptedPbx(request => request.Path == "/api/v2.0.0/login" ? Reply.Json(Pbx.LoginV2) : Reply.Error("10003"));

        using var client = await Pbx.ConnectAsync(pbx, connection => connection with { KnownDialect = PbxDialect.V1 });

        client.Dialect.Should().Be(PbxDialect.V2);
        pbx.Paths.Should().Equal("/api/v1.1.0/login", "/api/v2.0.0/login");
    }

    [Theory]
    [InlineData(true, PbxDialect.V2)]
    [InlineData(false, PbxDialect.V1)]
    public async Task A_login_without_transport_is_confirmed_by_the_extension_list(bool known, PbxDialect dialect)
    {
        await using var pbx = new ScriptedPbx(request => request.Path switch
        {
            "/api/v2.0.0/login" => Reply.Json(Pbx.LoginV1),
            "/api/v2.0.0/extension/list" => known ? Reply.Json(Pbx.Success) : Reply.Error("10003"),
            _ => Reply.Json(Pbx.Success),
        });

        using var client = await Pbx.ConnectAsync(pbx);
        var list = await client.ListExtensionsAsync(Ct);

        client.Dialect.Should().Be(dialect);
        list.Value.Should().BeEmpty();
        pbx.Logins.Should().Be(1);
        pbx.Requests[^1].Path.Should().Be(known ? "/api/v2.0.0/extension/list" : "/api/v1.1.0/extensionlist/query");
        pbx.Requests[^1].Query.Should().Be($"token={Pbx.Token}");
    }

    [Fact]
    public async Task A_pbx_that_speaks_neither_dialect_is_said_to()
    {
        await using var pbx = new ScriptedPbx(_ => Reply.Status("404 Not Found"));

        var result = await new PbxConnector(TimeProvider.System).ConnectAsync(Pbx.To(pbx), Ct);

        result.Failure!.Kind.Should().Be(PbxFailureKind.NotSupported);
        pbx.Logins.Should().Be(2);
    }

    [Theory]
    [InlineData("20010", "10003", PbxFailureKind.TryLater)]
    [InlineData("10003", "20010", PbxFailureKind.TryLater)]
    [InlineData("20006", "20004", PbxFailureKind.NotSupported)]
    public async Task Of_two_failures_the_one_that_says_more_is_told(string first, string second, PbxFailureKind kind)
    {
        await using var pbx = new ScriptedPbx(request => Reply.Error(request.Path.Contains("v2", StringComparison.Ordinal) ? first : second));

        var result = await new PbxConnector(TimeProvider.System).ConnectAsync(Pbx.To(pbx), Ct);

        result.Failure!.Kind.Should().Be(kind);
    }

    [Fact]
    public async Task A_login_without_a_token_is_no_login()
    {
        await using var pbx = new ScriptedPbx(_ => Reply.Json(Pbx.Success));

        var result = await new PbxConnector(TimeProvider.System).ConnectAsync(Pbx.To(pbx), Ct);

        result.Failure!.Kind.Should().Be(PbxFailureKind.UnexpectedAnswer);
        pbx.Logins.Should().Be(1);
    }

    [Theory]
    [InlineData("30.13.0.30", PbxDialect.V2)]
    [InlineData("30.13.0.5", PbxDialect.V1)]
    [InlineData("30.14", PbxDialect.V2)]
    [InlineData("30.9.0.99", PbxDialect.V1)]
    [InlineData(" 30.11.0.7 ", PbxDialect.V1)]
    [InlineData("81.13.0.30", PbxDialect.V2)]
    public void Firmware_is_compared_number_by_number(string version, PbxDialect dialect) => PbxFirmware.BestDialect(version).Should().Be(dialect);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("30.x")]
    public void A_firmware_that_cannot_be_read_says_nothing(string? version) => PbxFirmware.BestDialect(version).Should().BeNull();
}
