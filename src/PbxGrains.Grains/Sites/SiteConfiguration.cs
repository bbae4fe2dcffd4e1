using PbxGrains.Contracts;
using PbxGrains.Contracts.Sites;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Sites;

/// <summary>Why a directory row cannot be used.</summary>
/// <param name="Reason">The health it means.</param>
/// <param name="Message">One English sentence that says what to do.</param>
public sealed record SiteObstacle(SiteHealthReason Reason, string Message);

/// <summary>A directory row made ready for use.</summary>
public sealed record SiteConfiguration
{
    /// <summary>The site.</summary>
    public required SiteId Site { get; init; }

    /// <summary>Version of the row.</summary>
    public required long RowVersion { get; init; }

    /// <summary>Version of address and credentials.</summary>
    public required long CredentialsVersion { get; init; }

    /// <summary>How to reach the PBX; null when the row lacks something, see <see cref="Obstacle"/>.</summary>
    public required PbxConnection? Connection { get; init; }

    /// <summary>What keeps us from trying; null when nothing does.</summary>
    public SiteObstacle? Obstacle { get; init; }

    /// <summary>Periods.</summary>
    public required PollPeriods Periods { get; init; }

    /// <summary>True when an operator switched the site off.</summary>
    public required bool Suspended { get; init; }

    /// <summary>Why, in his words.</summary>
    public string? SuspendedReason { get; init; }

    /// <summary>Zone of the PBX's wall clock.</summary>
    public required TimeZoneInfo Zone { get; init; }

    /// <summary>ISO 3166 code of the site's country, for numbers in national notation; null when not configured.</summary>
    public string? Country { get; init; }

    /// <summary>Serial number of the site's PBX; null before the first contact.</summary>
    public string? SerialNumber { get; init; }

    /// <summary>True when another session must be opened to follow the change from <paramref name="before"/>.</summary>
    public bool NeedsNewSession(SiteConfiguration? before)
    {
        if (before is null || CredentialsVersion != before.CredentialsVersion || Connection is null || before.Connection is null)
        {
            return true;
        }

        var (now, then) = (Connection, before.Connection);
        return now.Address != then.Address
            || now.AllowPlainHttp != then.AllowPlainHttp
            || now.ConnectTimeout != then.ConnectTimeout
            || now.AnswerTimeout != then.AnswerTimeout
            || !now.CertificatePins.SequenceEqual(then.CertificatePins, StringComparer.Ordinal);
    }
}
