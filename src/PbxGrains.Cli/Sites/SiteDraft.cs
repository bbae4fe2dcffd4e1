using PbxGrains.Cli.Api;

namespace PbxGrains.Cli.Sites;

/// <summary>A site as far as it has been answered; null means not answered, which on an update keeps what is stored.</summary>
internal sealed record SiteDraft
{
    public string? Id { get; init; }

    public string? Name { get; init; }

    /// <summary>Complete: scheme, host and port.</summary>
    public string? Address { get; init; }

    public string? UserName { get; init; }

    public string? Password { get; init; }

    public string? TimeZone { get; init; }

    public string? Country { get; init; }

    public IReadOnlyList<string>? Pins { get; init; }

    public bool? PlainHttp { get; init; }

    public IReadOnlyList<string>? SourceAddresses { get; init; }

    public string? ReportAddress { get; init; }

    /// <summary>What is sent to be saved.</summary>
    public SiteInput ToInput() => new()
    {
        Name = Name,
        Address = Address,
        UserName = UserName,
        Password = Password,
        TimeZone = TimeZone,
        Country = Country,
        CertificatePins = Pins,
        AllowPlainHttp = PlainHttp,
        SourceAddresses = SourceAddresses,
        ReportAddress = ReportAddress,
    };

    /// <summary>This draft with what it leaves open taken from the stored site; the password stays open.</summary>
    public SiteDraft Over(SiteResource stored)
    {
        var samePbx = Address is null || Address == stored.Address;
        return this with
        {
            Name = Name ?? stored.Name,
            Address = Address ?? stored.Address,
            UserName = UserName ?? stored.UserName,
            TimeZone = TimeZone ?? stored.TimeZone,
            Pins = Pins ?? (samePbx ? stored.CertificatePins ?? [] : []),
            PlainHttp = PlainHttp ?? stored.AllowPlainHttp,
        };
    }

    /// <summary>True when saving this over the stored site would send the PBX other credentials, or send them elsewhere.</summary>
    public bool NeedsLogin(SiteResource? stored) =>
        stored is null || Password is not null || (Address ?? stored.Address) != stored.Address || (UserName ?? stored.UserName) != stored.UserName;

    /// <inheritdoc />
    public override string ToString() => $"{Id}: {Address} as {UserName}";
}
