namespace PbxGrains.Front.Recordings;

/// <summary>How many days things are kept; null on a site = as for all sites.</summary>
/// <param name="RecordDays">Call records.</param>
/// <param name="RawDays">The PBX's own words for them.</param>
/// <param name="AnonymiseAfterDays">Their numbers; null for all sites = as long as the record.</param>
/// <param name="RecordingDays">The audio of recordings.</param>
internal sealed record RetentionDays(int? RecordDays, int? RawDays, int? AnonymiseAfterDays, int? RecordingDays);

/// <summary>What a site says itself, and what holds for it.</summary>
/// <param name="RecordDays">Call records.</param>
/// <param name="RawDays">The PBX's own words for them.</param>
/// <param name="AnonymiseAfterDays">Their numbers.</param>
/// <param name="RecordingDays">The audio of recordings.</param>
/// <param name="Effective">What holds for the site, its own word or that for all sites.</param>
internal sealed record SiteRetention(int? RecordDays, int? RawDays, int? AnonymiseAfterDays, int? RecordingDays, RetentionDays Effective);
