namespace PbxGrains.Contracts.Sites;

/// <summary>Credentials that shall take the place of a site's stored ones.</summary>
[GenerateSerializer, Immutable, Alias("pbx.SiteCredentials")]
public sealed record SiteCredentials
{
    /// <summary>API user of the PBX; null for the stored one.</summary>
    [Id(0)] public string? UserName { get; init; }

    /// <summary>Lower-case hexadecimal MD5 of the API password: what the PBX wants to see. As secret as the password.</summary>
    [Id(1)] public required string PasswordMd5 { get; init; }

    /// <inheritdoc />
    public override string ToString() => $"as {UserName ?? "(stored user)"}";
}

/// <summary>What became of a wish to change credentials.</summary>
[GenerateSerializer, Alias("pbx.CredentialsOutcome")]
public enum CredentialsOutcome
{
    /// <summary>The PBX accepted the new ones, they are stored, and the session goes over to them.</summary>
    Changed = 0,

    /// <summary>The new ones were not proven, see the proof; the stored ones stay.</summary>
    NotProven = 1,

    /// <summary>The site's address or credentials were changed by somebody else meanwhile, so the proof is worth nothing; that change stays.</summary>
    ChangedMeanwhile = 2,

    /// <summary>The site is not registered.</summary>
    SiteUnknown = 3,
}

/// <summary>The answer to a wish to change credentials.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Proof">How far the one login came that tried them; null when none was tried.</param>
[GenerateSerializer, Immutable, Alias("pbx.CredentialsChange")]
public sealed record CredentialsChange([property: Id(0)] CredentialsOutcome Outcome, [property: Id(1)] SiteProbeResult? Proof = null);
