namespace PbxGrains.Grains.Checklists;

/// <summary>What can be found at the PBX's web server.</summary>
internal static class WebFindings
{
    public static readonly Finding RedirectsHere = Finding.Pass("redirects-here");
    public static readonly Finding NoRedirect = Finding.Pass("no-redirect");
    public static readonly Finding NoPlainHttp = Finding.Pass("no-plain-http");
    public static readonly Finding RedirectsElsewhere = Finding.Warn("redirects-elsewhere");
    public static readonly Finding AddressRedirects = Finding.Fail("address-redirects");

    public static readonly Finding CertificatePinned = Finding.Pass("certificate-pinned");
    public static readonly Finding CertificateTrusted = Finding.Pass("certificate-trusted");
    public static readonly Finding CertificateExpiresSoon = Finding.Warn("certificate-expires-soon");
    public static readonly Finding CertificateExpired = Finding.Warn("certificate-expired");
    public static readonly Finding PlainHttp = Finding.Warn("plain-http");
    public static readonly Finding PinMismatch = Finding.Fail("pin-mismatch");
    public static readonly Finding CertificateUntrusted = Finding.Fail("certificate-untrusted");
    public static readonly Finding NoTls = Finding.Fail("no-tls");

    public static readonly Finding LargeAnswersPass = Finding.Pass("large-answers-pass");
    public static readonly Finding LargeAnswersUnproven = Finding.Notice("large-answers-unproven");
    public static readonly Finding LargeAnswersHang = Finding.Fail("large-answers-hang");
}
