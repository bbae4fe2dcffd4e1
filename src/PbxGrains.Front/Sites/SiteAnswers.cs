using System.Text.Json.Serialization;

namespace PbxGrains.Front.Sites;

/// <summary>A saved site.</summary>
/// <param name="Site">The site.</param>
/// <param name="Webhook">On creation, what to paste into the PBX, shown this once; null on update.</param>
internal sealed record SiteSaved(SiteResource Site, WebhookResource? Webhook);

/// <summary>Where a PBX shall push to. Shown once.</summary>
/// <param name="Url">Address with the secret, to paste into the PBX.</param>
/// <param name="Secret">The secret alone.</param>
internal sealed record WebhookResource(string Url, string Secret)
{
    /// <inheritdoc />
    public override string ToString() => "(webhook)";
}

/// <summary>A new webhook secret. Shown once.</summary>
/// <param name="Url">Address with the secret, to paste into the PBX.</param>
/// <param name="Secret">The secret alone.</param>
/// <param name="PreviousValidUntil">Until when older secrets are accepted, UTC.</param>
internal sealed record WebhookRotated(string Url, string Secret, DateTimeOffset PreviousValidUntil)
{
    /// <inheritdoc />
    public override string ToString() => "(webhook)";
}

/// <summary>A wish to switch supervision off.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SuspendInput
{
    /// <summary>Why, for people; at most 200 characters.</summary>
    public string? Reason { get; init; }
}

/// <summary>A wish for a new webhook secret.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record WebhookSecretInput
{
    /// <summary>How long older secrets are still accepted, hours, 0 to 720; 24 by default.</summary>
    public double? OverlapHours { get; init; }
}

/// <summary>A report that could not be read.</summary>
/// <param name="Id">Its number.</param>
/// <param name="ReceivedAt">When it arrived, UTC.</param>
/// <param name="SourceAddress">Where it came from; null when unknown.</param>
/// <param name="Reason">Why it could not be read.</param>
/// <param name="BodyBase64">Its bytes, Base64.</param>
/// <param name="BodyText">Its bytes as UTF-8 text, damage replaced.</param>
internal sealed record UnreadableReportResource(long Id, DateTimeOffset ReceivedAt, string? SourceAddress, string Reason, string BodyBase64, string BodyText);
