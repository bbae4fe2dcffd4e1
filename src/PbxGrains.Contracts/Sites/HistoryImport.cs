namespace PbxGrains.Contracts.Sites;

/// <summary>Why an import was not started.</summary>
[GenerateSerializer, Alias("pbx.HistoryImportRefusal")]
public enum HistoryImportRefusal
{
    /// <summary>No such site.</summary>
    SiteUnknown = 0,

    /// <summary>An operator switched the site off.</summary>
    SiteSuspended = 1,

    /// <summary>Another import of the site is not done yet.</summary>
    AlreadyRunning = 2,

    /// <summary>The first day has not come yet at the site.</summary>
    InTheFuture = 3,

    /// <summary>The first day is more than ten years ago.</summary>
    TooLongAgo = 4,

    /// <summary>The last day is before the first.</summary>
    EndsBeforeItBegins = 5,
}

/// <summary>What became of the wish to import.</summary>
/// <param name="ImportId">The import; the one that is running when the site has one already; else null.</param>
/// <param name="Refusal">Why not; null when it was started.</param>
[GenerateSerializer, Immutable, Alias("pbx.HistoryImportStart")]
public sealed record HistoryImportStart(Guid? ImportId, HistoryImportRefusal? Refusal);
