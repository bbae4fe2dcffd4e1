using System.Globalization;
using System.Text.Json;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Contracts.Sites;

namespace PbxGrains.Front.Sites;

/// <summary>How a site does. Instants are UTC; null means never.</summary>
public sealed record SiteStatusResource
{
    /// <summary>How it does.</summary>
    public required SiteHealth Health { get; init; }

    /// <summary>Why, as a stable value.</summary>
    public required SiteHealthReason Reason { get; init; }

    /// <summary>Why, as an English sentence.</summary>
    public required string Message { get; init; }

    /// <summary>Particulars of the reason in English, as they stand in the sentence; null when there are none.</summary>
    public required string? Detail { get; init; }

    /// <summary>Since when it has this health.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When a poll round last succeeded.</summary>
    public required DateTimeOffset? LastPollAt { get; init; }

    /// <summary>How long that round took, milliseconds.</summary>
    public required double? LastPollMilliseconds { get; init; }

    /// <summary>When the next round is due.</summary>
    public required DateTimeOffset? NextPollAt { get; init; }

    /// <summary>Successful rounds since its actor began.</summary>
    public required long PollRounds { get; init; }

    /// <summary>When a report last arrived.</summary>
    public required DateTimeOffset? LastReportAt { get; init; }

    /// <summary>Whether pushes can be relied on.</summary>
    public required PushState Push { get; init; }

    /// <summary>Number of extensions by status, stale ones as unknown.</summary>
    public required IReadOnlyDictionary<string, int> Extensions { get; init; }

    /// <summary>Calls running now.</summary>
    public required int RunningCalls { get; init; }

    /// <summary>What an administrator should look at.</summary>
    public required IReadOnlyList<SiteWarning> Warnings { get; init; }

    /// <summary>Logins refused in a row; at two nobody tries again.</summary>
    public required int LoginFailures { get; init; }

    /// <summary>The silo that hosts its actor.</summary>
    public required string? Silo { get; init; }

    /// <summary>A status as its actor told it.</summary>
    public static SiteStatusResource Of(SiteStatus status) => new()
    {
        Health = status.Health,
        Reason = status.Reason,
        Message = SiteHealthTexts.Sentence(status.Reason, status.Detail, CultureInfo.InvariantCulture),
        Detail = status.Detail,
        Since = status.Since,
        LastPollAt = status.LastPollAt,
        LastPollMilliseconds = status.LastPollMilliseconds,
        NextPollAt = status.NextPollAt,
        PollRounds = status.PollRounds,
        LastReportAt = status.LastReportAt,
        Push = status.Push,
        Extensions = Enum.GetValues<ExtensionStatus>().ToDictionary(NameOf, s => status.Extensions.GetValueOrDefault(s), StringComparer.Ordinal),
        RunningCalls = status.RunningCalls,
        Warnings = status.Warnings,
        LoginFailures = status.LoginFailures,
        Silo = status.Silo,
    };

    private static string NameOf(ExtensionStatus status) => JsonNamingPolicy.CamelCase.ConvertName(status.ToString());
}
