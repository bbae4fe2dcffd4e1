using PbxGrains.Contracts;
using PbxGrains.Storage.Sites;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Front.Sites;

/// <summary>A site as it would be saved, or why it cannot be.</summary>
internal static class SiteDraft
{
    /// <summary>Merges what was sent into what is stored.</summary>
    /// <param name="id">The site.</param>
    /// <param name="input">What was sent.</param>
    /// <param name="stored">What is stored; null on creation.</param>
    /// <param name="protect">Encrypts a password for storage.</param>
    /// <param name="errors">Takes what is wrong; the row must not be saved when there is anything.</param>
    public static SiteRow Read(SiteId id, SiteInput input, SiteRow? stored, Func<string, byte[]> protect, FieldErrors errors)
    {
        var allowPlainHttp = input.AllowPlainHttp ?? stored?.AllowPlainHttp ?? false;
        var suspended = input.Suspended ?? stored?.Suspended ?? false;
        return new SiteRow
        {
            SiteId = id.Value,
            Name = SiteFields.Text("name", input.Name ?? stored?.Name, "the site's name", errors),
            Address = SiteFields.Address(input.Address ?? stored?.Address, allowPlainHttp, errors),
            UserName = SiteFields.Text("userName", input.UserName ?? stored?.UserName, "the API user of the PBX", errors),
            PasswordCipher = Password(input.Password, stored?.PasswordCipher, protect, errors),
            TimeZone = SiteFields.TimeZone(input.TimeZone ?? stored?.TimeZone, errors),
            Country = SiteFields.Country(input.Country ?? stored?.Country, errors),
            CertificatePins = SiteFields.Pins(input.CertificatePins ?? stored?.CertificatePins ?? [], errors),
            AllowPlainHttp = allowPlainHttp,
            SourceAddresses = SiteFields.Sources(input.SourceAddresses ?? stored?.SourceAddresses ?? [], errors),
            ReportAddress = SiteFields.ReportAddress(input.ReportAddress ?? stored?.ReportAddress, errors),
            Suspended = suspended,
            SuspendedReason = suspended ? stored?.SuspendedReason : null,
            Polling = input.Polling is { } polling ? SiteCadences.Read(polling, errors) : stored?.Polling ?? new SitePolling(),
        };
    }

    private static byte[] Password(string? password, byte[]? stored, Func<string, byte[]> protect, FieldErrors errors)
    {
        if (!string.IsNullOrEmpty(password))
        {
            return protect(PbxPassword.FromPlainText(password).Reveal());
        }

        if (stored is null)
        {
            errors.Add("password", "Give the API password of the PBX.");
        }

        return stored ?? [];
    }
}
