namespace PbxGrains.Cli.Api;

/// <summary>Credentials of sites, and the whole installation at one glance.</summary>
internal sealed partial class PbxApi
{
    /// <summary>Changes a site's credentials, once the PBX has accepted them.</summary>
    public Task<ApiAnswer<SiteCredentialsChanged>> ChangeCredentials(string siteId, SiteCredentialsInput credentials, CancellationToken ct) =>
        Send(
            HttpMethod.Put,
            Routes.Site(siteId) + "/credentials",
            Json(credentials, ApiJson.Default.SiteCredentialsInput),
            ApiJson.Default.SiteCredentialsChanged,
            ct);

    /// <summary>The whole installation at one glance.</summary>
    public Task<ApiAnswer<StatusResource>> FindStatus(CancellationToken ct) =>
        Send(HttpMethod.Get, "api/pbx/status", null, ApiJson.Default.StatusResource, ct);
}
