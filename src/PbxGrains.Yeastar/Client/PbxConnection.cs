namespace PbxGrains.Yeastar.Client;

/// <summary>How to reach one PBX and who we are to it.</summary>
public sealed record PbxConnection
{
    /// <summary>Address of the web interface, <c>https://10.1.0.254:8088</c>; no path, no query.</summary>
    public required Uri Address { get; init; }

    /// <summary>API user.</summary>
    public required string UserName { get; init; }

    /// <summary>The API password as the PBX wants it.</summary>
    public required PbxPassword Password { get; init; }

    /// <summary>
    /// Pins: SHA-256 of the certificate's public key (SPKI), Base64; at most two, so that a certificate can be replaced.
    /// Empty: the certificate must be valid in the ordinary way.
    /// </summary>
    public IReadOnlyList<string> CertificatePins { get; init; } = [];

    /// <summary>True when the site speaks plain HTTP on purpose; otherwise an <c>http</c> address is refused.</summary>
    public bool AllowPlainHttp { get; init; }

    /// <summary>Time limit for the TCP and TLS connection.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Time limit from the request's last byte to the answer's last byte (for files: to the first byte).</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Where the PBX shall push its reports; null for no reports.</summary>
    public ReportTarget? Reports { get; init; }

    /// <summary>Dialect found last time: tried first, so that detection costs nothing. Null when unknown.</summary>
    public PbxDialect? KnownDialect { get; init; }

    /// <inheritdoc />
    public override string ToString() => $"{Address} as {UserName}";
}

/// <summary>The MD5 of an API password, which is what the PBX wants to see and as good as the password itself.</summary>
public readonly record struct PbxPassword
{
    private readonly string _md5;

    private PbxPassword(string md5) => _md5 = md5;

    /// <summary>Takes a password as people know it.</summary>
#pragma warning disable CA5351 // The PBX's login wants MD5 (fact sheet S-Series §3.1); it protects nothing here.
    public static PbxPassword FromPlainText(string password) =>
        new(Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(System.Text.Encoding.UTF8.GetBytes(password))));
#pragma warning restore CA5351

    /// <summary>Takes 32 hexadecimal digits.</summary>
    /// <exception cref="FormatException">It is not an MD5 in hexadecimal.</exception>
    public static PbxPassword FromMd5(string md5) =>
        md5 is { Length: 32 } && md5.All(char.IsAsciiHexDigit) ? new(md5.ToLowerInvariant()) : throw new FormatException("A password digest has 32 hexadecimal digits.");

    /// <summary>The digest for the login body. Never log it.</summary>
    public string Reveal() => _md5 ?? throw new InvalidOperationException("No password was set.");

    /// <inheritdoc />
    public override string ToString() => "(secret)";
}

/// <summary>Where a PBX shall push its reports.</summary>
/// <param name="Url">
/// Absolute: <c>192.0.2.20:8260/path</c> without scheme. Relative to the address the PBX sees us come from: a path
/// without leading slash. May carry a secret: never log it.
/// </param>
/// <param name="Port">Port of the receiver.</param>
/// <param name="Absolute">True when <paramref name="Url"/> names host and port.</param>
public sealed record ReportTarget(string Url, int Port, bool Absolute)
{
    /// <inheritdoc />
    public override string ToString() => Absolute ? "(absolute report address)" : $"(relative report address, port {Port})";
}
