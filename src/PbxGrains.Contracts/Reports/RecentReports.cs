using System.Collections.Immutable;

namespace PbxGrains.Contracts.Reports;

/// <summary>The last reports of a site, for people who look why something does not happen.</summary>
/// <param name="Since">
/// Since when the site's actor remembers (UTC): reports that came earlier are not among them, because it was started or
/// moved then.
/// </param>
/// <param name="Reports">The last ones, newest first.</param>
[GenerateSerializer, Immutable, Alias("pbx.RecentReports")]
public sealed record RecentReports([property: Id(0)] DateTimeOffset Since, [property: Id(1)] ImmutableArray<RecentReport> Reports);

/// <summary>A report that came not long ago.</summary>
/// <param name="ReceivedAt">When the front took it, UTC.</param>
/// <param name="SourceAddress">Address it came from; null when unknown.</param>
/// <param name="Kind">
/// What it is about, a stable word: <c>callRecord</c>, <c>callProgress</c>, <c>extensionStatus</c> and so on; <c>unknown</c>
/// for one this version does not know, <c>unreadable</c> for one that could not be read.
/// </param>
/// <param name="Receipt">What became of it.</param>
/// <param name="Body">The report as text, without PIN codes.</param>
/// <param name="Cut">True when only its beginning is shown.</param>
[GenerateSerializer, Immutable, Alias("pbx.RecentReport")]
public sealed record RecentReport(
    [property: Id(0)] DateTimeOffset ReceivedAt,
    [property: Id(1)] string? SourceAddress,
    [property: Id(2)] string Kind,
    [property: Id(3)] ReportReceipt Receipt,
    [property: Id(4)] string Body,
    [property: Id(5)] bool Cut);
