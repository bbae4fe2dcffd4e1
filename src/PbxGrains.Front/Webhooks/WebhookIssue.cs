using PbxGrains.Front.Sites;
using PbxGrains.Grains.Secrets;
using PbxGrains.Storage.Sites;
using PbxGrains.Storage.Webhooks;

namespace PbxGrains.Front.Webhooks;

/// <summary>Issues webhook secrets.</summary>
internal sealed class WebhookIssue(WebhookSecrets secrets, ISecretProtector protector, WebhookAddress address, TimeProvider time)
{
    /// <summary>Gives the site a new secret; older ones live on for the overlap.</summary>
    /// <returns>Where its PBX pushes to; null when the site was removed meanwhile.</returns>
    public async Task<WebhookResource?> IssueAsync(SiteRow site, TimeSpan overlap, CancellationToken ct)
    {
        var secret = WebhookSecret.New();
        try
        {
            await secrets.RotateAsync(site.SiteId, WebhookSecret.Digest(secret), protector.Protect(secret), time.GetUtcNow(), overlap, ct);
        }
        catch (KeyNotFoundException)
        {
            return null;
        }

        return new WebhookResource(address.Of(site, secret), secret);
    }
}
