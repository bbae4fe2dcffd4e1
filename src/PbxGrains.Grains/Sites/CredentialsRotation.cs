using PbxGrains.Contracts;
using PbxGrains.Contracts.Sites;

namespace PbxGrains.Grains.Sites;

/// <summary>
/// Replaces a site's credentials in two phases: the new ones are proven by one login, then they take the place of the old
/// ones. The running session serves until it is replaced, and nobody logs in with the old ones meanwhile.
/// </summary>
public sealed class CredentialsRotation(SiteId site, SiteConfigurations configurations, SiteProbe probe, SiteSession session)
{
    /// <summary>Tries and, when they are right, stores them.</summary>
    /// <param name="credentials">The new ones.</param>
    /// <param name="settings">Time limits of the proof.</param>
    /// <param name="follow">Reads the row anew and opens a session with it.</param>
    /// <param name="ct">Ends with the actor only: what was proven is stored, whoever still waits.</param>
    public Task<CredentialsChange> RunAsync(SiteCredentials credentials, SiteSettings settings, Func<Task> follow, CancellationToken ct) =>
        session.WithoutLoginsAsync(() => ProveAndStoreAsync(credentials, settings, follow, ct), ct);

    private async Task<CredentialsChange> ProveAndStoreAsync(SiteCredentials credentials, SiteSettings settings, Func<Task> follow, CancellationToken ct)
    {
        if (await configurations.FindRowAsync(site, ct) is not { } row)
        {
            return new CredentialsChange(CredentialsOutcome.SiteUnknown);
        }

        var userName = credentials.UserName ?? row.UserName;
        var candidate = new SiteCandidate
        {
            Address = row.Address,
            UserName = userName,
            PasswordMd5 = credentials.PasswordMd5,
            CertificatePins = row.CertificatePins,
            AllowPlainHttp = row.AllowPlainHttp,
        };
        var proof = await probe.RunAsync(candidate, settings, ct);
        if (proof.Reached < SiteProbeStep.Device)
        {
            return new CredentialsChange(CredentialsOutcome.NotProven, proof);
        }

        if (!await configurations.SaveCredentialsAsync(row, userName, credentials.PasswordMd5, ct))
        {
            return new CredentialsChange(CredentialsOutcome.ChangedMeanwhile, proof);
        }

        await follow();
        return new CredentialsChange(CredentialsOutcome.Changed, proof);
    }
}
