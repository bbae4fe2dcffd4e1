using PbxGrains.Yeastar.Client;

namespace PbxGrains.Yeastar.Tests.Client;

public sealed class ErrorCodeTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private static readonly int[] Documented =
    [
        .. Enumerable.Range(10002, 32), .. Enumerable.Range(10042, 41), 10110, .. Enumerable.Range(20000, 22), 30001, 30003, 100024,
    ];

    [Fact]
    public void Every_documented_number_has_a_name_and_a_kind()
    {
        var failures = Documented.Select(number => PbxErrorCodes.ToFailure($"{number}")).ToList();

        failures.Should().AllSatisfy(failure =>
        {
            failure.Code.Should().NotBe(PbxErrorCode.Other);
            Enum.IsDefined(failure.Code!.Value).Should().BeTrue();
            failure.Message.Should().NotBeEmpty();
        });
        failures.Select(failure => failure.RawCode).Should().Equal(Documented.Select(number => $"{number}"));
    }

    [Fact]
    public void Every_name_is_the_number_of_its_wire()
    {
        var codes = Enum.GetValues<PbxErrorCode>().Where(code => code != PbxErrorCode.Other);

        codes.Should().AllSatisfy(code => PbxErrorCodes.Parse($"{(int)code}").Should().Be(code));
    }

    [Theory]
    [InlineData("20003", PbxFailureKind.CredentialsRejected)]
    [InlineData("20002", PbxFailureKind.AddressLocked)]
    [InlineData("20004", PbxFailureKind.SessionEnded)]
    [InlineData("20005", PbxFailureKind.SessionEnded)]
    [InlineData("20006", PbxFailureKind.SessionEnded)]
    [InlineData("20010", PbxFailureKind.TryLater)]
    [InlineData("30001", PbxFailureKind.TryLater)]
    [InlineData("30003", PbxFailureKind.TryLater)]
    [InlineData("10025", PbxFailureKind.TryLater)]
    [InlineData("10003", PbxFailureKind.NotSupported)]
    [InlineData("10008", PbxFailureKind.Refused)]
    [InlineData("100024", PbxFailureKind.Refused)]
    [InlineData("99999", PbxFailureKind.Refused)]
    public async Task An_error_tells_what_to_do_next(string number, PbxFailureKind kind)
    {
        foreach (var errno in new[] { $"\"{number}\"", number })
        {
            await using var pbx = Pbx.Speaking(PbxDialect.V2, _ => Reply.Json($$"""{"status":"Failure","errno":{{errno}}}"""));
            using var client = await Pbx.ConnectAsync(pbx);

            var result = await client.ListExtensionsAsync(Ct);

            result.Failure!.Kind.Should().Be(kind);
            result.Failure.RawCode.Should().Be(number);
        }
    }

    [Theory]
    [InlineData("10042", PbxErrorCode.SipTrunkSettingRefused)]
    [InlineData("10059", PbxErrorCode.SipTrunkSettingRefused)]
    [InlineData("10060", PbxErrorCode.SipTrunkLimitReached)]
    [InlineData("10072", PbxErrorCode.InboundRouteSettingRefused)]
    [InlineData("10082", PbxErrorCode.OutboundRouteSettingRefused)]
    [InlineData("100024", PbxErrorCode.NoOutboundPermission)]
    [InlineData(" 20003 ", PbxErrorCode.CredentialsRejected)]
    [InlineData("10083", PbxErrorCode.Other)]
    [InlineData("0", PbxErrorCode.Other)]
    [InlineData("-1", PbxErrorCode.Other)]
    [InlineData("many", PbxErrorCode.Other)]
    [InlineData(null, PbxErrorCode.Other)]
    public void A_number_has_one_name(string? number, PbxErrorCode code) => PbxErrorCodes.Parse(number).Should().Be(code);

    [Fact]
    public void An_undocumented_number_is_carried_and_told()
    {
        var failure = PbxErrorCodes.ToFailure("54321");

        failure.Should().Be(new PbxFailure(PbxFailureKind.Refused, failure.Message, PbxErrorCode.Other, "54321"));
        failure.Message.Should().Contain("54321");
    }

    [Fact]
    public void What_a_pbx_sends_in_place_of_a_number_cannot_do_harm()
    {
        var failure = PbxErrorCodes.ToFailure("<b>\r\n" + new string('x', 5000));

        failure.RawCode!.Length.Should().BeLessThanOrEqualTo(32);
        failure.RawCode.Should().NotContainAny("<", "\r", "\n");
        PbxErrorCodes.ToFailure("---").RawCode.Should().Be("?");
        PbxErrorCodes.ToFailure(" ").RawCode.Should().BeNull();
    }

    [Theory]
    [InlineData("""{"status":"success"}""")]
    [InlineData("""{"status":"Failed"}""")]
    [InlineData("""{"status":"Failed","errno":""}""")]
    public async Task Whatever_is_not_exactly_success_is_a_failure(string answer)
    {
        await using var pbx = Pbx.Speaking(PbxDialect.V1, _ => Reply.Json(answer));
        using var client = await Pbx.ConnectAsync(pbx);

        var result = await client.LogoutAsync(Ct);

        result.Failure!.Should().BeEquivalentTo(new { Kind = PbxFailureKind.Refused, Code = PbxErrorCode.Other, RawCode = (string?)null });
    }
}
