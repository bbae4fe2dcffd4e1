using PbxGrains.Testing;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Yeastar.Tests.Client;

public sealed class CertificateTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pinned_certificate_is_accepted_whatever_its_name_and_age()
    {
        using var certificate = Pbx.NewCertificate(until: new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var pbx = new ScriptedPbx(_ => Reply.Json(Pbx.LoginV2), certificate);

        using var client = await Pbx.ConnectAsync(pbx, connection => connection with { CertificatePins = [Pbx.PinOf(certificate)] });

        client.Dialect.Should().Be(PbxDialect.V2);
    }

    [Fact]
    public async Task The_second_pin_counts_like_the_first()
    {
        using var old = Pbx.NewCertificate();
        using var current = Pbx.NewCertificate();
        await using var pbx = new ScriptedPbx(_ => Reply.Json(Pbx.LoginV2), current);

        using var client = await Pbx.ConnectAsync(pbx, connection => connection with { CertificatePins = [Pbx.PinOf(old), Pbx.PinOf(current)] });

        pbx.Logins.Should().Be(1);
    }

    [Fact]
    public async Task A_pbx_with_another_certificate_gets_no_byte_of_http()
    {
        using var pinned = Pbx.NewCertificate();
        using var shown = Pbx.NewCertificate();
        await using var pbx = new ScriptedPbx(_ => Reply.Json(Pbx.LoginV2), shown);

        var result = await new PbxConnector(TimeProvider.System).ConnectAsync(Pbx.To(pbx) with { CertificatePins = [Pbx.PinOf(pinned)] }, Ct);

        result.Failure!.Kind.Should().Be(PbxFailureKind.CertificateRefused);
        pbx.Accepted.Should().Be(1);
        await pbx.ConnectionsEnd();
        pbx.ApplicationBytes.Should().Be(0);
    }

    [Fact]
    public async Task Without_a_pin_an_untrusted_certificate_gets_no_byte_of_http()
    {
        using var certificate = Pbx.NewCertificate();
        await using var pbx = new ScriptedPbx(_ => Reply.Json(Pbx.LoginV2), certificate);

        var result = await new PbxConnector(TimeProvider.System).ConnectAsync(Pbx.To(pbx), Ct);

        result.Failure!.Kind.Should().Be(PbxFailureKind.CertificateRefused);
        await pbx.ConnectionsEnd();
        pbx.ApplicationBytes.Should().Be(0);
    }

    [Fact]
    public async Task A_certificate_that_changes_during_a_session_ends_it_before_the_token_leaves()
    {
        using var first = Pbx.NewCertificate();
        using var second = Pbx.NewCertificate();
        var before = new ScriptedPbx(_ => Reply.Json(Pbx.LoginV2), first);
        using var client = await Pbx.ConnectAsync(before, connection => connection with { CertificatePins = [Pbx.PinOf(first)] });
        var port = before.Port;
        await before.DisposeAsync();

        await using var after = new ScriptedPbx(_ => Reply.Json(Pbx.Success), second, port);
        var result = await client.ListExtensionsAsync(Ct);

        result.Failure!.Kind.Should().Be(PbxFailureKind.CertificateRefused);
        await after.ConnectionsEnd();
        after.ApplicationBytes.Should().Be(0);
    }

    [Fact]
    public async Task A_resumed_tls_session_is_judged_by_the_pin_like_a_new_one()
    {
        using var certificate = Pbx.NewCertificate();
        using var other = Pbx.NewCertificate();
        await using var pbx = new ScriptedPbx(_ => Reply.Json(Pbx.LoginV2), certificate);
        using var client = await Pbx.ConnectAsync(pbx, connection => connection with { CertificatePins = [Pbx.PinOf(certificate)] });
        var heard = pbx.ApplicationBytes;

        var result = await new PbxConnector(TimeProvider.System).ConnectAsync(Pbx.To(pbx) with { CertificatePins = [Pbx.PinOf(other)] }, Ct);

        result.Failure!.Kind.Should().Be(PbxFailureKind.CertificateRefused);
        await pbx.ConnectionsEnd();
        pbx.ApplicationBytes.Should().Be(heard);
    }

    [Fact]
    public async Task Plain_http_is_refused_before_connecting_unless_the_site_wants_it()
    {
        await using var pbx = new ScriptedPbx(_ => Reply.Json(Pbx.LoginV2));

        var result = await new PbxConnector(TimeProvider.System).ConnectAsync(Pbx.To(pbx) with { AllowPlainHttp = false }, Ct);

        result.Failure!.Kind.Should().Be(PbxFailureKind.NotReached);
        pbx.Accepted.Should().Be(0);
    }

    [Fact]
    public async Task The_probe_reads_the_certificate_and_says_nothing()
    {
        var end = new DateTimeOffset(2040, 2, 3, 0, 0, 0, TimeSpan.Zero);
        using var certificate = Pbx.NewCertificate(end);
        await using var pbx = new ScriptedPbx(_ => Reply.Json(Pbx.Success), certificate);

        var result = await PbxCertificateProbe.ReadAsync(pbx.Address, TimeSpan.FromSeconds(10), TimeProvider.System, Ct);

        result.Value.Should().Be(new PbxCertificate(Pbx.PinOf(certificate), "CN=pbx.invalid", end.AddYears(-40), end, Trusted: false));
        await pbx.ConnectionsEnd();
        pbx.Accepted.Should().Be(1);
        pbx.ApplicationBytes.Should().Be(0);
    }

    [Fact]
    public async Task The_probe_tells_why_it_saw_no_certificate()
    {
        var nobody = new Uri($"https://127.0.0.1:{FreePort.Next()}");
        await using var plain = new ScriptedPbx(_ => Reply.Json(Pbx.Success));

        var results = new[]
        {
            await PbxCertificateProbe.ReadAsync(nobody, TimeSpan.FromSeconds(10), TimeProvider.System, Ct),
            await PbxCertificateProbe.ReadAsync(plain.Address, TimeSpan.FromSeconds(10), TimeProvider.System, Ct),
        };

        results.Should().AllSatisfy(result => result.Failure!.Kind.Should().Be(PbxFailureKind.NotReached));
    }
}
